"""Say before any work whether its outcome can be written where it is wanted.

Every command imports this, and so without DuckDB.
"""

import os
from pathlib import Path


def explain_place(path: Path, *, makes_folders: bool = False) -> str | None:
    """Return why nothing can be made at `path`; None where something can, as far as can be seen.

    The folder above has to be there, unless whoever writes makes the folders that are missing.
    """
    folders = list(path.absolute().parents)
    above = next(folder for folder in folders if os.path.lexists(folder))
    if not above.is_dir():
        return f"{above} is no folder; name a place in one"
    if above != folders[0] and not makes_folders:
        return f"there is no folder {folders[0]}; make it, or name a place in one that is there"
    if not os.access(above, os.W_OK | os.X_OK):
        return f"this user may not write to {above}; name another place"
    return None


def explain_folder(path: Path) -> str | None:
    """Return what to do where a folder is in the place of a catalogue; None where none is."""
    if not path.is_dir():
        return None
    return (
        f"{path}: is a folder, where the catalogue is a file; move it elsewhere, then "
        "`copydesk doctor --repair` writes the catalogue, and so does `copydesk run`"
    )
