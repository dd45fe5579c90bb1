"""Everything that can go wrong and that a person can do something about.

The message of each is one line that says what is wrong and what to do. Programs catch
`CopydeskError`; anything else that is raised is a fault of ours, and shows its traceback.
"""

import re

from copydesk.values import Stage


class CopydeskError(Exception):
    """The root of all errors that copydesk raises on purpose."""


class BundleError(CopydeskError):
    """A bundle that cannot be read at all, with a message for a person."""


class UnreadableError(CopydeskError):
    """Why bytes are not a page: the step that refused them, a code and a sentence."""

    def __init__(self, stage: Stage, error: str, message: str) -> None:
        """Keep the three parts, which are columns of `rejected_files`."""
        super().__init__(stage, error, message)  # all three: an error is pickled by its arguments
        self.stage = stage
        self.error = error
        self.message = message

    def __str__(self) -> str:
        """Return the sentence."""
        return self.message


class SnapshotError(CopydeskError):
    """A snapshot that cannot be opened; the message says why."""


class WatchError(CopydeskError):
    """A watch-list or feed that cannot be read or written; the message names the file."""


class OverrideError(CopydeskError):
    """A row of an override file that cannot be understood; the message names file and line."""


class ListError(CopydeskError):
    """A list that the user provides and that cannot be read; the message names file and reason."""


class UnknownIdError(CopydeskError):
    """An id that nothing or more than one thing has; the message says what begins so."""


class CorrectionError(CopydeskError):
    """A correction that cannot be understood; the message names file and line, and the reason."""


class GoldError(CopydeskError):
    """A gold file that cannot be read; the message names file and line, and the reason."""


class LakeError(CopydeskError):
    """A lake that cannot be read or written; the message names its folder and what to do."""


class StoreError(CopydeskError):
    """An object store that cannot be used; the message names the address and what to do."""


class StaleError(StoreError):
    """A file of a store that became another one while it was read; the message names it."""


FROM_STORE = re.compile(
    rf"^(?:[\w.]+\.)?(?:{StoreError.__name__}|{StaleError.__name__}): (.+)$", re.MULTILINE
)
"""How a library says what Python raised while it read from a store."""


def find_said(error: BaseException) -> str | None:
    """Return what a store said, where DuckDB or Arrow passes it on as text."""
    said = FROM_STORE.search(str(error))
    return None if said is None else said[1]


class ModelError(CopydeskError):
    """A model file that is missing or altered; the message names it and what to do."""


class ClusterError(CopydeskError):
    """A cluster that cannot be used; the message names its scheduler or worker and what to do."""


class ExportError(CopydeskError):
    """An export that cannot be written; the message names what is in the way."""


class SettingsError(CopydeskError):
    """A setting with a value that means nothing; the message names it and what it may be."""


class ReportError(CopydeskError):
    """A report that cannot be written; the message names what is in the way and what to do."""
