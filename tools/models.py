"""Write `copydesk/models.sha256`: `python -m tools.models > copydesk/models.sha256`.

Run it after a training, and after another version of the parser was chosen.
"""

import sys
from collections.abc import Iterator
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path

from copydesk.lexicons.language import LANGUAGES
from copydesk.lexicons.models import hash_file

WEIGHTS = ("*.npz", "*.onnx", "*.tokenizer.json")
NOT_LOADED = frozenset({"LICENSE", "LICENSES_SOURCES", "README.md", "accuracy.json"})


def write_hashes() -> Iterator[str]:
    """Yield a line for each file of each model."""
    packages = {name for each in LANGUAGES for name in (each.line_model, each.tagger)}
    for package in sorted(packages):
        with as_file(files(package)) as folder:
            found = sorted(path for pattern in WEIGHTS for path in folder.glob(pattern))
            yield from _hash_all(found, folder=folder, prefix=package.replace(".", "/"))
    for language in LANGUAGES:
        folder = find_parser(language.parser_package) / language.parser_folder
        found = sorted(p for p in folder.rglob("*") if p.is_file() and p.name not in NOT_LOADED)
        prefix = f"{language.parser_package}/{language.parser_folder}"
        yield from _hash_all(found, folder=folder, prefix=prefix)


def find_parser(package: str) -> Path:
    """Return the folder of an installed package, without importing it."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(package)
    return Path(spec.origin).parent


def _hash_all(paths: list[Path], *, folder: Path, prefix: str) -> Iterator[str]:
    for path in paths:
        yield f"{hash_file(path)}  {prefix}/{path.relative_to(folder).as_posix()}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in write_hashes())
