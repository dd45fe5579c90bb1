"""Find retired words in pages and code: `python -m tools.english [PATH …]`.

`docs/glossary.md` lists the retired words. Each has a pattern here that lets proper English pass:
a sign of fatigue, a blank line, two people who can be told apart. Inline code, code blocks and
quoted phrases are examples, not prose, and are not searched.
"""

import ast
import io
import re
import sys
import tokenize
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CODE_FOLDERS = ("copydesk", "assets", "pipelines", "benchmarks", "tools", "tests")
MESSAGE_FOLDERS = ("copydesk/commands/", "pipelines/")
"""Here every string with a space is taken for a message to a person."""

DETERMINER = r"(?:an?|the|one|no|each|every|any|other|their|its|which|of|by|\d[\d,]*)"
PATTERNS = {
    "sign": rf"\b(?:{DETERMINER}|first|invisible|last|lone|next|single|typographic|zero-width)"
    r" signs?\b"
    r"(?! (?:of|that|language|up|off|in|on)\b)"
    r"|(?<!\bcurrency )(?<!\bdollar )(?<!\bminus )(?<!\bpercent )(?<!\bplus )\bsigns\b"
    r"(?! (?:of|that|up|off|in|it|on|an?|the|his|her|their|its)\b)",
    "half a sign": r"\bhal(?:f a|ves of) signs?\b",
    "blank": r"\bblanks\b"
    rf"|\b(?:{DETERMINER}|two|with|without|between) blank\b"
    r"(?! (?:and|cells?|characters?|file|lines?|ones?|pages?|rows?|segments?|space|strings?)\b)",
    "behind": r"(?<!\bleft )(?<!\bfall )(?<!\bfalls )(?<!\blag )\bbehind\b"
    r"(?! (?:bars|schedule|the scenes|time)\b)",
    "tell": r"\b(?:tells?|told)\b(?! (?:[\w`,·]+ ){0,6}?(?:apart|from)\b)",
    "bearer": r"\bbearers?\b",
    "bears nothing": r"\bbears? nothing\b",
    "anew": r"\banew\b",
    "stand in": r"\bst(?:ands?|ood|anding) (?:in(?! for\b)|on|at|inside|between|alone|there|here"
    r"|before|above|below|under|beside|among|twice|once|around|next|after|already|elsewhere)\b",
    "sex": r"\bsex(?:es)?\b",
    "bar": r"(?<!\bbehind )"
    r"\b(?:the|an?|one|no|this|that|which|their|its|of|own|\w+[’']s) bars?\b"
    r"(?! (?:chart|code|on a terminal)\b)",
    "the way of the data": r"\bthe way of (?:the|its) ",
    "go on": r"\b(?:goes?|went|going) on\b(?! (?:air|holiday|leave|record|sale|strike)\b)",
    "mend": r"\bmend(?:s|ed|ing)?\b",
    "is none": r"(?<!\bthere )\b(?:are|is|was|were) none\b(?! of\b)",
    "wait for nobody": r"\bwaits? for nobody\b",
}
"""A pattern for each retired word."""

NAME_PATTERNS = {
    "sign": r"(?<!\bcurrency )\bsigns?\b",
    "blank": r"\bblanks\b",
    "bar": r"(?<!\bprogress )\bbars?\b",
}
"""Patterns for identifiers, which have no articles before their nouns."""

FENCED = re.compile(r"^\s*```.*?^\s*```", re.MULTILINE | re.DOTALL)
INDENTED = re.compile(r"(?<=\n\n)(?: {4}.*\n+)+")
EXAMPLE = re.compile(r"``.+?``|`[^`]+`|“[^”]*”|\"[^\"]*\"|(?<=\]\()[^)]*")
RETIRED_TABLE = re.compile(r"^## Retired words\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
PARTS_OF_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
HELD = "·"


class Offence(NamedTuple):
    """A retired word, and where it is."""

    path: str
    line: int
    word: str

    def __str__(self) -> str:
        """Return the offence as compilers print theirs."""
        return f"{self.path}:{self.line}: {self.word}"


class Found(NamedTuple):
    """A retired word, and its line."""

    line: int
    word: str


def read_retired_words() -> list[str]:
    """Return the first column of the glossary's table of retired words."""
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    table = RETIRED_TABLE.search(glossary)
    rows = re.findall(r"^\| ([^|]+?) \|", table[0] if table else "", re.MULTILINE)
    return rows[1:]


def find_words(text: str) -> list[str]:
    """Return the retired words in a sentence or two of prose, in the order of `PATTERNS`."""
    return [found.word for found in _find(text.split("\n"), first_line=1)]


def list_files() -> list[str]:
    """Return the files to search, relative to the project: pages first, then code."""
    pages = [
        *ROOT.glob("*.md"),
        *(path for folder in ("docs", "copydesk", "data/inbox") for path in _in(folder, "*.md")),
    ]
    code = [path for folder in CODE_FOLDERS for path in _in(folder, "*.py")]
    sql = _in("copydesk", "*.sql")
    return [str(p.relative_to(ROOT)) for files in (pages, code, sql) for p in sorted(files)]


def find_offences(path: str) -> list[Offence]:
    """Return the retired words in one file of the project, in the order of its lines."""
    text = (ROOT / path).read_text("utf-8")
    kind = Path(path).suffix
    if kind == ".md":
        found = _search_page(text)
    elif kind == ".sql":
        found = _search_comments(_sql_comments(text))
    else:
        found = search_code(text, path)
    return sorted({Offence(path, line, word) for line, word in found})


def _in(folder: str, pattern: str) -> list[Path]:
    return list((ROOT / folder).rglob(pattern))


def _find(lines: Sequence[str], *, first_line: int) -> Iterator[Found]:
    """Yield the retired words in lines of prose, also where a phrase runs over two of them."""
    stripped = [line.strip() for line in lines]
    starts = list(accumulate((len(line) + 1 for line in stripped), initial=0))[:-1]
    prose = EXAMPLE.sub(lambda match: HELD * len(match[0]), " ".join(stripped))
    for word, pattern in PATTERNS.items():
        for match in re.finditer(pattern, prose, re.IGNORECASE):
            yield Found(first_line + bisect_right(starts, match.start()) - 1, word)


def _search_page(text: str) -> Iterator[Found]:
    for pattern in (FENCED, INDENTED, RETIRED_TABLE):
        text = pattern.sub(lambda match: re.sub(r"[^\n]", "", match[0]), text)
    number = 1
    for paragraph in re.split(r"(\n\n+)", text):
        yield from _find(paragraph.split("\n"), first_line=number)
        number += paragraph.count("\n")


def search_code(text: str, path: str) -> Iterator[Found]:
    """Yield the retired words in a module: in names, docstrings, comments and messages."""
    yield from _search_comments(_python_comments(text))
    is_test = path.startswith("tests/")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr):
            yield from _search_string(node.value)
        for line, name in _names(node):
            yield from (Found(line, word) for word in _find_in_name(name))
        if not is_test:
            for string in _messages(node, every=path.startswith(MESSAGE_FOLDERS)):
                yield from _search_string(string)
    yield from (Found(1, word) for word in _find_in_name(Path(path).stem))


def _search_comments(comments: Sequence[tuple[int, str]]) -> Iterator[Found]:
    """Search comments, given with their lines; those on consecutive lines are read as one."""
    blocks = groupby(enumerate(comments), key=lambda numbered: numbered[1][0] - numbered[0])
    for _, block in blocks:
        lines = [comment for _, comment in block]
        yield from _find([text for _, text in lines], first_line=lines[0][0])


def _python_comments(text: str) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [(t.start[0], t.string.lstrip("# ")) for t in tokens if t.type == tokenize.COMMENT]


def _sql_comments(text: str) -> list[tuple[int, str]]:
    lines = enumerate(text.splitlines(), 1)
    return [(number, line.split("--", 1)[1]) for number, line in lines if "--" in line]


def _search_string(node: ast.expr) -> Iterator[Found]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from _find(node.value.split("\n"), first_line=node.lineno)


def _messages(node: ast.AST, *, every: bool) -> Iterator[ast.expr]:
    """Yield the strings in `node` that people read: errors, help, meanings of columns."""
    if every and isinstance(node, ast.Constant) and " " in str(node.value):
        yield node
    elif isinstance(node, ast.Raise) and node.exc is not None:
        yield from _strings(node.exc)
    elif isinstance(node, ast.Assign):
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        if names & {"msg", "message"}:
            yield from _strings(node.value)
    elif isinstance(node, ast.keyword) and node.arg in {"help", "description", "metavar"}:
        yield from _strings(node.value)
    elif isinstance(node, ast.Subscript) and getattr(node.value, "id", "") == "Annotated":
        yield from _strings(node.slice)


def _strings(node: ast.AST) -> Iterator[ast.expr]:
    yield from (part for part in ast.walk(node) if isinstance(part, ast.Constant))


def _names(node: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the names that `node` introduces, with their lines."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.lineno, node.name
    elif isinstance(node, ast.arg):
        yield node.lineno, node.arg
    elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Store):
        yield node.lineno, node.id if isinstance(node, ast.Name) else node.attr


def _find_in_name(name: str) -> set[str]:
    phrase = " ".join(part.lower() for part in PARTS_OF_NAME.findall(name))
    words = set(find_words(phrase))
    if name != "_sign":  # a verb: the catalogue is signed with what it was built from
        words.update(w for w, pattern in NAME_PATTERNS.items() if re.search(pattern, phrase))
    return words


def main() -> None:
    """Print the offences below the paths on the command line, or in all files, and count them."""
    wanted = tuple(sys.argv[1:])
    offences = [
        offence
        for path in list_files()
        if not wanted or path.startswith(wanted)
        for offence in find_offences(path)
    ]
    counts = Counter("/".join(o.path.split("/")[:-1][:2]) or o.path for o in offences)
    sys.stdout.writelines(f"{offence}\n" for offence in offences)
    sys.stdout.writelines(f"{n:6} {folder}\n" for folder, n in sorted(counts.items()))


if __name__ == "__main__":
    main()
