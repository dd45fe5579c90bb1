"""Parse copy with spaCy: once, in batches, with a sentence never crossing a paragraph."""

import re
import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import spacy
from spacy.language import Language as Pipeline
from spacy.tokens import Doc
from thinc.api import use_ops
from threadpoolctl import threadpool_limits

from copydesk.cleaning.copytext import Copy
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.models import verify_folder

# Characters without a space are tokenized together, in time that grows with their square.
LONG_RUN = re.compile(r"\S{500}")
MAX_CHARS = 200_000  # of copy parsed together; a longer page is cut between paragraphs


@cache
def load_pipeline(language: Language) -> Pipeline:
    """Return the pipeline of a language, loaded once per process."""
    # The package warns of its version when it is imported, so its folder is found without that.
    package = find_spec(language.parser_package)
    if package is None or package.origin is None:
        msg = f"the package {language.parser_package} is not installed"
        raise ModuleNotFoundError(msg)
    # numpy's OpenBLAS multiplies faster than the BLIS of spaCy, and the annotations are the same.
    with warnings.catch_warnings(), use_ops("numpy", use_blis=False):
        # The weights are those of 3.7.1, which read news better than 3.8.0 (docs/decisions.md).
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        folder = Path(package.origin).parent / language.parser_folder
        verify_folder(folder, package=language.parser_package, inside=language.parser_folder)
        return spacy.load(folder, exclude=["senter"])


def parse_copies(copies: Sequence[Copy], *, language: Language = ENGLISH) -> Iterator[Doc]:
    """Yield the parsed text of each copy, in order; offsets are those of the copy's text."""
    nlp = load_pipeline(language)
    parts = [list(cut_copy(copy)) for copy in copies]
    docs = (_make_doc(nlp, part) for mine in parts for part in mine)
    # One core: articles are spread over processes, and threads cost more here than they save.
    with threadpool_limits(1, user_api="blas"):
        parsed = iter(list(nlp.pipe(docs, batch_size=sum(map(len, parts)) or 1)))
    for mine in parts:
        found = [next(parsed) for _ in mine]
        yield found[0] if len(found) == 1 else Doc.from_docs(found, ensure_whitespace=False)


class Part(NamedTuple):
    """A stretch of a copy that is parsed at once, and where paragraphs begin in it."""

    text: str
    starts: frozenset[int]


def cut_copy(copy: Copy) -> Iterator[Part]:
    """Yield a copy in parts that the parser can hold, cut between paragraphs where possible."""
    starts = [
        piece.start
        for piece in copy.pieces
        if copy.text[: piece.start].rstrip(" ").endswith("\n") or piece.start == 0
    ]
    at = 0
    while at < len(copy.text) or at == 0:
        end = len(copy.text)
        if end - at > MAX_CHARS:
            between = [start for start in starts if at < start <= at + MAX_CHARS]
            end = between[-1] if between else at + MAX_CHARS
        yield Part(copy.text[at:end], frozenset(s - at for s in starts if at <= s < end))
        if end == at:
            return
        at = end


def _make_doc(nlp: Pipeline, part: Part) -> Doc:
    """Return the tokens of a part, with a sentence starting at each paragraph."""
    cuts = [0, *(run.end() for run in LONG_RUN.finditer(part.text)), len(part.text)]
    docs = [nlp.make_doc(part.text[start:end]) for start, end in pairwise(cuts)]
    doc = docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=False)
    for token in doc:
        if token.idx in part.starts:
            token.is_sent_start = True
    return doc
