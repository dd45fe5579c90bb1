"""The invented quotations are joined as they were planted: floors for recall and precision."""

from collections import Counter

import pyarrow as pa
import pytest

from benchmarks.quality.quote_groups import invent_quotes
from copydesk.statements.features import QUOTATIONS
from copydesk.statements.groups import join_quotations
from copydesk.tables import QUOTE_GROUPS
from copydesk.values import GroupRelation, Label, QuoteType

N_QUOTES = 1_500
MIN_RECALL = {GroupRelation.EXACT: 0.95, GroupRelation.EXCERPT: 0.9, GroupRelation.VARIANT: 0.85}
MIN_PRECISION = 0.98


@pytest.fixture(scope="module")
def planted():
    return {f"q{i:05}": planted for i, planted in enumerate(invent_quotes(N_QUOTES))}


@pytest.fixture(scope="module")
def groups(planted):
    quotations = [
        {
            "quote_id": quote_id,
            "article_id": f"a{i}",
            "type": QuoteType.DIRECT,
            "content": row.content,
            "fragments": (),
            "zone": Label.BODY,
            "parent_quote_id": None,
            "speaker": None if row.speaker < 0 else f"s{row.speaker}",
        }
        for i, (quote_id, row) in enumerate(planted.items())
    ]
    rows = join_quotations(pa.Table.from_pylist(quotations, QUOTATIONS))
    return {row.quote_id: row for row in QUOTE_GROUPS.to_rows(rows.to_batches())}


def test_planted_renderings_are_found(planted, groups):
    n, found = Counter(), Counter()
    for quote_id, row in planted.items():
        origin = groups[f"q{row.origin:05}"].quote_group_id
        n[row.relation] += 1
        found[row.relation] += groups[quote_id].quote_group_id == origin
    assert {r: found[r] / n[r] >= floor for r, floor in MIN_RECALL.items()} == dict.fromkeys(
        MIN_RECALL, True
    )


def test_groups_hold_one_statement(planted, groups):
    joined = [row for row in groups.values() if row.rule not in {"sole", "head"}]
    right = [planted[row.quote_id].origin == planted[row.head_quote_id].origin for row in joined]
    assert sum(right) >= MIN_PRECISION * len(right) > 0
