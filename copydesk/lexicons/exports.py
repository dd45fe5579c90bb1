"""Loads how the services that researchers search mark the documents of an export."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from copydesk.lexicons.load import read_toml

SERVICES = ("nexis", "nexis_uni", "factiva", "proquest")


@dataclass(frozen=True, slots=True)
class Service:
    """The lines around the documents of one service, and around the text of each."""

    name: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    body: re.Pattern[str] | None
    end: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class ExportLines:
    """The services, the field of each label in small letters, and lines that are no text."""

    services: tuple[Service, ...]
    field_of: dict[str, str]
    rights: re.Pattern[str]
    length: re.Pattern[str]
    noise: re.Pattern[str]
    byline_prefix: re.Pattern[str]


@cache
def load_export_lines() -> ExportLines:
    """Return the lines by which documents of an export are told apart; one pattern per kind."""
    table = read_toml("copydesk.lexicons", "exports")
    services = tuple(
        Service(name, **{place: _join(lines) for place, lines in table[name].items()})
        for name in SERVICES
    )
    labels = table["labels"]
    lines = table["lines"]
    return ExportLines(
        services,
        {label: field for field, names in labels.items() for label in names},
        re.compile("|".join(lines["rights"]), re.IGNORECASE),
        re.compile("|".join(lines["length"]), re.IGNORECASE),
        re.compile("|".join(lines["noise"])),
        re.compile(lines["byline_prefix"]),
    )


def _join(lines: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(lines)) if lines else None


@cache
def load_subject_prefix() -> re.Pattern[str]:
    """Return what programs put before the subject of a mail that is answered or passed on."""
    pattern: str = read_toml("copydesk.lexicons", "exports")["mail"]["subject_prefix"]
    return re.compile(pattern, re.IGNORECASE)
