"""Put the columns of a page together: one row per line, those of its neighbours included."""

from collections.abc import Mapping

import numpy as np

from copydesk.cleaning.features.columns import Columns
from copydesk.cleaning.features.own import OWN_COLUMNS, own_columns
from copydesk.cleaning.features.page import Page
from copydesk.cleaning.features.place import PLACE_COLUMNS, place_columns
from copydesk.cleaning.features.repetition import REPETITION_COLUMNS, repetition_columns
from copydesk.text.arrays import Floats, Matrix

BESIDE = (-1, 1)  # the line before, the line after
_OF_NEIGHBOURS = (
    "n_words", "stop_share", "capital_share", "ends_sentence", "byline", "date", "copy_overlap",
)  # fmt: skip
NEIGHBOUR_COLUMNS = tuple(f"{name}[{offset:+d}]" for offset in BESIDE for name in _OF_NEIGHBOURS)
COLUMNS = (*OWN_COLUMNS, *REPETITION_COLUMNS, *PLACE_COLUMNS, *NEIGHBOUR_COLUMNS)
_AT: Mapping[str, int] = {name: at for at, name in enumerate(COLUMNS)}


def page_matrix(page: Page) -> Matrix:
    """Return one row of `COLUMNS` per line."""
    if not page.lines:
        return np.zeros((0, len(COLUMNS)), dtype=np.float32)
    own = own_columns(page)
    repetition = repetition_columns(page, own)
    place = place_columns(page, own)
    near = _neighbour_columns({**own, **repetition})
    families = (own, repetition, place, near)
    return np.array([values for family in families for values in family.values()]).T


def column(rows: Matrix, name: str) -> Floats:
    """Return one column of the rows of a page, by its name in `COLUMNS`."""
    return rows[:, _AT[name]]


def beside(values: Floats, offset: int) -> Floats:
    """Return the value of the line before (-1) or after (1) each line, -1 beyond the page."""
    edge = np.full(1, -1.0, dtype=np.float32)
    shifted = [edge, values[:-1]] if offset < 0 else [values[1:], edge]
    return np.concatenate(shifted)


def _neighbour_columns(columns: Columns) -> Columns:
    return {
        f"{name}[{offset:+d}]": beside(columns[name], offset)
        for offset in BESIDE
        for name in _OF_NEIGHBOURS
    }
