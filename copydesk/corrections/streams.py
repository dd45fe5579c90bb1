"""Apply the corrections of quotations to rows that pass by, a few articles held back for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from copydesk.cleaning.articles import Page
from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import QuoteRow
from copydesk.corrections.pages import record_outcomes
from copydesk.corrections.quotes import correct_quotes
from copydesk.corrections.speakers import Copied
from copydesk.rows import Mention, PageCorrection, Quote


class QuoteCorrections:
    """The corrections of quotations by article, and what is needed to apply them."""

    def __init__(self, decided: Mapping[str, Sequence[Placed[QuoteRow]]]) -> None:
        """Apply what was decided of each article."""
        self._decided = decided
        self._pages: dict[str, Copied] = {}

    def watch(self, pages: Iterable[Page]) -> Iterator[Page]:
        """Yield the pages, and keep those whose quotations people have corrected."""
        for page in pages:
            if page.raw.article_id in self._decided:
                self._pages[page.raw.article_id] = Copied(page.raw, page.segments)
            yield page

    def apply(self, rows: Iterable[Mention | Quote]) -> Iterator[Mention | Quote | PageCorrection]:
        """Yield rows as people have decided, and what became of each correction."""
        mentions: defaultdict[str, list[Mention]] = defaultdict(list)
        quotes: defaultdict[str, list[Quote]] = defaultdict(list)
        for row in rows:
            if row.article_id not in self._decided:
                yield row
            elif isinstance(row, Mention):
                mentions[row.article_id].append(row)
            else:
                quotes[row.article_id].append(row)
        for article_id, page in self._pages.items():
            made = correct_quotes(
                page,
                mentions=mentions[article_id],
                quotes=quotes[article_id],
                corrections=self._decided[article_id],
            )
            yield from made.mentions
            yield from made.quotes
            yield from record_outcomes(page.raw, made.outcomes)
