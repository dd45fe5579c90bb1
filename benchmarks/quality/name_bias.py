"""Does a pronoun find its person, wherever the person's name comes from?

Every invented person of `benchmarks/data/names_by_region.toml` is put into the same six small
articles: somebody with a common English name has spoken, then the person comes in, and then `he
said` or `she said` follows. Right is the person; wrong is anybody else; the rest stays open. The
articles differ in nothing but the name, so the rows of the table should not differ at all.
"""

import argparse
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from spacy.tokens import Doc

from copydesk.cleaning.copytext import copy_of_text
from copydesk.extraction.extract import BATCH_ARTICLES
from copydesk.extraction.parsing import parse_copies
from copydesk.extraction.workers import cut_batches
from copydesk.mentions.names import compare_key, find_names
from copydesk.quotations.find import find_quotes
from copydesk.quotations.methods import QuoteMethod
from copydesk.quotations.speakers import read_context, resolve_speaker

NAMES = Path(__file__).resolve().parent.parent / "data" / "names_by_region.toml"
SAID = "The new market has changed the whole street"
FRAMES = (
    """{other} opened the market on Monday. “It took us nine years,” {other_last} said.

{name}, who sells fish there, was less happy. “{said},” {he} said.""",
    """{other} said the market would open in May.

It was {name} who asked for it first. “{said},” {he} told reporters.""",
    """{other} praised the market on Monday. {other_last} said it was cheap, and that {he} liked it.

{name} was more cautious. “{said},” {he} said.""",
    """The market opened after a visit by {other}.

{name} has worked at the harbour for ten years. “{said},” {he} said.""",
    """{other} opened the market. “I am proud of it,” {he} said.

But {name}, a lawyer from the coast, has doubts. “{said},” {he} said. “We all feel it.”""",
    """The market will stay open, {other} said.

“It is far too loud,” said {name}. “{said},” {he} added.""",
)
OTHERS = {"men": ("Paul Miller", "he"), "women": ("Anna Miller", "she")}


class Case(NamedTuple):
    """A small article, and the name of who speaks the last of it."""

    region: str
    frame: int
    name: str
    text: str


def main() -> None:
    """Read the articles of all regions and print who was found to speak."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.name_bias")
    parser.add_argument("--errors", action="store_true", help="print what is not right")
    options = parser.parse_args()
    verdicts: dict[str, Counter[str]] = {}
    for case, found in judge(make_cases()):
        verdicts.setdefault(case.region, Counter())[verdict(case, found)] += 1
        if options.errors and verdict(case, found) != "right":
            print(f"{case.region}, frame {case.frame}: {case.name} -> {found}")
    print(format_table(verdicts))


def make_cases() -> Iterator[Case]:
    """Yield every frame with every name, region by region."""
    for region, people in tomllib.loads(NAMES.read_text("utf-8")).items():
        for group, names in people.items():
            other, he = OTHERS[group]
            for name in names:
                for number, frame in enumerate(FRAMES, start=1):
                    text = frame.format(
                        name=name,
                        said=SAID,
                        he=he,
                        other=other,
                        other_last=other.split()[-1],
                    )
                    yield Case(region, number, name, text)


def judge(cases: Iterable[Case]) -> Iterator[tuple[Case, str | None]]:
    """Yield each case with the name of who speaks the words that it is about, if anybody."""
    for batch in cut_batches(cases, BATCH_ARTICLES):
        copies = [copy_of_text(str(number), case.text) for number, case in enumerate(batch)]
        for case, doc in zip(batch, parse_copies(copies), strict=True):
            yield case, _find_speaker(case, doc)


def verdict(case: Case, found: str | None) -> str:
    """Return whether the speaker of a case is `right`, `wrong` or `open`."""
    if found is None:
        return "open"
    words = compare_key(found).split()
    return "right" if set(words) <= set(compare_key(case.name).split()) else "wrong"


def format_table(verdicts: Mapping[str, Counter[str]]) -> str:
    """Return the shares of each region, the worst one first."""
    rows = sorted(verdicts.items(), key=lambda row: row[1]["right"] / row[1].total())
    lines = [f"{'region':<30} {'right':>6} {'wrong':>6} {'open':>6} | right of 20"]
    for region, counts in rows:
        cells = " ".join(f"{counts[each]:>6}" for each in ("right", "wrong", "open"))
        lines.append(f"{region:<30} {cells} | {20 * counts['right'] / counts.total():11.1f}")
    return "\n".join(lines)


def _find_speaker(case: Case, doc: Doc) -> str | None:
    names = find_names(doc, case.text)
    quotations = find_quotes(doc, case.text, QuoteMethod.RULES)
    context = read_context(doc, names, quotations)
    at = case.text.index(SAID)
    for quotation in quotations:
        if quotation.content[0].start <= at < quotation.content[0].end:
            speaker = resolve_speaker(quotation, context).name
            return None if speaker is None else names[context.chains[speaker].head].text
    return None


if __name__ == "__main__":
    main()
