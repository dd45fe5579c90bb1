"""List what was published, and tell two of them apart."""

from copydesk.commands.places import CatalogueOption, DataOption, find_catalogue, find_lake
from copydesk.commands.rows import Format, FormatOption, print_rows
from copydesk.history import list_publications
from copydesk.lake import connect
from copydesk.tables import PUBLICATIONS

SNAPSHOTS_SQL = """
SELECT number AS snapshot, date_trunc('second', published_at) AS published_at, n_bundles,
       n_articles, n_quotes, n_entities, is_vacuumed
FROM publications ORDER BY number DESC
"""


def snapshots(
    output: FormatOption = Format.TABLE,
    catalogue: CatalogueOption = None,
    data: DataOption = None,
) -> None:
    """List what was published, the newest first; `copydesk sql --as-of` opens one of them."""
    lake = find_lake(find_catalogue(catalogue, data))
    with connect() as connection:
        connection.register("publications", PUBLICATIONS.spool(list_publications(lake)).read_all())
        print_rows(connection.sql(SNAPSHOTS_SQL), output)
