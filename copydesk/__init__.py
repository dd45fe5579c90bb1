"""Who said what, about whom, where and when: from scraped news articles to answers.

>>> import copydesk
>>> page = copydesk.clean("“We will not sail,” union leader Anna Miller warned on Monday.")
>>> page.quotes
[Quote('We will not sail,', speaker='Anna Miller', direct, confidence=0.9...)]

`clean` and `quotes` take one page, `read` and `pipe` many; `connect` opens the tables that
`copydesk run` has published. Importing the package loads nothing: each name is imported when it is
first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from copydesk.api.calls import clean, pipe, quotes, read
    from copydesk.api.catalogue import connect
    from copydesk.api.page import Page, Rejected, RemovedLine
    from copydesk.api.quote import Mention, Quote
    from copydesk.errors import CopydeskError

    __version__: str

__all__ = [  # in the order of docs/api.md
    "CopydeskError",
    "Mention",
    "Page",
    "Quote",
    "Rejected",
    "RemovedLine",
    "__version__",
    "clean",
    "connect",
    "pipe",
    "quotes",
    "read",
]

_HOMES = {
    "clean": "copydesk.api.calls",
    "quotes": "copydesk.api.calls",
    "read": "copydesk.api.calls",
    "pipe": "copydesk.api.calls",
    "connect": "copydesk.api.catalogue",
    "Page": "copydesk.api.page",
    "Quote": "copydesk.api.quote",
    "Mention": "copydesk.api.quote",
    "RemovedLine": "copydesk.api.page",
    "Rejected": "copydesk.api.page",
    "CopydeskError": "copydesk.errors",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first used (PEP 562)."""
    if name == "__version__":
        version: str = import_module("importlib.metadata").version("copydesk")
        return version
    if name not in _HOMES:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names, for completion."""
    return [*__all__, "__doc__", "__name__", "__path__"]
