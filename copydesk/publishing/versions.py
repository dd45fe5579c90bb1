"""Say what each table is made with: the number of its code, and a hash of the files it reads.

Nobody lists the files. The imports show them: from the module that makes a table, every function
and class is followed that the code can reach, and each place that names a file of the library
counts. Only the source is read, so nothing heavy is imported. A test runs what makes the tables and
compares the files that were opened.
"""

import ast
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from copydesk.corrections.folder import DecisionFiles, hash_corrections
from copydesk.lexicons.language import LANGUAGES, Language
from copydesk.publishing.remembered import Remembered
from copydesk.quotations.methods import QuoteMethod
from copydesk.rows import content_id
from copydesk.system.decisions import hash_file
from copydesk.tables import (
    BUNDLE_TABLES,
    MENTIONS,
    PUBLISHED_TABLES,
    QUOTES,
    WIKIDATA_IDS,
    Table,
)

CATALOGUE = "catalogue"
CATALOGUE_MODULE = "copydesk.publishing.catalogue"
CATALOGUE_REVISION = 7  # raised with every change of the code that changes what its tables hold
EXTRACTED = (MENTIONS, QUOTES)  # the tables that depend on the method of finding quotations
PACKAGE = Path(__file__).parent.parent  # the folder of the library
NOT_DATA = frozenset({".py", ".pyc", ".md", ".typed"})
LEXICON_READER = "read_lexicon"
LANGUAGE_FIELDS = frozenset(field.name for field in fields(Language))
HASH_CHARS = 8


@dataclass(frozen=True)
class Sources:
    """The source and the data files of the library, in its folder."""

    folder: Path = PACKAGE

    def files_of(self, module: str) -> frozenset[str]:
        """Return the data files that the code of a module can read, relative to the folder."""
        if module not in self._known.found:
            self._known.add(module, frozenset(self._follow(module)))
        return self._known.found[module]

    def _follow(self, module: str) -> Iterator[str]:
        """Yield the data files that the symbols of a module name, and those that they refer to."""
        seen: set[tuple[str, str]] = set()
        waiting = [(module, name) for name in self._module(module)]
        while waiting:
            symbol = waiting.pop()
            if symbol not in seen and symbol[1] != LEXICON_READER:
                seen.add(symbol)
                for statement in self._module(symbol[0]).get(symbol[1], ()):
                    waiting += ((symbol[0], name) for name in statement.names)
                    waiting += self._imported(statement)
                    for place, name in statement.data:
                        package = self._text_of(symbol[0], place)
                        if package.startswith("copydesk."):
                            yield from self._list_files(package, name)

    def _text_of(self, module: str, place: str) -> str:
        """Return a text, or that of the constant with this name in a module."""
        for statement in self._module(module).get(place, ()):
            if statement.text is not None:
                return statement.text
            for origin, name in statement.imports:
                return self._text_of(origin, name)
        return place

    def hash_files(self, names: frozenset[str]) -> str:
        """Return a short hash of data files and their names."""
        whole = hashlib.sha256()
        for name in sorted(names):
            whole.update(f"{name}\n".encode())
            whole.update(hashlib.sha256((self.folder / name).read_bytes()).digest())
        return whole.hexdigest()[:HASH_CHARS]

    @cached_property
    def _known(self) -> Remembered:
        return Remembered(self.folder)

    @cached_property
    def _modules(self) -> "dict[str, _Symbols]":
        return {}

    def _module(self, name: str) -> "_Symbols":
        if name not in self._modules:
            self._modules[name] = _read_module(self._path_of(name))
        return self._modules[name]

    def _path_of(self, module: str) -> Path | None:
        """Return the file of a module of the library, or None for modules of others."""
        root, *parts = module.split(".")
        place = self.folder.joinpath(*parts)
        if root != "copydesk":
            return None
        return next(filter(Path.is_file, (place.with_suffix(".py"), place / "__init__.py")), None)

    def _imported(self, statement: "_Statement") -> Iterator[tuple[str, str]]:
        """Yield the symbols, each with its module, that a statement imports."""
        for module, name in statement.imports:
            inner = f"{module}.{name}"
            if self._path_of(inner) is None:
                yield module, name
            else:  # a whole module
                yield from ((inner, symbol) for symbol in self._module(inner))

    def _list_files(self, package: str, stated: str | None) -> Iterator[str]:
        """Yield one data file of a package, or all where the code does not say which."""
        folder = self.folder.joinpath(*package.split(".")[1:])
        for path in sorted(folder.glob("*")):
            is_named = stated is None or stated in {path.name, path.stem}
            if path.is_file() and path.suffix not in NOT_DATA and is_named:
                yield path.relative_to(self.folder).as_posix()


class _Statement(NamedTuple):
    """What a statement at the top of a module defines, refers to, imports, and reads.

    `data` has the packages whose files it reads, each as it is written there or as the name of a
    constant, and the name of the file where it is stated; `text` is the constant that it defines.
    """

    defines: tuple[str, ...]
    names: frozenset[str]
    imports: tuple[tuple[str, str], ...]
    data: tuple[tuple[str, str | None], ...]
    text: str | None = None


_Symbols = Mapping[str, Sequence[_Statement]]


def _read_module(path: Path | None) -> _Symbols:
    """Return the statements of a module by the names that they define."""
    symbols: dict[str, list[_Statement]] = defaultdict(list)
    tree = ast.parse(path.read_bytes()) if path is not None else ast.Module([], [])
    for node in tree.body:
        statement = _read_statement(node)
        for i, name in enumerate(statement.defines):
            imports = statement.imports[i : i + 1]
            symbols[name].append(statement._replace(imports=imports))
    return symbols


def _read_statement(node: ast.stmt) -> _Statement:
    if isinstance(node, ast.ImportFrom):
        defines = tuple(alias.asname or alias.name for alias in node.names)
        imports = tuple((str(node.module), alias.name) for alias in node.names)
        return _Statement(defines, frozenset(), imports, ())
    inside = list(ast.walk(node))
    names = [each for each in inside if isinstance(each, ast.Name)]
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        defines = (node.name,)
    else:  # a statement that defines nothing has the empty name
        defines = tuple(each.id for each in names if isinstance(each.ctx, ast.Store)) or ("",)
    calls = {id(each): each for each in inside if isinstance(each, ast.Call) and each.args}
    files = {key: call.args[1] if len(call.args) > 1 else None for key, call in calls.items()}
    files |= {  # files("copydesk.lexicons") / "fields.toml"
        id(each.left): each.right
        for each in inside
        if isinstance(each, ast.BinOp) and isinstance(each.op, ast.Div) and id(each.left) in calls
    }
    data = (
        (package, str(file.value) if isinstance(file, ast.Constant) else None)
        for key, file in files.items()
        for package in _packages_in(calls[key])
    )
    value = node.value if isinstance(node, ast.Assign) else None
    text = value.value if isinstance(value, ast.Constant) else None
    return _Statement(
        defines,
        frozenset(each.id for each in names),
        (),
        tuple(data),
        text if isinstance(text, str) else None,
    )


def _packages_in(call: ast.Call) -> Iterator[str]:
    """Yield the packages whose files a call may ask for, or the names of constants.

    The package is a text, `files("copydesk.lexicons")`, a constant, `load_sql(QUERIES, "names")`,
    or a part of a language, `files(language.tagger)`. `read_lexicon(language, "cues")` asks for the
    lists of the language.
    """
    first = call.args[0]
    if isinstance(call.func, ast.Name) and call.func.id == LEXICON_READER:
        yield from (language.lexicons for language in LANGUAGES)
    elif isinstance(first, ast.Attribute) and first.attr in LANGUAGE_FIELDS:
        yield from (str(getattr(language, first.attr)) for language in LANGUAGES)
    elif isinstance(first, ast.Constant) and str(first.value).startswith("copydesk."):
        yield str(first.value)
    elif isinstance(first, ast.Name):
        yield first.id


LIBRARY = Sources()


def table_files(
    table: Table[Any], *, method: QuoteMethod | None = None, sources: Sources = LIBRARY
) -> frozenset[str]:
    """Return the data files that a table is made with.

    With `method`, those of the method of finding quotations are among them.
    """
    found = sources.files_of(table.made_by)
    if method is not None and table in EXTRACTED:
        found |= sources.files_of(method.path.partition(":")[0])
    return found


def table_version(
    table: Table[Any], *, method: QuoteMethod | None = None, sources: Sources = LIBRARY
) -> str:
    """Return the version of a table: the number of its code, and a hash of its files if any."""
    names = table_files(table, method=method, sources=sources)
    version = f"{table.revision}-{sources.hash_files(names)}" if names else str(table.revision)
    return f"{version}-{method}" if method is not None and table in EXTRACTED else version


def catalogue_version() -> str:
    """Return the version of the catalogue: the number of its code, and a hash of its views."""
    return f"{CATALOGUE_REVISION}-{LIBRARY.hash_files(LIBRARY.files_of(CATALOGUE_MODULE))}"


@cache
def bundle_versions(method: QuoteMethod) -> Mapping[str, str]:
    """Return the versions of the tables of a bundle, whose quotations `method` finds.

    Where one changes, its table and those after it are made again.
    """
    return {table.name: table_version(table, method=method) for table in BUNDLE_TABLES}


def corpus_versions(decisions: DecisionFiles) -> dict[str, str]:
    """Return the versions of all tables and of the decisions that people have made.

    They are those of every method: what was found by another one has other files in the lake.
    """
    return {**_all_versions(), "overrides": _hash_decisions(decisions)}


def published_versions(decisions: DecisionFiles, *, id_list: Path | None) -> dict[str, str]:
    """Return what a catalogue is made with: those versions, and that of the list of ids, if any.

    Where only the list differs, no table over all bundles is made again.
    """
    versions = corpus_versions(decisions)
    if id_list is not None and id_list.exists():
        versions[WIKIDATA_IDS.name] = f"{table_version(WIKIDATA_IDS)}-{hash_file(id_list)}"
    return versions


def _hash_decisions(decisions: DecisionFiles) -> str:
    """Return a hash of what people have decided: of each file that there is."""
    of_outlets = decisions.outlet_overrides
    hashed = hash_file(decisions.overrides)
    hashed = f"{hashed}-{hash_file(of_outlets)}" if of_outlets.exists() else hashed
    corrections = hash_corrections(decisions.corrections)
    return hashed if corrections is None else f"{hashed}-{corrections}"


@cache
def _all_versions() -> Mapping[str, str]:
    versions = {table.name: table_version(table) for table in PUBLISHED_TABLES}
    return {**versions, CATALOGUE: catalogue_version()}


def hash_corpus_code(decisions: DecisionFiles) -> str:
    """Return what the corpus tables of one run have in common: the code and the decisions."""
    versions = corpus_versions(decisions)
    return content_id(*(f"{name}={version}" for name, version in sorted(versions.items())))
