"""Make a minimal, anonymised case of a page that came out wrong: `make bug PAGE=… WORDS="…"`.

With words of the line or quotation that is wrong, all is left out that this does not depend on.
Names become invented ones, mail and web addresses and long numbers are hidden. The folder has the
page, `now.json` with what copydesk makes of it, and `expected.json`, the same for you to correct.
Look at the page before you send it: what identifies somebody without a name, only you can see.
"""

import argparse
import json
import sys
from pathlib import Path

import copydesk
from copydesk.api.extract import extract_text
from copydesk.api.page import Page
from copydesk.errors import CopydeskError
from copydesk.values import Label, MentionKind
from tools.bug.disguise import Disguise
from tools.bug.finding import find_words
from tools.bug.shrink import Trials, rewrite_html, shrink_html, shrink_text

PERSON = "PERSON"
HTML = "text/html"
PAGES = ("page.txt", "page.html")
NOW, EXPECTED = "now.json", "expected.json"


class NoCaseError(CopydeskError):
    """Nothing to make a case of."""


def make_case(source: str, words: str) -> tuple[str, list[str]]:
    """Return the minimal, anonymised page, and notes on what could not be done to it.

    Raises: NoCaseError: if the page does not have `words`.
    """
    page = copydesk.clean(source)
    finding = find_words(page, words)
    if finding is None:
        msg = f"the page does not have the words {words!r}: copy some as they are shown on it"
        raise NoCaseError(msg)
    notes: list[str] = []
    is_html = page.raw.media_type == HTML

    def holds(shorter: str) -> bool:
        return bool(shorter.strip()) and find_words(copydesk.clean(shorter), words) == finding

    if words and is_html and not holds(rewrite_html(source)):
        notes.append("not made shorter: it depends on how the HTML is written")
    elif words:
        trials = Trials(holds)
        source = shrink_html(source, trials) if is_html else shrink_text(source, trials)
        if trials.are_used_up:
            notes.append("not made as short as can be: it is too long to try all its parts")
    else:
        notes.append('the whole page: make it shorter with WORDS="some words that came out wrong"')
    disguise = disguise_for(copydesk.clean(source))
    hidden = disguise.hide_html(source) if is_html else disguise.hide(source)
    now = find_words(copydesk.clean(hidden), disguise.hide(words))
    if now != finding.under(disguise):
        notes.append("with other names it comes out differently: please say so, without the names")
    return hidden, notes


def disguise_for(page: Page) -> Disguise:
    """Return invented names for all who are named anywhere on a page, its byline included."""
    named = [m for m in extract_text(page.text).mentions if m.kind is MentionKind.NAMED]
    bylines = [page.byline or ""]
    bylines += [line.text for line in page.removed if line.label is Label.BYLINE]
    return Disguise(
        people=[*(m.text for m in named if m.label == PERSON), *bylines],
        others=[*(m.text for m in named if m.label != PERSON), page.outlet or ""],
    )


def describe(page: Page) -> dict[str, object]:
    """Return what copydesk makes of a page, as JSON shows it."""
    return {
        "headline": page.headline,
        "byline": page.byline,
        "outlet": page.outlet,
        "published_on": page.published_on and page.published_on.isoformat(),
        "lines": [
            {"text": page.text[s.start : s.end], "label": str(s.label), "rule": s.rule}
            for s in page.segments
            if s.label is not Label.BLANK
        ],
        "quotations": [
            {
                key: value
                for key, value in quote.to_dict().items()
                if not key.endswith(("_id", "start", "end", "spans"))
            }
            for quote in page.quotes
        ],
        "copydesk": copydesk.__version__,
    }


def check_folder(folder: Path) -> None:
    """Make a folder for a case; one that is there holds an earlier case that nobody has corrected.

    Raises:
        NoCaseError: if anything else is there, which would be lost.
        OSError: if it cannot be made.
    """
    if folder.exists() and not folder.is_dir():
        msg = f"{folder}: is a file; name a folder with --out"
        raise NoCaseError(msg)
    folder.mkdir(parents=True, exist_ok=True)
    there = {path.name for path in folder.iterdir()}
    others = sorted(there - {NOW, EXPECTED, *PAGES})
    if others:
        msg = f"{folder}: holds {others[0]}, which is no case; name a new folder with --out"
        raise NoCaseError(msg)
    if there and not {NOW, EXPECTED} <= there:
        msg = f"{folder}: holds {min(there)}; name a new folder with --out"
        raise NoCaseError(msg)
    if there and (folder / NOW).read_bytes() != (folder / EXPECTED).read_bytes():
        msg = f"{folder / EXPECTED}: you have corrected it; name a new folder with --out"
        raise NoCaseError(msg)


def _read(path: Path) -> str:
    page = copydesk.clean(path)
    try:
        source = path.read_text("utf-8")
    except UnicodeDecodeError:
        return page.text
    # What is no text of its own, such as a record of JSON, becomes the text that is read of it.
    return source if copydesk.clean(source).text == page.text else page.text


def main() -> None:
    """Write the case of a page into a folder."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.bug",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("page", type=Path, help="a file that holds one page")
    parser.add_argument("--words", default="", help="of the line or quotation that is wrong")
    parser.add_argument("--out", type=Path, default=Path("bug"), help="the folder; by default bug")
    given = parser.parse_args()
    try:
        check_folder(given.out)
        case, notes = make_case(_read(given.page), given.words)
    except CopydeskError as error:
        sys.exit(f"bug: {error}")
    except OSError as error:
        sys.exit(f"bug: {error.filename}: {error.strerror}; name another file or folder")
    page = copydesk.clean(case)
    other = PAGES[page.raw.media_type != HTML]
    (given.out / other).unlink(missing_ok=True)  # of an earlier case
    name = PAGES[page.raw.media_type == HTML]
    now = json.dumps(describe(page), indent=2, ensure_ascii=False) + "\n"
    written = {name: case, NOW: now, EXPECTED: now}
    for file, text in written.items():
        (given.out / file).write_text(text, "utf-8")
    for note in notes:
        print(f"note: {note}")
    print(f"{given.out / name}: {len(case):,} characters; read it before you send it")
    print(f"correct {given.out / EXPECTED}, and put all three files into the issue")


if __name__ == "__main__":
    main()
