"""Train the line labeller from gold pages and write one model file.

    python -m copydesk.training.lines copydesk/cleaning/lines.npz GOLD.jsonl.gz …

Gold rows of other sources than `SOURCES` are skipped: their licences do not let them into a shipped
model. The word scores that the forests learn from are out of fold (by site), or the forests would
trust them too much. Every step is seeded by the row's id: the same files give the same model.
"""

import argparse
import gzip
import json
import random
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypedDict

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from copydesk.cleaning.features.keys import Keys, number_words, opening_keys, style_keys
from copydesk.cleaning.features.matrix import column, page_matrix
from copydesk.cleaning.features.page import Page, read_page
from copydesk.cleaning.features.scores import score_columns
from copydesk.cleaning.model import LinearModel, LineModel, headline_candidates, write_line_model
from copydesk.lexicons.language import ENGLISH, Language, find_language
from copydesk.text.arrays import Doubles, Flags, Matrix, Numbers
from copydesk.training.lines.export import forest_of
from copydesk.training.lines.variants import SHORT_WORDS, Marked, remarks_of, story_of, vary

SOURCES = frozenset({"zyte", "fundus_eval", "fundus_tests", "wcxb"})
N_FOLDS = 5
MIN_SITES = 3  # a word or key is kept if this many sites use it
NEWS_WEIGHT = 1.5
VARIED_WEIGHT = 0.5
N_NEWS_VARIANTS = 3
# Shares of lines that the copy forest learns from: labels of menus are many and easy, the more so
# far from the copy, and pages that are no news are three times as many as those that are.
OTHER_SHARE = 0.6
OTHER_LABEL_SHARE = 0.4
VARIED_LABEL_SHARE = 0.25
FAR_SHARE = 0.3
FAR_LINES = 15

_TOKEN = re.compile(r"\w+")


class GoldLine(TypedDict):
    """A line of `noisy_text` as the gold files give it."""

    start: int
    end: int
    keep: bool
    kind: str | None


class GoldRow(TypedDict):
    """The columns of a gold row that training reads."""

    doc_id: str
    source_dataset: str
    domain: str
    news: bool
    title: str | None
    noisy_text: str
    gold_text: str
    lines: list[GoldLine]


class MarkedPage(NamedTuple):
    """The lines of a page with their answers; `is_whole`: its menus are there too."""

    doc_id: str
    site: str
    title: str
    is_news: bool
    is_whole: bool
    lines: Sequence[Marked]


@dataclass(frozen=True, slots=True)
class Example:
    """One page as the model sees it, with its answers, one per line."""

    site: str
    is_news: bool
    is_varied: bool
    is_whole: bool
    page: Page
    rows: Matrix
    is_copy: Flags
    is_title: Flags
    is_remark: Flags


class LinearFit(NamedTuple):
    """Out-of-fold scores of all lines, and the model fitted on all of them."""

    scores: Doubles
    model: LinearModel


def main() -> None:
    """Train on the gold files given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("gold", type=Path, nargs="+")
    parser.add_argument("--language", type=find_language, default=ENGLISH, metavar="CODE")
    arguments = parser.parse_args()
    pages = [page for path in arguments.gold for page in read_pages(path)]
    examples = list(make_examples(pages, language=arguments.language))
    write_line_model(arguments.model, train(examples))


def read_pages(path: Path) -> Iterator[MarkedPage]:
    """Yield the allowed pages of a gold file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for record in file:
            row: GoldRow = json.loads(record)
            if row["source_dataset"] in SOURCES:
                yield marked_page(row, is_whole=path.name.startswith("full"))


def marked_page(row: GoldRow, *, is_whole: bool) -> MarkedPage:
    """Return the lines of a gold row with their answers."""
    text = row["noisy_text"]
    lines = [text[line["start"] : line["end"]].strip() for line in row["lines"]]
    is_copy = repaired_labels(row, lines)
    marked = [
        Marked(line, flag, gold["kind"] == "title")
        for line, flag, gold in zip(lines, is_copy, row["lines"], strict=True)
    ]
    return MarkedPage(
        row["doc_id"], row["domain"], row["title"] or "", row["news"], is_whole, marked
    )


def repaired_labels(row: GoldRow, lines: Sequence[str]) -> list[bool]:
    """Return which lines are copy.

    The gold marks 1 in 40 copy lines of news pages as a repeat although it is once on the page
    and in the gold text (a fault of its alignment); those are copy.
    """
    gold = f" {' '.join(_plain(row['gold_text']))} "
    plain = [f" {' '.join(_plain(line))} " for line in lines]
    labels = []
    for line, text in zip(row["lines"], plain, strict=True):
        is_single = line["kind"] == "dup" and text.count(" ") > 4 and text in gold
        labels.append(line["keep"] or (is_single and sum(text in other for other in plain) == 1))
    return labels


def make_examples(
    pages: Sequence[MarkedPage], *, language: Language = ENGLISH
) -> Iterator[Example]:
    """Yield every page, followed by its variants: news is what the model is for, and has more.

    What is added comes from sites of the same fold, so that no line is scored by a model that has
    learnt from it.
    """
    found = (story_of(page.site, page.title, page.lines) for page in pages if page.is_news)
    stories = sorted({story for story in found if story is not None})
    talking = (page for page in pages if not page.is_news)
    remarks = sorted(
        {said for page in talking for said in remarks_of(page.site, page.lines, language=language)}
    )
    for page in pages:
        yield _example(page, page.lines, is_varied=False, language=language)
        if not any(line.is_copy for line in page.lines):
            continue
        draw = random.Random(f"{page.doc_id} {page.is_whole} {len(page.lines)}")
        fold = fold_of(page.site)
        others = [s for s in stories if s.site != page.site and fold_of(s.site) == fold]
        heard = [r for r in remarks if r.site != page.site and fold_of(r.site) == fold]
        n_variants = N_NEWS_VARIANTS if page.is_news else draw.choice([0, 1])
        for _ in range(n_variants):
            lines = vary(page.lines, others, heard, draw, language=language)
            yield _example(page, lines, is_varied=True, language=language)


def fold_of(site: str) -> int:
    """Return in which of `N_FOLDS` parts a site is held out, with all of its pages."""
    return zlib.crc32(site.encode()) % N_FOLDS


def train(examples: Sequence[Example]) -> LineModel:
    """Fit the word models, then both forests on top of them."""
    words = number_vocabulary(examples)
    fold = np.array([fold_of(e.site) for e in examples])
    opening, style, talk = fit_words(examples, fold, words)
    rows = all_rows(examples, (opening, style, talk))
    return LineModel(
        words,
        opening.model,
        style.model,
        talk.model,
        forest_of(fit_copy(examples, rows)),
        forest_of(fit_headline(examples, rows)),
    )


def number_vocabulary(examples: Sequence[Example]) -> dict[str, int]:
    """Return a number from 1 for each word that enough sites use."""
    sites: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        if not example.is_varied:
            for word in example.page.vocabulary:
                sites[word].add(example.site)
    kept = sorted(word for word, found in sites.items() if len(found) >= MIN_SITES and word.strip())
    return {word: number for number, word in enumerate(kept, start=1)}


def fit_words(
    examples: Sequence[Example], fold: Numbers, words: dict[str, int]
) -> tuple[LinearFit, LinearFit, LinearFit]:
    """Return the fits of the opening of lines, of their style, and of talk.

    Varied pages repeat the words of others and are only scored, except for the remarks: the talk
    model learns to tell the copy of news from them.
    """
    numbered = [number_words(e.page, words) for e in examples]
    opening = [opening_keys(e.page, n) for e, n in zip(examples, numbered, strict=True)]
    style = [style_keys(e.page, n) for e, n in zip(examples, numbered, strict=True)]
    sizes = [len(e.is_copy) for e in examples]
    is_news = np.repeat([e.is_news for e in examples], sizes)
    is_real = ~np.repeat([e.is_varied for e in examples], sizes)
    is_real &= ~np.concatenate([e.is_title for e in examples])
    is_copy = np.concatenate([e.is_copy for e in examples])
    is_remark = np.concatenate([e.is_remark for e in examples])
    is_said = is_news & ((is_real & is_copy) | is_remark)
    return (
        _fit_linear(examples, fold, opening, is_real, strength=1.0),
        _fit_linear(examples, fold, style, is_real, strength=0.5),
        _fit_linear(examples, fold, style, is_said, strength=0.5),
    )


def all_rows(examples: Sequence[Example], fits: Sequence[LinearFit]) -> Matrix:
    """Return the rows of all pages, one below the other, word scores included."""
    ends = np.cumsum([len(e.is_copy) for e in examples])[:-1]
    scores = np.split(np.stack([fit.scores for fit in fits], axis=1).astype(np.float32), ends)
    return np.vstack(
        [
            np.hstack([e.rows, score_columns(e.page, e.rows, s)])
            for e, s in zip(examples, scores, strict=True)
        ]
    )


def fit_copy(examples: Sequence[Example], rows: Matrix) -> HistGradientBoostingClassifier:
    """Fit the forest that separates copy from boilerplate; titles are neither."""
    is_copy = np.concatenate([e.is_copy for e in examples])
    model = HistGradientBoostingClassifier(**COPY_SETTINGS)
    used = training_lines(examples, rows)
    return model.fit(rows[used], is_copy[used], sample_weight=line_weights(examples)[used])


def training_lines(examples: Sequence[Example], rows: Matrix) -> Flags:
    """Return which lines the copy forest learns from: of the many that are alike, a share."""
    is_copy = np.concatenate([e.is_copy for e in examples])
    sizes = [len(e.is_copy) for e in examples]
    is_whole = np.repeat([e.is_whole for e in examples], sizes)
    is_news = np.repeat([e.is_news for e in examples], sizes)
    is_varied = np.repeat([e.is_varied for e in examples], sizes)
    is_label = (column(rows, "n_words") < SHORT_WORDS) & ~is_copy
    is_far = (column(rows, "to_block_start") < -FAR_LINES) | (
        column(rows, "to_block_end") > FAR_LINES
    )
    share = np.where(is_news, 1.0, OTHER_SHARE)
    share[is_label & ~is_news] = OTHER_LABEL_SHARE
    share[is_label & is_varied] = VARIED_LABEL_SHARE
    share[is_label & is_whole & is_far] *= FAR_SHARE
    drawn = np.random.default_rng(0).random(len(rows)) < share
    used: Flags = drawn & ~np.concatenate([e.is_title for e in examples])
    return used


def fit_headline(examples: Sequence[Example], rows: Matrix) -> HistGradientBoostingClassifier:
    """Fit the forest that finds the headline among the short lines near the body's start."""
    is_title = np.concatenate([e.is_title for e in examples])
    is_varied = np.repeat([e.is_varied for e in examples], [len(e.is_copy) for e in examples])
    used = headline_candidates(rows) & ~is_varied
    model = HistGradientBoostingClassifier(**HEADLINE_SETTINGS)
    return model.fit(rows[used], is_title[used])


COPY_SETTINGS = {
    "max_iter": 150, "learning_rate": 0.1, "max_leaf_nodes": 31, "max_depth": 8,
    "min_samples_leaf": 120, "l2_regularization": 10.0, "max_features": 0.3, "max_bins": 127,
    "random_state": 0, "early_stopping": False,
}  # fmt: skip
HEADLINE_SETTINGS = COPY_SETTINGS | {
    "max_iter": 100, "max_leaf_nodes": 15, "max_depth": 6, "min_samples_leaf": 20,
    "l2_regularization": 2.0,
}  # fmt: skip


def _example(
    page: MarkedPage, lines: Sequence[Marked], *, is_varied: bool, language: Language
) -> Example:
    read = read_page([line.text for line in lines], language=language)
    return Example(
        site=page.site,
        is_news=page.is_news,
        is_varied=is_varied,
        is_whole=page.is_whole,
        page=read,
        rows=page_matrix(read),
        is_copy=np.array([line.is_copy for line in lines], dtype=bool),
        is_title=np.array([line.is_title for line in lines], dtype=bool),
        is_remark=np.array([line.is_remark for line in lines], dtype=bool),
    )


def line_weights(examples: Sequence[Example]) -> Doubles:
    """Return what each line counts: words are lost or kept, and news is what the model is for."""
    return np.concatenate(
        [
            (np.log1p(np.diff(e.page.word_starts)) + 0.1)
            * (NEWS_WEIGHT if e.is_news else 1.0)
            * (VARIED_WEIGHT if e.is_varied else 1.0)
            for e in examples
        ]
    )


def _fit_linear(
    examples: Sequence[Example],
    fold: Numbers,
    found: Sequence[Keys],
    learnt: Flags,
    *,
    strength: float,
) -> LinearFit:
    """Fit the keys of the learnt lines against copy, and score all lines out of fold."""
    sizes = np.array([len(e.is_copy) for e in examples])
    begins = np.cumsum(sizes) - sizes
    lines = np.concatenate([at + begin for (at, _), begin in zip(found, begins, strict=True)])
    distinct, key = np.unique(np.concatenate([keys for _, keys in found]), return_inverse=True)
    sites = np.unique([e.site for e in examples], return_inverse=True)[1]
    key_sites = np.repeat(sites, [len(keys) for _, keys in found])
    is_real = ~np.repeat([e.is_varied for e in examples], [len(keys) for _, keys in found])
    pairs = np.unique(key[is_real] * (sites.max() + 1) + key_sites[is_real])
    n_sites = np.bincount(pairs // (sites.max() + 1), minlength=len(distinct))
    kept = n_sites >= MIN_SITES
    column = np.cumsum(kept) - 1
    is_kept = kept[key]
    n_lines = int(sizes.sum())
    counts = np.bincount(lines[is_kept], minlength=n_lines)
    values = 1.0 / np.sqrt(counts[lines[is_kept]])
    table = csr_matrix(
        (values.astype(np.float32), (lines[is_kept], column[key[is_kept]])),
        shape=(n_lines, int(kept.sum())),
    )
    has_keys = counts > 0
    is_copy = np.concatenate([e.is_copy for e in examples])
    used = learnt & has_keys
    weights = line_weights(examples)
    line_folds = np.repeat(fold, sizes)
    scores = np.zeros(n_lines)
    for k in np.unique(fold):
        fitted = _logistic(table, is_copy, weights, used & (line_folds != k), strength=strength)
        held_out = (line_folds == k) & has_keys
        scores[held_out] = fitted.decision_function(table[held_out])
    fitted = _logistic(table, is_copy, weights, used, strength=strength)
    return LinearFit(
        scores,
        LinearModel(
            distinct[kept], fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])
        ),
    )


def _logistic(
    table: csr_matrix, is_copy: Flags, weights: Doubles, used: Flags, *, strength: float
) -> LogisticRegression:
    model = LogisticRegression(C=strength, max_iter=60)
    return model.fit(table[used], is_copy[used], sample_weight=weights[used])


def _plain(text: str) -> list[str]:
    return _TOKEN.findall(text.lower().replace("’", "'").replace("‘", "'"))


if __name__ == "__main__":
    main()
