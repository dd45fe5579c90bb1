"""Report to people what they must know, to the file or the address that a setting names."""

import json
import urllib.request
from pathlib import Path
from typing import NamedTuple

TIMEOUT_SECONDS = 10.0
ADDRESSES = ("http://", "https://")


class Alert(NamedTuple):
    """What happened: a line for a person, and its parts for a program."""

    kind: str
    text: str
    at: str
    job: str = ""
    bundle: str = ""
    run_id: str = ""


def send_alert(target: str, alert: Alert) -> None:
    """Append an alert to a file as a line of JSON, or post it to an address.

    Raises: OSError: if the file cannot be written, or nobody answers well at the address.
    """
    line = json.dumps(alert._asdict(), ensure_ascii=False)
    if target.startswith(ADDRESSES):
        request = urllib.request.Request(  # noqa: S310 - one of two kinds of address
            target, data=line.encode(), headers={"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS):  # noqa: S310 - an address that the operator sets
            return
    with Path(target).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
