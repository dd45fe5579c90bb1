"""Write `docs/api.md` from the docstrings of the public names: `python -m tools.api`."""

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from textwrap import wrap

import copydesk
from copydesk.api.calls import BATCH_TEXTS
from copydesk.api.component import NAME
from copydesk.api.finder import QuoteFinder

HEAD = """\
# Python API

Generated from the docstrings of `copydesk` by `make docs`; do not edit. Every example is run by
the tests.

```python
import copydesk

page = copydesk.clean(text)  # a page: headline, byline, body, removed, quotes, mentions
copydesk.quotes(text)  # its quotations: content, speaker, cue, source, confidence
df["quotes"] = df.text.map(copydesk.quotes)
copydesk.read("dump.warc.gz")  # the pages of a file, folder or archive, as a stream
copydesk.pipe(texts, workers=4)  # many pages, in order, quotations included
copydesk.connect("data")  # the published tables, in DuckDB
```

`import copydesk` loads nothing (a hundredth of a second); each name is imported when it is first
used. `copydesk.__version__` is the version. Offsets are code points, half-open:
`page.text[span.start : span.end]`.
"""
FUNCTIONS = ("clean", "quotes", "read", "pipe", "connect")
CLASSES = ("Page", "Quote", "Mention", "RemovedLine", "Rejected", "CopydeskError")
MAX_CHARS = 100
PAGE = re.compile(r"\bdocs/(\w+\.md)")
ROWS = re.compile(r"\b(Quote|Mention)Row\b")  # as modules of views call the row types
EXAMPLE = re.compile(r"^>>> ", re.MULTILINE)
DIRECTIVE = re.compile(r"\s*# doctest: .*$", re.MULTILINE)


def write_api() -> Iterator[str]:
    """Yield the lines of the page: functions first, then what they return."""
    yield from HEAD.splitlines()
    yield from ("", "## Functions")
    for name in FUNCTIONS:
        function = getattr(copydesk, name)
        yield from ("", f"### {name}", "", "```python", *_sign(name, function), "```", "")
        yield from _convert(function.__doc__)
    yield from ("", "## What they return and raise")
    for name in CLASSES:
        value = getattr(copydesk, name)
        yield from ("", f"### {name}", "")
        yield from _convert(value.__doc__)
        yield from _list_members(value)
    yield from ("", "## In spaCy", "", f"### {NAME}", "")
    yield from _convert(QuoteFinder.__doc__)


def _sign(name: str, function: object) -> Iterator[str]:
    """Yield how a function is called, as its source has it, on lines short enough to read."""
    tree = ast.parse(inspect.getsource(function)).body[0]  # type: ignore[arg-type] # a function
    if not isinstance(tree, ast.FunctionDef) or tree.returns is None:
        raise TypeError(name)
    given = ast.unparse(tree.args).replace("Source", "str | bytes | Path")
    given = given.replace("BATCH_TEXTS", str(BATCH_TEXTS))
    returned = ast.unparse(tree.returns)
    line = f"copydesk.{name}({given}) -> {returned}"
    if len(line) <= MAX_CHARS:
        yield line
        return
    yield f"copydesk.{name}("
    yield from (f"    {parameter}," for parameter in given.split(", "))
    yield f") -> {returned}"


def _list_members(value: type) -> Iterator[str]:
    """Yield a table of the attributes of a class, then its methods."""
    tree = ast.parse(inspect.getsource(value)).body[0]
    rows = list(_find_attributes(tree)) if isinstance(tree, ast.ClassDef) else []
    if rows:
        yield from ("", "| attribute | type | meaning |", "|---|---|---|")
        yield from (f"| `{name}` | `{kind}` | {meaning} |" for name, kind, meaning in rows)
    for name, member in vars(value).items():
        if inspect.isfunction(member) and not name.startswith("_"):
            yield ""
            yield from _wrap(f"`{value.__name__}.{name}()`: {_flatten(member.__doc__)}")


def _find_attributes(tree: ast.ClassDef) -> Iterator[tuple[str, str, str]]:
    """Yield name, type and meaning of the fields and properties, in the order of the source."""
    for node, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(after, ast.Expr):
            meaning = ast.literal_eval(after.value)
            yield ast.unparse(node.target), _type_of(node.annotation), _flatten(meaning)
        elif isinstance(node, ast.FunctionDef) and _is_property(node):
            yield node.name, _type_of(node.returns), _flatten(ast.get_docstring(node))


def _is_property(node: ast.FunctionDef) -> bool:
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    return not node.name.startswith("_") and any("property" in name for name in decorators)


def _type_of(annotation: ast.expr | None) -> str:
    written = "" if annotation is None else ast.unparse(annotation).strip("'")
    return ROWS.sub(r"rows.\1", written).replace("|", "\\|")


def _flatten(text: str | None) -> str:
    """Return a docstring on one line of a table."""
    return _link(" ".join((text or "").split()).replace("|", "\\|"))


def _link(text: str) -> str:
    """Return a text with links to the other pages of `docs/`."""
    return PAGE.sub(r"[\1](\1)", text)


def _wrap(text: str) -> list[str]:
    return wrap(_link(text), MAX_CHARS, break_long_words=False, break_on_hyphens=False)


def _convert(docstring: str | None) -> Iterator[str]:
    """Yield the lines of a docstring as Markdown, its examples as code."""
    for n, block in enumerate(inspect.cleandoc(docstring or "").split("\n\n")):
        if n:
            yield ""
        if EXAMPLE.match(block):
            yield from ("```python", *DIRECTIVE.sub("", block).splitlines(), "```")
        elif block.startswith("Raises:"):
            yield from _convert_raises(block)
        else:
            yield from _wrap(block)


def _convert_raises(block: str) -> Iterator[str]:
    """Yield the errors of a docstring as a list; each is one line of it."""
    lines = [line.strip() for line in block.removeprefix("Raises:").strip().splitlines()]
    yield from ("Raises:", "")
    for line in lines:
        name, _, meaning = line.partition(": ")
        yield f"- `{name}` {meaning}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in write_api())
