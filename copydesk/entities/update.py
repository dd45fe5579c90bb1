"""Resolve the names of all articles, given counts that are kept of each bundle.

All names are joined at each publication: a rule may look at any other name, and there are a tenth
as many names as mentions. What is read of the mentions is that of new bundles.
"""

from collections.abc import Sequence

from copydesk.entities.counts import READ, keep_counts, kept_sql
from copydesk.entities.overrides import Override
from copydesk.entities.resolve import Resolution, resolve_counted
from copydesk.lake.changes import MOST_CHANGED
from copydesk.lake.delta import Way
from copydesk.lake.kept import number_parts
from copydesk.lake.lake import Snapshot
from copydesk.lexicons.language import ENGLISH, Language


def update_entities(  # noqa: PLR0913 - where from, and how
    snapshot: Snapshot,
    *,
    version: str,
    overrides: Sequence[Override] = (),
    is_whole: bool = False,
    most_changed: float = MOST_CHANGED,
    language: Language = ENGLISH,
) -> tuple[Resolution, Way]:
    """Return the entities of a snapshot and the links of their names; what people decide is last.

    Names are counted in all bundles where more than a share of them changed, else in those alone;
    that is returned too. `version` is that of the counts.
    """
    parts = number_parts(snapshot, READ, code=version)
    way = keep_counts(snapshot, parts, is_whole=is_whole, most_changed=most_changed)
    counts = kept_sql(snapshot.lake, parts)
    return resolve_counted(counts, overrides=overrides, language=language), way
