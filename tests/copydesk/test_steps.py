"""Behaviour of `copydesk.steps`: what the steps keep beside the rows that they return."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from copydesk import steps
from copydesk.cleaning.articles import identify_language
from copydesk.lake.lake import Lake
from copydesk.reading.limits import Limits
from copydesk.reading.pages import page_of_text
from copydesk.rows import RejectedFile, Segment
from copydesk.stages import Stages
from copydesk.tables import ARTICLES, RAW_ARTICLES, REJECTED_FILES, SEGMENTS
from copydesk.values import Label, Stage

STORY = """\
Ferry is late

KEELBY — The ferry from Keelby came an hour late on Monday, its captain Ida Rolf said at the quay.

“The engine stopped twice off the point, and we waited for the tide to turn,” Rolf said.
"""
# Four bytes a character, 40 MB a copy.
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


def open_stages(folder):
    lake = Lake(str(folder))
    lake.replace(REJECTED_FILES, REJECTED_FILES.spool([]), bundle="may")
    return Stages(Silent(), lake, "may")


def run_alone(function, folder):
    """Return what a function of this file prints, in a process that has no memory to spare yet.

    A process that has run for long takes its pages from what it freed, which no limit counts.
    """
    code = f"import test_steps; test_steps.{function.__name__}({str(folder)!r})"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parent,
        env=os.environ | {"PYTHONPATH": str(Path(steps.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(run.stdout)


def spool_pages(*texts):
    pages = [page_of_text(f"{n:032}", text) for n, text in enumerate(texts)]
    return RAW_ARTICLES.spool(
        replace(page, bundle="may", source_path=f"{n}.txt") for n, page in enumerate(pages)
    )


def list_rejected(stages):
    return [(row.source_path, row.stage, row.error) for row in stages.list_rejected()]


def label_endless_page(folder):
    stages = open_stages(folder)
    pages = spool_pages(STORY, ENDLESS, STORY)
    rows = steps.label_pages(pages, stages=stages, limits=Limits(work_mib=2))
    segments = list(SEGMENTS.to_rows(rows))
    left = [each for each in segments if each.article_id == f"{1:032}"]
    sys.stdout.write(
        json.dumps(
            {
                "rejected": list_rejected(stages),
                "left": [(each.start, each.end, each.rule) for each in left],
                "pages": sorted({each.article_id for each in segments}),
            }
        )
    )


def test_a_page_that_takes_too_much_to_label_costs_itself_alone(tmp_path):
    assert run_alone(label_endless_page, tmp_path) == {
        "rejected": [["1.txt", Stage.LABEL, "too_large"]],
        "left": [[0, len(ENDLESS), "not_labelled"]],
        "pages": [f"{n:032}" for n in range(3)],
    }


def compose_endless_page(folder):
    stages = open_stages(folder)
    pages = (STORY, ENDLESS, STORY)
    identify_language(STORY)  # it loads its model, which no page should be charged with
    segments = SEGMENTS.spool(
        Segment(f"{n:032}", 0, 0, len(page), Label.BODY, "by_hand", 1.0, "may")
        for n, page in enumerate(pages)
    )
    _, articles = steps.clean_articles(
        spool_pages(*pages), segments, stages=stages, limits=Limits(work_mib=2)
    )
    has_body = [bool(article.body) for article in ARTICLES.to_rows(articles)]
    sys.stdout.write(json.dumps({"rejected": list_rejected(stages), "has_body": has_body}))


def test_a_page_that_takes_too_much_to_compose_has_an_empty_article(tmp_path):
    assert run_alone(compose_endless_page, tmp_path) == {
        "rejected": [["1.txt", Stage.COMPOSE, "too_large"]],
        "has_body": [True, False, True],
    }
