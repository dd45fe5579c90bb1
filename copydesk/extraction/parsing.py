"""Parse copy with spaCy: once, in batches, with a sentence never crossing a paragraph."""

import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
import spacy
from spacy.attrs import IDX
from spacy.language import Language as Pipeline
from spacy.pipeline import EntityRecognizer, Pipe, Tok2Vec
from spacy.tokens import Doc, Token
from thinc.api import use_ops
from threadpoolctl import threadpool_limits

from copydesk.cleaning.copytext import Copy
from copydesk.extraction.embedding import embed_texts
from copydesk.extraction.recogniser import mark_entities
from copydesk.extraction.word_forms import read_word_forms
from copydesk.lexicons.language import ENGLISH, Language
from copydesk.lexicons.models import verify_folder
from copydesk.text.spans import char_before

# Characters without a space are tokenized together, in time that grows with their square.
LONG_RUN = re.compile(r"\S{500}")
MAX_CHARS = 200_000  # of copy tokenized together; a longer one is cut between paragraphs
# The parser takes 19 kB of memory a token while it works: 16 articles of the usual length have
# 15,000 tokens, and one of more is cut between paragraphs.
MAX_TOKENS = 16_000
MAX_BATCH_TOKENS = 24_000
# What is read of a sentence may take time that grows with its square, so it has an end where none
# is found: no sentence of the gold has 210 tokens, no paragraph 500.
MAX_UNSTOPPED_TOKENS = 500  # without a full stop
LONG_PARAGRAPH_TOKENS = 1_000  # from here on, every full stop before a capital ends a sentence
MAX_SENTENCE_TOKENS = 2_000
STOPS = frozenset(".?!")

Annotator = Callable[[Sequence[Doc]], None]
"""Annotates texts in place, with what was annotated before."""


@cache
def load_pipeline(language: Language) -> Pipeline:
    """Return the pipeline of a language, loaded once per process."""
    # numpy's OpenBLAS multiplies faster than the BLIS of spaCy, and the annotations are the same.
    with warnings.catch_warnings(), use_ops("numpy", use_blis=False):
        # The weights are those of 3.7.1, which read news better than 3.8.0 (docs/decisions.md).
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        folder = find_pipeline(language)
        verify_folder(folder, package=language.parser_package, inside=language.parser_folder)
        return spacy.load(folder, exclude=["senter"])


def find_pipeline(language: Language) -> Path:
    """Return the folder of the pipeline of a language.

    Raises: ModuleNotFoundError: if its package is not installed.
    """
    # The package warns of its version when it is imported, so its folder is found without that.
    package = find_spec(language.parser_package)
    if package is None or package.origin is None:
        msg = f"the package {language.parser_package} is not installed"
        raise ModuleNotFoundError(msg)
    return Path(package.origin).parent / language.parser_folder


def parse_copies(copies: Sequence[Copy], *, language: Language = ENGLISH) -> Iterator[Doc]:
    """Yield the parsed text of each copy, in order; offsets are those of the copy's text."""
    nlp = load_pipeline(language)
    parts = [[doc for part in cut_copy(copy) for doc in make_docs(nlp, part)] for copy in copies]
    parsed = _parse_docs(nlp, (doc for mine in parts for doc in mine))
    for mine in parts:
        found = [next(parsed) for _ in mine]
        yield found[0] if len(found) == 1 else Doc.from_docs(found, ensure_whitespace=False)


def _parse_docs(nlp: Pipeline, docs: Iterable[Doc]) -> Iterator[Doc]:
    """Yield tokenized texts parsed, as many at once as the memory allows."""
    for batch in cut_batches(docs):
        # One core: articles are spread over processes, and threads cost more here than they save.
        with threadpool_limits(1, user_api="blas"):
            for annotate in load_annotators(nlp):
                annotate(batch)
        yield from batch


@cache
def load_annotators(nlp: Pipeline) -> Sequence[Annotator]:
    """Return the parts of a pipeline, in order; where ours is faster, it stands for spaCy's."""
    annotators: dict[str, Annotator] = {
        name: partial(_annotate, pipe) for name, pipe in nlp.pipeline
    }
    for name, pipe in nlp.pipeline:
        if isinstance(pipe, EntityRecognizer):
            annotators[name] = partial(mark_entities, pipe)
        elif isinstance(pipe, Tok2Vec):
            annotators[name] = partial(embed_texts, pipe)
    forms = read_word_forms(nlp)
    if forms is not None:
        annotators["attribute_ruler"] = forms.annotate
        del annotators["lemmatizer"]
    return list(annotators.values())


def _annotate(pipe: Callable[[Doc], Doc], docs: Sequence[Doc]) -> None:
    # The parser cuts a batch into four; with one four times as large it works on all texts at once.
    size = 4 * max(1, len(docs))
    for _ in pipe.pipe(docs, batch_size=size) if isinstance(pipe, Pipe) else map(pipe, docs):
        pass


def cut_batches(docs: Iterable[Doc]) -> Iterator[list[Doc]]:
    """Yield tokenized texts in batches that the parser can hold."""
    batch: list[Doc] = []
    n_tokens = 0
    for doc in docs:
        if batch and n_tokens + len(doc) > MAX_BATCH_TOKENS:
            yield batch
            batch, n_tokens = [], 0
        batch.append(doc)
        n_tokens += len(doc)
    if batch:
        yield batch


class Part(NamedTuple):
    """A stretch of a copy that is tokenized at once, and where paragraphs begin in it."""

    text: str
    starts: frozenset[int]


def cut_copy(copy: Copy) -> Iterator[Part]:
    """Yield a copy in parts, cut between paragraphs where possible."""
    starts = [
        piece.start
        for piece in copy.pieces
        if piece.start == 0 or char_before(copy.text, piece.start) == "\n"
    ]
    at = 0
    while at < len(copy.text) or at == 0:
        end = len(copy.text)
        if end - at > MAX_CHARS:
            last = bisect_right(starts, at + MAX_CHARS) - 1
            end = starts[last] if last >= 0 and starts[last] > at else at + MAX_CHARS
        inside = starts[bisect_left(starts, at) : bisect_left(starts, end)]
        yield Part(copy.text[at:end], frozenset(start - at for start in inside))
        if end == at:
            return
        at = end


def make_docs(nlp: Pipeline, part: Part) -> Iterator[Doc]:
    """Yield the tokens of a part, not too many at once, with a sentence at each paragraph."""
    cuts = [0, *(run.end() for run in LONG_RUN.finditer(part.text)), len(part.text)]
    docs = [nlp.make_doc(part.text[start:end]) for start, end in pairwise(cuts)]
    doc = docs[0] if len(docs) == 1 else Doc.from_docs(docs, ensure_whitespace=False)
    is_first = np.isin(doc.to_array(IDX), np.array([*part.starts], dtype=np.uint64))
    paragraphs = np.flatnonzero(is_first).tolist()
    starts = {*paragraphs, *_end_sentences(doc, paragraphs)}
    if len(doc) <= MAX_TOKENS:
        for i in starts:
            doc[i].is_sent_start = True
        yield doc
        return
    tokens = list(doc)
    at = 0
    while at < len(tokens):
        end = min(at + MAX_TOKENS, len(tokens))
        if end < len(tokens):
            last = bisect_right(paragraphs, end) - 1
            end = paragraphs[last] if last >= 0 and paragraphs[last] > at else end
        mine = tokens[at:end]
        yield Doc(
            nlp.vocab,
            words=[token.text for token in mine],
            spaces=[bool(token.whitespace_) for token in mine],
            sent_starts=[True if token.i in starts else None for token in mine],
        )
        at = end


def _end_sentences(doc: Doc, paragraphs: Sequence[int]) -> Iterator[int]:
    """Yield the tokens that begin a sentence because the one before them has no other end."""
    for start, end in pairwise([0, *paragraphs, len(doc)]):
        if end - start > MAX_UNSTOPPED_TOKENS:  # no limit is lower
            yield from _cut_paragraph(doc[start:end])


def _cut_paragraph(tokens: Iterable[Token]) -> Iterator[int]:
    n_tokens = n_unstopped = 0
    was_stop = False
    for n_paragraph, token in enumerate(tokens):
        is_cut = n_unstopped >= MAX_UNSTOPPED_TOKENS or n_tokens >= MAX_SENTENCE_TOKENS
        if n_paragraph >= LONG_PARAGRAPH_TOKENS:
            is_cut |= was_stop and token.is_title
        if is_cut:
            yield token.i
            n_tokens = n_unstopped = 0
        was_stop = token.text in STOPS
        n_unstopped = 0 if was_stop else n_unstopped + 1
        n_tokens += 1
