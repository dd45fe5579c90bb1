"""Train the line labeller from gold pages and write one model file.

    python -m copydesk.training.lines copydesk/models/lines.npz GOLD.jsonl.gz …

Gold rows of other sources than `SOURCES` are skipped: their licences do not let them into a shipped
model. The word scores that the forests learn from are out of fold (by site), or the forests would
trust them too much. Every step is seeded by the row's id: the same files give the same model.
"""

import argparse
import gzip
import json
import random
import re
import tomllib
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple, TypedDict

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from copydesk.line_features import (
    COLUMNS,
    N_SCORE_COLUMNS,
    WINDOW,
    Matrix,
    Page,
    page_matrix,
    read_page,
    score_columns,
    style_keys,
    word_keys,
)
from copydesk.line_model import LinearModel, LineModel, headline_candidates, write_line_model
from copydesk.training.export import averaged, forest_of

SOURCES = frozenset({"zyte", "fundus_eval", "fundus_tests", "wcxb"})
N_FOLDS = 5
MIN_SITES = 3  # a word is kept if this many sites use it
MIN_STYLE_SITES = 5
NEWS_WEIGHT = 1.5
THINNED_WEIGHT = 0.7
FAR_LINES = (
    15  # menu lines further than this from the copy are many and easy: 30 % of them are enough
)
FAR_SHARE = 0.3

_TOKEN = re.compile(r"\w+")
Flags = npt.NDArray[np.bool_]
Doubles = npt.NDArray[np.float64]
Keys = Callable[[Sequence[str]], list[str]]


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
    noisy_text: str
    gold_text: str
    lines: list[GoldLine]


@dataclass(frozen=True, slots=True)
class Example:
    """One page with its answers, one per line."""

    site: str
    is_news: bool
    is_thinned: bool
    is_whole_page: bool
    page: Page
    rows: Matrix
    is_copy: Flags
    is_title: Flags


class LinearFit(NamedTuple):
    """Out-of-fold scores of all lines, and the model fitted on all of them."""

    scores: Doubles
    model: LinearModel


def main() -> None:
    """Train on the gold files given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("gold", type=Path, nargs="+")
    arguments = parser.parse_args()
    examples = [example for path in arguments.gold for example in read_examples(path)]
    write_line_model(arguments.model, train(examples))


def read_examples(path: Path) -> Iterator[Example]:
    """Yield the allowed pages of a gold file, each followed by its thinned version, if any."""
    whole = path.name.startswith("full")
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for record in file:
            row: GoldRow = json.loads(record)
            if row["source_dataset"] not in SOURCES:
                continue
            text = row["noisy_text"]
            lines = [text[line["start"] : line["end"]].strip() for line in row["lines"]]
            is_copy = repaired_labels(row, lines)
            is_title = [line["kind"] == "title" for line in row["lines"]]
            yield _example(row, lines, is_copy, is_title, whole=whole, thinned=False)
            chosen = (
                []
                if path.name.startswith("trafrec")
                else thinned_lines(row["doc_id"], lines, is_copy)
            )
            if path.name.startswith("trafrec") and zlib.crc32(row["doc_id"].encode()) % 2:
                more = comments_for(row["doc_id"], lines, is_copy)
                n = len(more)
                yield _example(
                    row,
                    [*lines, *more],
                    is_copy + [False] * n,
                    is_title + [False] * n,
                    whole=False,
                    thinned=True,
                )
            if chosen:
                yield _example(
                    row,
                    [lines[i] for i in chosen],
                    [is_copy[i] for i in chosen],
                    [is_title[i] for i in chosen],
                    whole=False,
                    thinned=True,
                )


def repaired_labels(row: GoldRow, lines: Sequence[str]) -> list[bool]:
    """Return which lines are copy.

    The gold marks 1 in 40 copy lines of news pages as a repeat although it stands once on the page
    and in the gold text (a fault of its alignment); those are copy.
    """
    gold = f" {' '.join(_plain(row['gold_text']))} "
    plain = [f" {' '.join(_plain(line))} " for line in lines]
    labels = []
    for line, text in zip(row["lines"], plain, strict=True):
        is_single = line["kind"] == "dup" and text.count(" ") > 4 and text in gold
        labels.append(line["keep"] or (is_single and sum(text in other for other in plain) == 1))
    return labels


def thinned_lines(doc_id: str, lines: Sequence[str], is_copy: Sequence[bool]) -> list[int]:
    """Return the lines of a page without most of its short boilerplate, or none if few are left.

    Extractors drop menus and keep readers' comments and teasers. Real pages of that kind are rare
    in the gold, so a share of the short boilerplate is dropped, and the headings that give it away.
    """
    generator = random.Random(doc_id)
    share = generator.choice([0.5, 0.8, 0.95, 1.0])
    chosen = []
    for i, line in enumerate(lines):
        n_words = len(line.split())
        drop = share * (1.0 if n_words < 8 else 0.6 if n_words < 14 else 0.15)
        if is_copy[i] or generator.random() > drop:
            chosen.append(i)
    n_long = sum(1 for i in chosen if not is_copy[i] and len(lines[i].split()) >= 8)
    return chosen if n_long >= 3 and any(is_copy) else []


def comments_for(doc_id: str, lines: Sequence[str], is_copy: Sequence[bool]) -> list[str]:
    """Return invented readers' comments to stand below a page."""
    generator = random.Random(doc_id)
    invented = load_comments()
    copied = [line for line, flag in zip(lines, is_copy, strict=True) if flag]
    topics = sorted({w for text in copied for w in _TOKEN.findall(text.lower()) if len(w) > 5}) or [
        "it"
    ]
    with_names, with_stamps = generator.random() < 0.5, generator.random() < 0.4
    stamp = generator.choice(invented["stamps"])
    texts = []
    for _ in range(generator.choice([2, 4, 6, 10, 16, 25])):
        if with_names:
            texts.append(
                generator.choice(["", "- ", "Posted by "]) + generator.choice(invented["names"])
            )
        said = generator.sample(invented["sentences"], generator.choice([1, 1, 2, 3, 4, 5]))
        said = [text.replace("{x}", generator.choice(topics)) for text in said]
        texts += said if generator.random() < 0.25 else [" ".join(said)]
        if with_stamps:
            texts.append(stamp.replace("{n}", str(generator.randint(1, 9))))
    return [text for text in texts if text]


@cache
def load_comments() -> dict[str, list[str]]:
    """Return the invented comments, names and time stamps."""
    stored: dict[str, list[str]] = tomllib.loads(
        (Path(__file__).parent / "comments.toml").read_text("utf-8")
    )
    return stored


def train(examples: Sequence[Example]) -> LineModel:
    """Fit both word models, then both forests on top of them."""
    sizes = [len(e.is_copy) for e in examples]
    fold = np.repeat([zlib.crc32(e.site.encode()) % N_FOLDS for e in examples], sizes)
    opening = _fit_linear(examples, fold, word_keys, min_sites=MIN_SITES, strength=1.0)
    style = _fit_linear(examples, fold, style_keys, min_sites=MIN_STYLE_SITES, strength=0.5)
    ends = np.cumsum(sizes)[:-1]
    scores = np.split(np.stack([opening.scores, style.scores], axis=1).astype(np.float32), ends)
    rows = np.vstack(
        [
            np.hstack([e.rows, score_columns(e.page, s)])
            for e, s in zip(examples, scores, strict=True)
        ]
    )
    return LineModel(
        opening.model,
        style.model,
        averaged([forest_of(fit_copy(examples, rows[:, :n])) for n in COPY_VIEWS]),
        forest_of(fit_headline(examples, rows)),
    )


def fit_copy(examples: Sequence[Example], rows: Matrix) -> HistGradientBoostingClassifier:
    """Fit the forest that tells copy from boilerplate; titles are neither."""
    is_copy = np.concatenate([e.is_copy for e in examples])
    sizes = [len(e.is_copy) for e in examples]
    whole = np.repeat([e.is_whole_page for e in examples], sizes)
    words = rows[:, COLUMNS.index("n_words")]
    is_far = (rows[:, COLUMNS.index("to_block_start")] < -FAR_LINES) | (
        rows[:, COLUMNS.index("to_block_end")] > FAR_LINES
    )
    is_easy = whole & is_far & (words < 8) & ~is_copy
    drawn = np.random.default_rng(0).random(len(rows)) > FAR_SHARE
    used = ~(is_easy & drawn) & ~np.concatenate([e.is_title for e in examples])
    model = HistGradientBoostingClassifier(**COPY_SETTINGS)
    return model.fit(rows[used], is_copy[used], sample_weight=_line_weights(examples)[used])


def fit_headline(examples: Sequence[Example], rows: Matrix) -> HistGradientBoostingClassifier:
    """Fit the forest that tells the headline from other short lines near the body's start."""
    is_title = np.concatenate([e.is_title for e in examples])
    used = headline_candidates(rows)
    model = HistGradientBoostingClassifier(**HEADLINE_SETTINGS)
    return model.fit(rows[used], is_title[used])


# Two views average out each other's accidents: with and without running means of word scores.
COPY_VIEWS = (len(COLUMNS) + 2 + 2 * WINDOW, len(COLUMNS) + N_SCORE_COLUMNS)
COPY_SETTINGS = {
    "max_iter": 160, "learning_rate": 0.1, "max_leaf_nodes": 31, "max_depth": 8,
    "min_samples_leaf": 40, "l2_regularization": 2.0, "max_features": 0.3, "max_bins": 127,
    "random_state": 0, "early_stopping": False,
}  # fmt: skip
HEADLINE_SETTINGS = COPY_SETTINGS | {"max_iter": 80, "max_leaf_nodes": 15, "max_depth": 6}


def _example(  # noqa: PLR0913 -- the columns of a record
    row: GoldRow,
    lines: Sequence[str],
    is_copy: Sequence[bool],
    is_title: Sequence[bool],
    *,
    whole: bool,
    thinned: bool,
) -> Example:
    page = read_page(lines)
    return Example(
        row["domain"],
        row["news"],
        thinned,
        whole,
        page,
        page_matrix(page),
        np.array(is_copy, dtype=bool),
        np.array(is_title, dtype=bool),
    )


def _line_weights(examples: Sequence[Example]) -> Doubles:
    """Return what each line counts: words are lost or kept, and news is what the model is for."""
    return np.concatenate(
        [
            (np.log1p([len(words) for words in e.page.words]) + 0.1)
            * (NEWS_WEIGHT if e.is_news else 1.0)
            * (THINNED_WEIGHT if e.is_thinned else 1.0)
            for e in examples
        ]
    )


def _fit_linear(
    examples: Sequence[Example],
    fold: npt.NDArray[np.int64],
    keys: Keys,
    *,
    min_sites: int,
    strength: float,
) -> LinearFit:
    """Fit words against copy; thinned pages repeat the words of others and are only scored."""
    per_line = [keys(words) for e in examples for words in e.page.words]
    sites: dict[str, set[str]] = defaultdict(set)
    line_sites = [e.site for e in examples for _ in e.page.words]
    for site, found in zip(line_sites, per_line, strict=True):
        for key in found:
            sites[key].add(site)
    vocabulary = {
        k: i for i, k in enumerate(sorted(k for k, s in sites.items() if len(s) >= min_sites))
    }
    counts = _word_matrix(per_line, vocabulary)
    is_copy = np.concatenate([e.is_copy for e in examples])
    has_keys = np.diff(counts.indptr) > 0
    sizes = [len(e.is_copy) for e in examples]
    used = (
        has_keys
        & ~np.concatenate([e.is_title for e in examples])
        & ~np.repeat([e.is_thinned for e in examples], sizes)
    )
    weights = _line_weights(examples)
    scores = np.zeros(len(is_copy))
    for k in range(N_FOLDS):
        fitted = _logistic(counts, is_copy, weights, used & (fold != k), strength=strength)
        held_out = (fold == k) & has_keys
        scores[held_out] = fitted.decision_function(counts[held_out])
    fitted = _logistic(counts, is_copy, weights, used, strength=strength)
    intercept = float(fitted.intercept_[0])
    kept = {k: float(fitted.coef_[0, i]) for k, i in vocabulary.items()}
    return LinearFit(scores, LinearModel(kept, intercept))


def _logistic(
    counts: csr_matrix, is_copy: Flags, weights: Doubles, used: Flags, *, strength: float
) -> LogisticRegression:
    model = LogisticRegression(C=strength, max_iter=60)
    return model.fit(counts[used], is_copy[used], sample_weight=weights[used])


def _word_matrix(per_line: Sequence[Sequence[str]], vocabulary: dict[str, int]) -> csr_matrix:
    indices: list[int] = []
    ends = [0]
    for found in per_line:
        indices += [vocabulary[key] for key in found if key in vocabulary]
        ends.append(len(indices))
    counts = np.diff(ends)
    values = np.repeat(1.0 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    return csr_matrix((values, indices, ends), shape=(len(per_line), len(vocabulary)))


def _plain(text: str) -> list[str]:
    return _TOKEN.findall(text.lower().replace("’", "'").replace("‘", "'"))


if __name__ == "__main__":
    main()
