"""Draw numbers that a page shows anyway as lengths: without text, axes or a scale.

They belong to tables: a thick line in each row, or a strip of months. A plotting library takes a
hundred times as long for them (2.5 ms for each drawing and 1.2 s to load), and outlets and people
have thousands.
"""

from collections.abc import Sequence

from markupsafe import Markup

WIDTH = 100  # in units of the drawing, which is stretched to the room there is
STRIP_WIDTH, STRIP_HEIGHT = 420, 70
GAP = 0.2  # between two columns, of the room for one
LENGTH = Markup(
    '<svg class="length" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
    '<rect width="%s" height="10"/></svg>'
)
STRIP = Markup(
    '<svg class="strip" viewBox="0 0 420 70" preserveAspectRatio="none" aria-hidden="true">'
    '<path d="%s"/></svg>'
)


def draw_length(n: int, most: int) -> Markup:
    """Return a line for a number; that of `most` is as long as there is room."""
    return LENGTH % _round(WIDTH * n / most if most else 0)


def draw_strip(numbers: Sequence[int]) -> Markup:
    """Return columns, side by side from edge to edge; the largest is as high as the strip."""
    most = max(numbers, default=0) or 1
    step = STRIP_WIDTH / max(len(numbers) - GAP, 1)
    width = _round(step * (1 - GAP))
    return STRIP % "".join(
        f"M{_round(number * step)} {STRIP_HEIGHT}v-{_round(STRIP_HEIGHT * n / most)}h{width}"
        f"V{STRIP_HEIGHT}z"
        for number, n in enumerate(numbers)
    )


def _round(size: float) -> str:
    return f"{size:.2f}".rstrip("0").rstrip(".")
