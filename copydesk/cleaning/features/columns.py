"""Compute columns from their expressions: a name, and what it says of measures of a page."""

from collections.abc import Callable, Mapping
from typing import TypeAlias, TypeVar

import numpy as np

from copydesk.text.arrays import Floats, Values

MeasuresT = TypeVar("MeasuresT")
Columns: TypeAlias = Mapping[str, Floats]
Expression: TypeAlias = Callable[[MeasuresT], Values]
Expressions: TypeAlias = Mapping[str, Expression[MeasuresT]]


def express(expressions: Expressions[MeasuresT], measures: MeasuresT) -> dict[str, Floats]:
    """Return the columns of some measures, in the order of their expressions."""
    rows = np.array([express_one(measures) for express_one in expressions.values()], np.float32)
    return dict(zip(expressions, rows, strict=True))
