"""Behaviour of `copydesk.steps`: what the steps keep beside the rows that they return."""

from dataclasses import replace

import pytest

from copydesk import steps
from copydesk.cleaning.articles import identify_language
from copydesk.lake.lake import Lake
from copydesk.reading.limits import Limits
from copydesk.reading.pages import page_of_text
from copydesk.rows import Label, RejectedFile, Segment, Stage
from copydesk.steps import Stages
from copydesk.tables import ARTICLES, RAW_ARTICLES, REJECTED_FILES, SEGMENTS

STORY = """\
Ferry is late

KEELBY — The ferry from Keelby came an hour late on Monday, its captain Ida Rolf said at the quay.

“The engine stopped twice off the point, and we waited for the tide to turn,” Rolf said.
"""
# Four bytes a character, 40 MB a copy: more than an allocator keeps of what was freed before.
ENDLESS = f"🚢 {'The ferry was late again. ' * 400_000}Rolf said.\n"


class Silent:
    """Shows no progress."""

    def track(self, items, *, stage, total=None, n_pages=len):  # noqa: ARG002 - as `Progress` has it
        yield from items


def rejected(path, stage):
    return RejectedFile("may", path, stage, "failed", "it fails", None)


def test_articles_that_fail_are_kept_until_the_next_extraction(tmp_path):
    lake = Lake(str(tmp_path))
    stages = Stages(Silent(), lake, "may")
    of_file = rejected("a.png", Stage.OPEN)
    lake.replace(REJECTED_FILES, REJECTED_FILES.spool([of_file]), bundle="may")

    def kept():
        return [row.source_path for row in REJECTED_FILES.to_rows(lake.read(REJECTED_FILES))]

    before = lake.find_live(REJECTED_FILES).version
    stages.reject(Stage.ARTICLE, [])
    assert lake.find_live(REJECTED_FILES).version == before  # nothing is written for nothing
    stages.reject(
        Stage.ARTICLE, [rejected("b.txt", Stage.ARTICLE), rejected("c.txt", Stage.ARTICLE)]
    )
    assert kept() == ["a.png", "b.txt", "c.txt"]
    stages.reject(Stage.ARTICLE, [rejected("c.txt", Stage.ARTICLE)])
    assert kept() == ["a.png", "c.txt"]
    stages.reject(Stage.LABEL, [rejected("c.txt", Stage.LABEL)])
    assert kept() == ["a.png", "c.txt", "c.txt"]
    stages.reject(Stage.LABEL, [])
    stages.reject(Stage.ARTICLE, [])
    assert kept() == ["a.png"]


@pytest.fixture
def stages(tmp_path):
    lake = Lake(str(tmp_path))
    lake.replace(REJECTED_FILES, REJECTED_FILES.spool([]), bundle="may")
    return Stages(Silent(), lake, "may")


def spool_pages(*texts):
    pages = [page_of_text(f"{n:032}", text) for n, text in enumerate(texts)]
    return RAW_ARTICLES.spool(
        replace(page, bundle="may", source_path=f"{n}.txt") for n, page in enumerate(pages)
    )


def list_rejected(stages):
    return [(row.source_path, row.stage, row.error) for row in stages.list_rejected()]


def test_a_page_that_takes_too_much_to_label_costs_itself_alone(stages):
    limits = Limits(work_mib=2)
    rows = steps.label_pages(spool_pages(STORY, ENDLESS, STORY), stages=stages, limits=limits)
    segments = list(SEGMENTS.to_rows(rows))
    assert list_rejected(stages) == [("1.txt", Stage.LABEL, "too_large")]
    of_page = [segment for segment in segments if segment.article_id == f"{1:032}"]
    (left,) = of_page
    assert (left.start, left.end, left.rule) == (0, len(ENDLESS), "not_labelled")
    assert {segment.article_id for segment in segments} == {f"{n:032}" for n in range(3)}


def test_a_page_that_takes_too_much_to_compose_has_an_empty_article(stages):
    pages = (STORY, ENDLESS, STORY)
    identify_language(STORY)  # it loads its model, which no page should be charged with
    segments = SEGMENTS.spool(
        Segment(f"{n:032}", 0, 0, len(page), Label.BODY, "by_hand", 1.0, "may")
        for n, page in enumerate(pages)
    )
    _, articles = steps.clean_articles(
        spool_pages(*pages), segments, stages=stages, limits=Limits(work_mib=2)
    )
    bodies = [article.body for article in ARTICLES.to_rows(articles)]
    assert [bool(body) for body in bodies] == [True, False, True]
    assert list_rejected(stages) == [("1.txt", Stage.COMPOSE, "too_large")]
