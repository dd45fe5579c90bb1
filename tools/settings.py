"""Write `docs/settings.md` from the declarations: `python -m tools.settings`."""

import sys
from collections.abc import Iterator

from copydesk.settings import describe_settings

HEAD = """\
# Settings

Generated from `copydesk/settings.py` by `make docs`; do not edit.

A setting is an environment variable. The command line and Dagster read the same ones, and refuse a
value that means nothing, or a variable that looks like a setting and is not one, in one line. An
option of a command comes before its variable. An empty variable counts as not set.

| variable | meaning | allowed | default |
|---|---|---|---|
"""
TAIL = """
After a change of `COPYDESK_QUOTES` the next run finds the quotations of each bundle again; after
a change of a limit (`COPYDESK_MAX_…`) it reads each bundle again.
"""


def write_settings() -> Iterator[str]:
    """Yield the lines of the page, a row for each setting."""
    yield from HEAD.splitlines()
    for setting in describe_settings():
        yield (
            f"| `{setting.variable}` | {setting.meaning} | {setting.allowed} | {setting.default} |"
        )
    yield from TAIL.splitlines()


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in write_settings())
