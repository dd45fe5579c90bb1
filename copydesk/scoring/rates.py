"""Precision, recall and F1, and the means that they are made of."""

from collections.abc import Iterable
from typing import NamedTuple, Self


class Rates(NamedTuple):
    """Precision, recall and F1, each in 0-1."""

    precision: float
    recall: float
    f1: float

    @classmethod
    def of(cls, precision: float, recall: float) -> Self:
        """Add the harmonic mean, which is 0 where both are 0."""
        total = precision + recall
        return cls(precision, recall, 2 * precision * recall / total if total else 0.0)

    @classmethod
    def of_counts(cls, n_right: float, *, n_predicted: float, n_gold: float) -> Self:
        """Divide by both totals; a share of nothing is 0."""
        return cls.of(ratio(n_right, n_predicted), ratio(n_right, n_gold))


def mean(values: Iterable[float]) -> float:
    """Return the mean, which is 0 for no values."""
    listed = list(values)
    return ratio(sum(listed), len(listed))


def ratio(part: float, whole: float) -> float:
    """Return a share; that of nothing is 0."""
    return part / whole if whole else 0.0


def percentages(rates: Rates) -> str:
    """Return the three figures in per cent, for a table."""
    return " ".join(f"{100 * rate:5.1f}" for rate in rates)
