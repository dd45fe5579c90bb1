"""Read what differs from one machine to the next: the only reader of the environment.

The command line, Dagster and `docs/settings.md` all take a setting from here. A setting is declared
once, with its meaning, its unit and what it may be; its variable is its name after `COPYDESK_`.

Loading pydantic takes 0.2 seconds, so only commands that need a setting import this module.
"""

import difflib
import os
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, get_type_hints

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from copydesk.cluster.address import EXAMPLE, Cluster, check_cluster
from copydesk.corrections.folder import DecisionFiles
from copydesk.errors import SettingsError, StoreError
from copydesk.lake.lake import Lake
from copydesk.lake.vacuum import MAX_DAYS, Retention
from copydesk.publishing.access import QueryLimits
from copydesk.quotations.methods import QuoteMethod
from copydesk.reading.limits import Limits
from copydesk.storage.address import EXAMPLE as LAKE_EXAMPLE
from copydesk.storage.address import check_address, is_remote
from copydesk.storage.paths import AnyPath, parse_path
from copydesk.watching.watches import Watching, watching_in

PREFIX = "COPYDESK_"
MAX_NUMBER = 1_000_000_000
MAX_WORKERS = 1_000  # processes
DEFAULT_RETENTION = Retention()
DEFAULT_LIMITS = Limits()
DEFAULT_QUERY_LIMITS = QueryLimits()
LIMIT_PREFIX = "max_"
QUERY_PREFIX = "query_"


def count_cores() -> int:
    """Return how many processes may parse where nobody says: one for each core."""
    return os.cpu_count() or 1


def _limit(name: str, limits: Limits | QueryLimits = DEFAULT_LIMITS) -> Any:  # noqa: ANN401 - pydantic declares a field by a value of any type
    """Return the setting of one of the limits, which state its meaning and default."""
    meaning = get_type_hints(type(limits), include_extras=True)[name].__metadata__[0]
    default = getattr(limits, name)
    return Field(default=default, ge=1, le=MAX_NUMBER, description=f"the most {meaning}")


class Engine(StrEnum):
    """Where articles are parsed."""

    LOCAL = "local"
    DASK = "dask"


class Settings(BaseSettings):
    """The places and numbers that differ from one machine to the next."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    data: Path = Field(
        default=Path("data"),
        description="folder of the inbox, the tables, the catalogue and what people have decided",
        json_schema_extra={"default": "`data` of the project"},
    )
    lake_uri: str = Field(
        default="",
        description="where the tables are, if not in the data folder",
        json_schema_extra={
            "default": "`lake` in the data folder",
            "allowed": f"a folder, or an address in an object store such as `{LAKE_EXAMPLE}`",
        },
    )
    inbox_uri: str = Field(
        default="",
        description="where bundles are dropped, if not in the data folder",
        json_schema_extra={
            "default": "`inbox` in the data folder",
            "allowed": "a folder, or an address in an object store such as `s3://bucket/inbox`",
        },
    )
    wikidata: str = Field(
        default="",
        description="list of ids of Wikidata for people, bodies and places (docs/wikidata.md)",
        json_schema_extra={
            "default": "`wikidata.csv` in the data folder, if it is there",
            "allowed": "a file",
        },
    )
    workers: int = Field(
        default_factory=count_cores,
        ge=1,
        le=MAX_WORKERS,
        description="processes that parse",
        json_schema_extra={"default": "one for each core"},
    )
    engine: Engine = Field(
        default=Engine.LOCAL,
        description="where articles are parsed: in processes of this machine, or on the workers of "
        "a Dask cluster",
    )
    scheduler: str = Field(
        default="",
        description="address of the scheduler of the cluster",
        json_schema_extra={
            "default": "none",
            "allowed": f"an address such as `{EXAMPLE}`; outside the loopback, one that starts "
            "with `tls://`",
        },
    )
    certificates: str = Field(
        default="",
        description="folder of the certificates that the parts of the cluster show each other",
        json_schema_extra={"default": "none", "allowed": "a folder"},
    )
    quotes: QuoteMethod = Field(
        default=QuoteMethod.TAGGER,
        description="what finds quotations: the tagger, or rules alone in half the time",
    )
    keep_days: float = Field(
        default=DEFAULT_RETENTION.days,
        ge=0,
        le=MAX_DAYS,
        allow_inf_nan=False,
        description="days for which the upkeep keeps a snapshot after the next one was published",
    )
    keep_snapshots: int = Field(
        default=DEFAULT_RETENTION.snapshots,
        ge=1,
        le=MAX_NUMBER,
        description="newest snapshots that the upkeep keeps however old they are",
    )
    alerts: str = Field(
        default="",
        description="where failed runs, and a catalogue that is not published for long, are "
        "reported: a file to append to, or an address to post to",
        json_schema_extra={
            "default": "nowhere",
            "allowed": "a file, or an address that starts with `http://` or `https://`",
        },
    )
    report: str = Field(
        default="",
        description="folder into which pages of what is published are written, within the hour",
        json_schema_extra={"default": "none: `copydesk report` writes them", "allowed": "a folder"},
    )
    fresh_days: float = Field(
        default=7,
        ge=0,
        le=MAX_DAYS,
        allow_inf_nan=False,
        description="days without a new snapshot after which the catalogue counts as out of date",
    )
    keep_run_days: int = Field(
        default=90,
        ge=1,
        le=int(MAX_DAYS),
        description="days for which the upkeep keeps the logs of a run; the newest run of each "
        "bundle stays",
    )
    max_page_mib: int = _limit("page_mib")
    max_json_mib: int = _limit("json_mib")
    max_file_mib: int = _limit("file_mib")
    max_ratio: int = _limit("ratio")
    max_depth: int = _limit("depth")
    max_entries: int = _limit("entries")
    max_page_seconds: int = _limit("page_seconds")
    max_work_mib: int = _limit("work_mib")
    max_article_seconds: int = _limit("article_seconds")
    max_article_mib: int = _limit("article_mib")
    query_seconds: int = _limit("seconds", DEFAULT_QUERY_LIMITS)
    query_memory_mib: int = _limit("memory_mib", DEFAULT_QUERY_LIMITS)
    query_spill_mib: int = _limit("spill_mib", DEFAULT_QUERY_LIMITS)

    @property
    def inbox(self) -> AnyPath:
        """Folder into which bundles are dropped."""
        return parse_path(self.inbox_uri) if self.inbox_uri else self.data / "inbox"

    @property
    def lake(self) -> Lake:
        """The Delta tables."""
        return Lake(self.lake_uri or str(self.data / "lake"))

    @property
    def catalogue(self) -> Path:
        """DuckDB file that readers open."""
        return self.data / "copydesk.duckdb"

    @property
    def report_folder(self) -> Path:
        """Folder into which the report is written."""
        return Path(self.report) if self.report else self.data / "report"

    @property
    def decisions(self) -> DecisionFiles:
        """Files in which people decide."""
        return DecisionFiles(self.data)

    @property
    def id_list(self) -> Path:
        """File of the ids of Wikidata that the user provides."""
        return Path(self.wikidata) if self.wikidata else self.data / "wikidata.csv"

    @property
    def watching(self) -> Watching:
        """Files of the watch-list: the list, the feed and the table."""
        return watching_in(self.data)

    @property
    def cluster(self) -> Cluster | None:
        """The cluster that extracts, if it is not this machine.

        Raises: SettingsError: if it cannot be used.
        """
        return None if self.engine is Engine.LOCAL else self.named_cluster

    @property
    def named_cluster(self) -> Cluster:
        """The cluster of the scheduler, whether it extracts or not.

        Raises: SettingsError: if it cannot be used.
        """
        certificates = Path(self.certificates) if self.certificates else None
        return check_cluster(Cluster(self.scheduler, certificates))

    @property
    def limits(self) -> Limits:
        """How much is read of what strangers deliver."""
        return Limits(**self._named(LIMIT_PREFIX))

    @property
    def query_limits(self) -> QueryLimits:
        """How much one query of `copydesk sql` may take."""
        return QueryLimits(**self._named(QUERY_PREFIX))

    @property
    def retention(self) -> Retention:
        """Which snapshots the upkeep keeps."""
        return Retention(days=self.keep_days, snapshots=self.keep_snapshots)

    def _named(self, prefix: str) -> dict[str, int]:
        """Return the settings whose names begin with `prefix`, without it."""
        names = (name for name in Settings.model_fields if name.startswith(prefix))
        return {name.removeprefix(prefix): getattr(self, name) for name in names}


class Described(NamedTuple):
    """A setting as the documentation shows it."""

    variable: str
    default: str
    allowed: str
    meaning: str


def load_settings(*, data: Path | None = None, default_data: Path = Path("data")) -> Settings:
    """Return the settings of this process; `data` of the command line comes before the variable.

    Where neither says where the data is, it is in `default_data`.

    Raises: SettingsError: naming every variable whose value means nothing, and what is allowed; or
        saying why the cluster cannot be used.
    """
    _refuse_unknown()
    try:
        settings = Settings() if data is None else Settings(data=data)
    except ValidationError as error:
        raise SettingsError("; ".join(_explain_all(error))) from error
    place = settings.data if "data" in settings.model_fields_set else default_data
    elsewhere = {name: _place(getattr(settings, name)) for name in ("lake_uri", "inbox_uri")}
    if settings.wikidata:
        place_of_list = Path(settings.wikidata).resolve()
        if not place_of_list.exists():
            msg = f"{PREFIX}WIKIDATA: {place_of_list}: no such file"
            raise SettingsError(msg)
        elsewhere["wikidata"] = str(place_of_list)
    settings = settings.model_copy(update={"data": place.resolve(), **elsewhere})
    _ = settings.cluster  # one that cannot be used is refused before anything is read
    return settings


def _place(text: str) -> str:
    """Return a path or an address in full, and an empty text as it is.

    Raises: SettingsError: if the address means nothing, or nothing here can open it.
    """
    if not text:
        return text
    try:
        return check_address(text) if is_remote(text) else str(Path(text).resolve())
    except StoreError as error:
        raise SettingsError(str(error)) from error


def describe_settings() -> list[Described]:
    """Return all settings in the order in which they are declared."""
    return [
        Described(PREFIX + name.upper(), _default(field), _allowed(field), str(field.description))
        for name, field in Settings.model_fields.items()
    ]


def _refuse_unknown() -> None:
    """Refuse a variable that only looks like a setting: it would do nothing in silence."""
    known = [setting.variable for setting in describe_settings()]
    unknown = sorted(name for name in os.environ if name.startswith(PREFIX) and name not in known)
    if unknown:
        close = difflib.get_close_matches(unknown[0], known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(known)}"
        message = f"{unknown[0]}: no setting has this name; {hint}"
        raise SettingsError(message)


def _explain_all(error: ValidationError) -> Iterator[str]:
    for wrong in error.errors():
        name = str(wrong["loc"][0])
        allowed = _allowed(Settings.model_fields[name])
        stated = str(wrong["input"]).strip()
        yield f"{PREFIX}{name.upper()} must be {allowed}, not {stated!r}"


def _allowed(field: FieldInfo) -> str:
    """Return in words what a setting may be."""
    kind = field.annotation
    if isinstance(field.json_schema_extra, dict) and "allowed" in field.json_schema_extra:
        return str(field.json_schema_extra["allowed"])
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return " or ".join(kind)
    if kind is Path:
        return "a folder"
    least = next(rule.ge for rule in field.metadata if hasattr(rule, "ge"))
    most = next(rule.le for rule in field.metadata if hasattr(rule, "le"))
    return f"{'a whole number' if kind is int else 'a number'} from {least:,} to {most:,}"


def _default(field: FieldInfo) -> str:
    """Return the default as a person writes it."""
    if isinstance(field.json_schema_extra, dict):  # it depends on the machine
        return str(field.json_schema_extra["default"])
    default = field.default
    return f"{default:,}" if isinstance(default, (int, float)) else str(default)
