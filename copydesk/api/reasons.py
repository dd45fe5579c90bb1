"""Explain what a `Page` says, when somebody asks.

A module of its own because it imports DuckDB: `copydesk.clean` works without.
"""

from copydesk.api.extract import HasRows
from copydesk.cleaning.evidence import harvest_facts
from copydesk.extraction.extract import Extract
from copydesk.publishing.explain_rows import explain_article, explain_line, explain_quote
from copydesk.publishing.explanation import Explanation, Fact
from copydesk.publishing.published import PublishedPage
from copydesk.publishing.versions import table_version
from copydesk.rows import Quote, Segment
from copydesk.tables import ARTICLES, QUOTES, SEGMENTS


def explain_rows(page: HasRows, extract: Extract, row: Quote | Segment | None) -> Explanation:
    """Return why a quotation or a line of a page is as it is; without one, its article."""
    segments = list(page.segments)
    facts = harvest_facts(page.raw, segments)
    rows = PublishedPage(page.raw, page.article, segments, facts, extract.mentions, extract.quotes)
    if isinstance(row, Quote):
        made = explain_quote(rows, row)
    elif isinstance(row, Segment):
        made = explain_line(rows, row.seq) or explain_article(rows)
    else:
        made = explain_article(rows)
    tables = (SEGMENTS, ARTICLES, QUOTES)
    made.versions.extend(Fact(table.name, table_version(table)) for table in tables)
    return made
