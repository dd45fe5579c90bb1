"""Score named entities against gold spans, per label and over all labels together.

exact: start, end and label equal those of a gold span, each used once.
partial: the span shares a character with a gold span of the same label; one-to-one, the
    longest overlaps first. It asks whether the name was found at all.
untyped: as exact, whatever the label.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from copydesk.scoring.rates import Rates, percentages


class LabelledSpan(NamedTuple):
    """Half-open range of code points in the text of an article, with an OntoNotes label."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class GoldNames:
    """An article with its named entities."""

    doc_id: str
    text: str
    spans: tuple[LabelledSpan, ...]


class LabelScores(NamedTuple):
    """Figures for the names of one label, or of all."""

    n_gold: int
    n_predicted: int
    exact: Rates
    partial: Rates


@dataclass(frozen=True, slots=True)
class NameScores:
    """Figures for names; `by_label` is in alphabetical order."""

    overall: LabelScores
    untyped: Rates
    by_label: dict[str, LabelScores]


def read_gold_names(row: Mapping[str, object]) -> GoldNames:
    """Return the article of one row with entities as [start, end, label].

    Raises:
        ValueError: if a field is missing or of the wrong kind, or a span is not in the text.
    """
    match row:
        case {"doc_id": str(doc_id), "text": str(text), "entities": [*entities]}:
            spans = tuple(_read_labelled_span(entity, text) for entity in entities)
            return GoldNames(doc_id, text, spans)
    message = f"gold row {row.get('doc_id')!r}: needs the strings doc_id and text, a list entities"
    raise ValueError(message)


def score_names(
    gold: Sequence[GoldNames],
    predicted: Mapping[str, Sequence[LabelledSpan]],
    *,
    labels: Collection[str] | None = None,
) -> NameScores:
    """Compare named entities, keyed by doc_id; every prediction for an unknown article is wrong.

    With `labels`, spans with other labels are left out on both sides.
    """
    gold_spans = {article.doc_id: article.spans for article in gold}
    n_gold: Counter[str] = Counter()
    n_predicted: Counter[str] = Counter()
    n_exact: Counter[str] = Counter()
    n_partial: Counter[str] = Counter()
    n_untyped = 0
    for doc_id in gold_spans.keys() | predicted.keys():
        wanted = _with_labels(gold_spans.get(doc_id, ()), labels)
        found = _with_labels(predicted.get(doc_id, ()), labels)
        n_gold.update(span.label for span in wanted)
        n_predicted.update(span.label for span in found)
        n_exact.update(span.label for span in (Counter(wanted) & Counter(found)).elements())
        n_partial.update(_found_labels(wanted, found))
        n_untyped += (_bare_spans(wanted) & _bare_spans(found)).total()

    def label_scores(names: Collection[str]) -> LabelScores:
        right, touched, total_predicted, total_gold = (
            sum(counts[name] for name in names)
            for counts in (n_exact, n_partial, n_predicted, n_gold)
        )
        return LabelScores(
            n_gold=total_gold,
            n_predicted=total_predicted,
            exact=Rates.of_counts(right, n_predicted=total_predicted, n_gold=total_gold),
            partial=Rates.of_counts(touched, n_predicted=total_predicted, n_gold=total_gold),
        )

    names = sorted(n_gold.keys() | n_predicted.keys())
    return NameScores(
        overall=label_scores(names),
        untyped=Rates.of_counts(n_untyped, n_predicted=n_predicted.total(), n_gold=n_gold.total()),
        by_label={name: label_scores([name]) for name in names},
    )


def format_name_scores(scores: NameScores) -> str:
    """Return a table of percentages: all labels, then each, then all without labels."""
    rows = {"all": scores.overall, **scores.by_label}
    width = max(map(len, ("untyped", *rows)))
    lines = [
        f"{'label':<{width}} {'gold':>6} {'pred':>6} | {'exact P/R/F':^17} | {'partial P/R/F':^17}"
    ]
    for name, row in rows.items():
        cells = " | ".join(map(percentages, (row.exact, row.partial)))
        lines.append(f"{name:<{width}} {row.n_gold:>6} {row.n_predicted:>6} | {cells}")
    overall = scores.overall
    lines.append(
        f"{'untyped':<{width}} {overall.n_gold:>6} {overall.n_predicted:>6}"
        f" | {percentages(scores.untyped)}"
    )
    return "\n".join(lines)


def _read_labelled_span(value: object, text: str) -> LabelledSpan:
    match value:
        case [int(start), int(end), str(label)] if 0 <= start < end <= len(text):
            return LabelledSpan(start, end, label)
    message = f"not [start, end, label] in a text of {len(text)} characters: {value!r}"
    raise ValueError(message)


def _with_labels(
    spans: Iterable[LabelledSpan], labels: Collection[str] | None
) -> list[LabelledSpan]:
    return [span for span in spans if labels is None or span.label in labels]


def _bare_spans(spans: Iterable[LabelledSpan]) -> Counter[tuple[int, int]]:
    return Counter((span.start, span.end) for span in spans)


def _found_labels(gold: Sequence[LabelledSpan], predicted: Sequence[LabelledSpan]) -> list[str]:
    """Return the labels of the gold spans that get an overlapping partner, once for each."""
    wanted, found = sorted(gold), sorted(predicted)
    candidates = sorted(
        (-overlap, i, j)
        for i, left in enumerate(wanted)
        for j, right in enumerate(found)
        if left.label == right.label
        and (overlap := min(left.end, right.end) - max(left.start, right.start)) > 0
    )
    taken_gold: set[int] = set()
    taken_predicted: set[int] = set()
    for _, i, j in candidates:
        if i not in taken_gold and j not in taken_predicted:
            taken_gold.add(i)
            taken_predicted.add(j)
    return [wanted[i].label for i in taken_gold]
