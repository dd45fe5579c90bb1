"""Behaviour of `copydesk.steps`: what the steps keep beside the rows that they return."""

from copydesk.lake.lake import Lake
from copydesk.rows import RejectedFile, Stage
from copydesk.steps import Stages
from copydesk.tables import REJECTED_FILES


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
    stages.reject([])
    assert lake.find_live(REJECTED_FILES).version == before  # nothing is written for nothing
    stages.reject([rejected("b.txt", Stage.ARTICLE), rejected("c.txt", Stage.ARTICLE)])
    assert kept() == ["a.png", "b.txt", "c.txt"]
    stages.reject([rejected("c.txt", Stage.ARTICLE)])
    assert kept() == ["a.png", "c.txt"]
    stages.reject([])
    assert kept() == ["a.png"]
