"""Load the names that exports give to the fields of an article, which belong to no language."""

import re
from functools import cache

from copydesk.lexicons.load import read_toml

UNPLAIN = re.compile(r"[\W_]+")


@cache
def load_field_names() -> dict[str, list[str]]:
    """Return the names that exports give to each field, as `plain_name` has them, best first."""
    table = read_toml("copydesk.lexicons", "fields")
    return {field: list(map(plain_name, names)) for field, names in table["fields"].items()}


@cache
def load_object_names() -> dict[str, list[str]]:
    """Return the names inside the objects of exports by what they hold, exactly as written."""
    table = read_toml("copydesk.lexicons", "fields")
    return {use: list(names) for use, names in table["objects"].items()}


@cache
def load_front_names() -> frozenset[str]:
    """Return what else clippers write at the head of a clip, as `plain_name` has the names."""
    return frozenset(map(plain_name, read_toml("copydesk.lexicons", "fields")["clips"]["names"]))


def plain_name(name: str) -> str:
    """Return a field's name in lower case with words joined: `Article Text` is article_text."""
    return UNPLAIN.sub("_", name).strip("_").casefold()
