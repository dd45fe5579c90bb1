"""Read a watch-list: searches with a name, in a file that people write."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from copydesk.errors import WatchError
from copydesk.publishing.search import Search

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
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"{path}: cannot be read: {error}"
        raise WatchError(msg) from error
    return {name: _read_watch(path, name, table) for name, table in tables.items()}


def _read_watch(path: Path, name: str, table: object) -> Watch:
    try:
        return Watch.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join([name, *map(str, first["loc"])])
        msg = f"{path}: [{place}]: {first['msg'].removeprefix('Value error, ')}"
        raise WatchError(msg) from error
