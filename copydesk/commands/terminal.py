"""Print any text on any terminal: what its encoding lacks is spelt in ASCII, never an error."""

import codecs
import io
import sys

SPELT = "copydesk_spelt"
DRAWN = str.maketrans("─│┌┬┐├┼┤└┴┘…“”‘’–—", "-|+++++++++.\"\"''--")


def print_anything() -> None:
    """Let standard output and standard error print characters that their encoding lacks."""
    codecs.register_error(SPELT, _spell)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors=SPELT)


def _spell(error: UnicodeError) -> tuple[str, int]:
    """Return how characters that cannot be encoded are spelt: drawn lines, or their number."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end].translate(DRAWN)
    return lacking.encode("ascii", "backslashreplace").decode(), error.end
