"""The weekly run over everything says how many rows it makes otherwise than publications did."""

import dagster as dg
import pytest

from assets.upkeep import make_all_again
from copydesk import corpus_steps
from copydesk.lake.delta import CorpusRows
from copydesk.publishing.versions import hash_corpus_code
from copydesk.rows import Story
from copydesk.settings import Settings
from copydesk.tables import CORPUS_TABLES, OUTLETS, QUOTE_GROUPS, STORIES

EQUAL = dict.fromkeys((table.name for table in CORPUS_TABLES), 0)


@pytest.fixture
def resolved(tmp_path):
    """Return settings of an empty lake whose tables over all bundles are made."""
    settings = Settings(data=tmp_path)
    lake = settings.lake
    made = [
        *corpus_steps.resolve_mentions(lake, decisions=settings.decisions),
        corpus_steps.resolve_outlets(lake, decisions=settings.decisions),
        corpus_steps.cluster_articles(lake, decisions=settings.decisions),
        corpus_steps.group_statements(lake, decisions=settings.decisions),
    ]
    for table, rows in zip(
        (*corpus_steps.ENTITY_TABLES, OUTLETS, STORIES, QUOTE_GROUPS), made, strict=True
    ):
        lake.replace_corpus(table, rows)
    return settings


def run(settings, capsys):
    """Run the op; return what it keeps, and what it says to the operator."""
    with dg.build_op_context(resources={"settings": settings}) as context:
        make_all_again(context)
        kept = context.get_output_metadata("result")
    return dict(kept), capsys.readouterr().err


def test_a_run_over_everything_makes_the_same_rows(resolved):
    assert corpus_steps.compare_with_whole(resolved.lake, decisions=resolved.decisions) == EQUAL


def test_rows_that_differ_are_counted_and_said(resolved, capsys):
    lake = resolved.lake
    code = hash_corpus_code(resolved.decisions)
    row = Story(
        *("a1", "s", "t", "sole", "no_text", None, 1.0, 1.0),
        is_representative=True,
        is_text_representative=True,
    )
    stories = CorpusRows(STORIES.spool([row]), lake.snapshot().version, code)
    lake.replace_corpus(STORIES, stories)
    kept, warned = run(resolved, capsys)
    assert kept["stories_rows_that_differ"] == 1
    assert sum(n for n in kept.values()) == 1
    assert "stories: 1 rows differ from a run over everything" in warned
    assert corpus_steps.compare_with_whole(lake, decisions=resolved.decisions) == EQUAL


def test_nothing_is_compared_while_a_publication_is_due(tmp_path, capsys):
    assert run(Settings(data=tmp_path), capsys) == ({"not_compared": "a publication is due"}, "")
