"""Load what class names and ids of HTML say about an element, from `markup.toml`."""

import re
from functools import cache, lru_cache

from copydesk.lexicons.load import read_toml

PART = r"(?:^|[\s_-])(?:{})(?:$|[\s_-])"
WHOLE = r"(?:^|\s)(?:{})(?:$|\s)"
CACHED_NAMES = 20_000  # class names repeat on a page and over a site; an entry takes 0.3 kB


@lru_cache(maxsize=CACHED_NAMES)
def read_names(names: str) -> frozenset[str]:
    """Return what the class names and the id of an element say, in lower case, of all kinds."""
    return frozenset(kind for kind, pattern in _load_patterns().items() if pattern.search(names))


@cache
def _load_patterns() -> dict[str, re.Pattern[str]]:
    table = read_toml("copydesk.lexicons", "markup")
    return {
        kind: re.compile((WHOLE if row.get("is_whole") else PART).format("|".join(row["patterns"])))
        for kind, row in table.items()
    }
