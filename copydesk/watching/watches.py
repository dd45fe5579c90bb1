"""Read a watch-list: searches with a name, in a file that people write."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from copydesk.errors import WatchError
from copydesk.publishing.search import Search, explain_odd

AT_LINE = re.compile(r" \(at line (\d+), column \d+\)")
Text = Annotated[str, Field(min_length=1)]


class Watching(NamedTuple):
    """The files of a watch-list: the list, the feed and the table."""

    watches: Path
    feed: Path
    table: Path


def watching_in(data: Path) -> Watching:
    """Return the files of the watch-list of a data folder."""
    return Watching(data / "watches.toml", data / "watch.xml", data / "watched.parquet")


class Watch(BaseModel):
    """What a watch is for, as in the file: all that is given must be so, and something is."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    words: Text | None = None
    speaker: Text | None = None
    about: Text | None = None
    outlet: Text | None = None

    @model_validator(mode="after")
    def _asks_for_something(self) -> "Watch":
        if not self.model_fields_set:
            msg = "give words, speaker, about or outlet"
            raise ValueError(msg)
        odd = explain_odd(self.search)
        if odd is not None:
            raise ValueError(odd)
        return self

    @property
    def search(self) -> Search:
        """The search that finds its statements."""
        return Search(self.words or "", speaker=self.speaker, about=self.about, outlet=self.outlet)


def read_watches(path: Path) -> Mapping[str, Watch]:
    """Return the watches of a file by name, in its order; none if there is no file.

    Raises: WatchError: if it cannot be read, naming the watch and what is wrong with it.
    """
    try:
        text = path.read_text("utf-8-sig")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise WatchError(_explain_toml(path, text, str(error))) from error
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read: {error}"
        raise WatchError(msg) from error
    return {name: _read_watch(path, name, table) for name, table in tables.items()}


def _explain_toml(path: Path, text: str, reason: str) -> str:
    """Return where a file is no TOML, with the line: the parser names no key."""
    found = AT_LINE.search(reason)
    if found is None:
        return f"{path}: cannot be read: {reason}"
    number = int(found[1])
    line = next(iter(text.splitlines()[number - 1 : number]), "").strip()
    return f"{path}:{number}: cannot be read: {AT_LINE.sub('', reason)}: {line}"


def _read_watch(path: Path, name: str, table: object) -> Watch:
    if isinstance(table, list):
        msg = f"{path}: [[{name}]]: give each watch a heading and a name of its own: [{name}]"
        raise WatchError(msg)
    if not isinstance(table, dict):
        msg = f"{path}: {name}: belongs below the heading of a watch, such as [ferries]"
        raise WatchError(msg)
    try:
        return Watch.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = first["loc"][0] if first["loc"] else None
        if isinstance(wrong := table.get(str(key)), dict | list):
            msg = f"{path}: {_explain_nested(name, str(key), wrong)}"
            raise WatchError(msg) from error
        msg = f"{path}: [{name}]: {_explain_key(key, first)}"
        raise WatchError(msg) from error


def _explain_nested(name: str, key: str, value: object) -> str:
    """Return what to write in place of a heading with a dot, or of a list."""
    if isinstance(value, dict) and key not in Watch.model_fields:
        return (
            f"[{name}.{key}]: a watch has no parts; write the name in quotation marks, "
            f'["{name}.{key}"], or without the dot'
        )
    return f"[{name}]: {key} is one text in quotation marks; what else you look for is a watch more"


def _explain_key(key: object, wrong: ErrorDetails) -> str:
    if wrong["type"] == "extra_forbidden":
        return f"there is no key {key}; the keys are {', '.join(Watch.model_fields)}"
    if key is not None:
        return f"{key} is a text of one character or more, in quotation marks"
    return wrong["msg"].removeprefix("Value error, ")
