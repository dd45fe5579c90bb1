"""Corrections of every kind are applied, and last: through re-runs, new code and new deliveries."""

import pytest

from copydesk import steps
from copydesk.commands import bundles
from copydesk.corrections.kinds import ArticleRow, EntityRow, LineRow, OutletRow, QuoteRow
from copydesk.publishing.versions import bundle_versions

# The bundle and its pages are in conftest.py.
COD_LINE = (
    "Cod was sold for less than the ice that it lay on, the auctioneer Mads Brun said on "
    "Wednesday, after the largest catch that the harbour had seen in ten years."
)
ROWS = {
    "line restored": (
        LineRow,
        "ferry",
        {"action": "restore", "line": "Read also: The bridge that nobody wanted"},
    ),
    "line removed": (
        LineRow,
        "ferry",
        {"action": "remove", "line": "“We cannot run a town on one boat,” he said."},
    ),
    "line relabelled": (
        LineRow,
        "ferry",
        {
            "action": "relabel",
            "label": "teaser",
            "line": "Sign up for our newsletter and never miss a tide.",
        },
    ),
    "line with a dateline": (LineRow, "market", {"action": "remove", "line": COD_LINE}),
    "line that is so": (
        LineRow,
        "bridge",
        {"action": "restore", "label": "headline", "line": "Bridge opens in spring"},
    ),
    "speaker changed": (
        QuoteRow,
        "bridge",
        {
            "action": "change",
            "content": "the council would publish the accounts in May",
            "speaker": "Orla Venn",
        },
    ),
    "speaker by surname": (
        QuoteRow,
        "bridge",
        {
            "action": "change",
            "content": "The bridge over the sound will open in the spring",
            "speaker": "Kell",
        },
    ),
    "speaker nobody": (
        QuoteRow,
        "ferry",
        {
            "action": "change",
            "content": "the town would ask for a second boat before the winter",
            "speaker": "none",
        },
    ),
    "speaker unnoticed": (
        QuoteRow,
        "market",
        {"action": "change", "content": "I gave the rest to the gulls", "speaker": "fish"},
    ),
    "speaker not there": (
        QuoteRow,
        "market",
        {
            "action": "change",
            "content": "Nobody remembers a morning like this one",
            "speaker": "Ida Rolf",
        },
    ),
    "type and assertion": (
        QuoteRow,
        "ferry",
        {
            "action": "change",
            "content": "The ferry from Keelby came an hour late on Monday",
            "type": "mixed",
            "assertion": "possible",
        },
    ),
    "words changed": (
        QuoteRow,
        "bridge",
        {
            "action": "change",
            "content": "carried every load that we put on it I would drive my own children",
            "becomes": "It has carried every load || I would drive my own children",
        },
    ),
    "quotation rejected": (
        QuoteRow,
        "ferry",
        {
            "action": "reject",
            "content": "The engine stopped twice off the point, and we waited for the tide to turn",
        },
    ),
    "quotation not there": (
        QuoteRow,
        "ferry",
        {"action": "reject", "content": "Nobody ever said this"},
    ),
    "outlet set": (ArticleRow, "bridge", {"outlet": "Saltport Post"}),
    "day set": (ArticleRow, "ferry", {"published_on": "2031-05-02"}),
    "page is no article": (ArticleRow, "bridge", {"kind": "article"}),
    "page not there": (ArticleRow, None, {"article": "0" * 32, "outlet": "Post"}),
    "entity renamed": (
        EntityRow,
        None,
        {"action": "rename", "name": "Ida Rolf", "into": "Ida M. Rolf"},
    ),
    "entities merged": (
        EntityRow,
        None,
        {"action": "merge", "name": "Tilda Marr", "into": "Paul Tamm"},
    ),
    "entity dropped": (EntityRow, None, {"action": "drop", "name": "Keelby"}),
    "name split": (EntityRow, None, {"action": "split", "name": "Jon Kell"}),
    "outlet named": (
        OutletRow,
        None,
        {"outlet": "courier.example", "name": "Keelby Courier", "country": "NO"},
    ),
    "outlet not there": (OutletRow, None, {"outlet": "nowhere.example", "name": "Nowhere"}),
}
STATUS = {
    "line that is so": "already_so",
    "speaker not there": "conflicts",
    "quotation not there": "matched_nothing",
    "page is no article": "already_so",
    "page not there": "matched_nothing",
    "name split": "already_so",
    "outlet not there": "matched_nothing",
}
WANTED = {name: STATUS.get(name, "applied") for name in ROWS}


@pytest.fixture
def corrected(project):
    """Return a project after a run, then all corrections, then another run."""
    project.run()
    keys = "SELECT article_id, raw_sha256, url FROM raw_articles"
    pages = {row[2].rpartition("/")[2]: row for row in project.rows(keys)}
    for name, (kind, page, cells) in ROWS.items():
        known = (
            dict(zip(("article", "raw_sha256", "url"), pages[page], strict=True)) if page else {}
        )
        project.correct(kind, **known, **cells, note=name)
    project.run()
    return project


def statuses(project):
    return dict(project.rows("SELECT note, status FROM corrections_applied"))


def said(project):
    return dict(project.rows("SELECT content, speaker FROM said"))


def check_rows(project):
    """Check what readers see of the corrections."""
    labels = dict(
        project.rows(
            'SELECT substr(text, start + 1, "end" - start), label FROM segments '
            "JOIN raw_articles USING (article_id)"
        )
    )
    assert labels["Read also: The bridge that nobody wanted"] == "body"
    assert labels["“We cannot run a town on one boat,” he said."] == "boilerplate"
    assert labels["Sign up for our newsletter and never miss a tide."] == "teaser"
    found = said(project)
    assert "We cannot run a town on one boat," not in found  # the line is no copy any more
    assert "Cod was sold for less than the ice that it lay on" not in found
    assert found["the council would publish the accounts in May"] == "Orla Venn"
    assert found["The bridge over the sound will open in the spring"] == "Jon Kell"
    assert found["the town would ask for a second boat before the winter"] is None
    assert found["I gave the rest to the gulls,"] == "fish"
    assert "The ferry from Keelby came an hour late on Monday" not in found  # possible only
    assert "It has carried every load I would drive my own children" in found
    assert not any(content.startswith("The engine stopped") for content in found)
    outlets = dict(project.rows("SELECT headline, outlet FROM articles"))
    assert outlets["Bridge opens in spring"] == "Saltport Post"
    entities = {name for (name,) in project.rows("SELECT name FROM entities")}
    assert "Ida M. Rolf" in entities
    assert "Keelby" not in entities
    assert len(entities & {"Tilda Marr", "Paul Tamm"}) == 1  # one entity, by its best name
    assert ("Keelby Courier", "NO") in project.rows("SELECT name, country FROM outlets")


@pytest.mark.model
def test_corrections_of_every_kind_last(corrected, extracted, monkeypatch):
    project = corrected
    assert statuses(project) == WANTED
    check_rows(project)

    extracted.clear()
    project.run(is_forced=True)  # a re-run of everything
    assert len(extracted) == 3
    assert statuses(project) == WANTED
    check_rows(project)

    raised = {**bundle_versions(project.settings.quotes), "segments": "raised"}
    for module in (steps, bundles):
        monkeypatch.setattr(module, "bundle_versions", lambda _: raised)
    extracted.clear()
    project.run()
    assert len(extracted) == 3
    assert statuses(project) == WANTED
    check_rows(project)

    pages = project.pages()
    pages["market"]["text"] += "\nThe market opens again on Friday.\n"  # its id and hash change
    project.write([pages["market"], pages["bridge"], pages["ferry"]])
    project.run()
    assert statuses(project) == WANTED
    check_rows(project)

    pages["market"]["url"] += "-2"  # nothing is left to know it by
    project.write(pages.values())
    project.run()
    lost = {name for name, (_, page, _) in ROWS.items() if page == "market"}
    assert statuses(project) == WANTED | dict.fromkeys(lost, "matched_nothing")


@pytest.mark.model
def test_only_what_a_correction_touches_is_extracted_again(project, extracted):
    project.run()
    before = project.rows("FROM quotes ORDER BY quote_id")
    line = {"line": "Read also: The bridge that nobody wanted"}
    extracted.clear()
    path = project.correct(LineRow, article=project.id_of("ferry"), action="restore", **line)
    project.run()
    assert extracted == ["may.jsonl#1"]

    extracted.clear()
    project.correct(
        QuoteRow,
        article=project.id_of("bridge"),
        action="reject",
        content="The bridge over the sound will open in the spring",
    )
    project.run()
    assert extracted == []  # what the code finds is known
    path.unlink()
    project.run()
    assert sorted(extracted) == ["may.jsonl#1", "may.jsonl#2"]  # both as the code finds them again
    (project.settings.decisions.corrections / "quotes.csv").unlink()
    project.run()
    assert project.rows("FROM quotes ORDER BY quote_id") == before
    assert project.rows("FROM corrections_applied") == []

    extracted.clear()
    project.run()
    assert extracted == []


@pytest.mark.model
def test_a_later_row_has_the_last_word_and_the_earlier_one_is_reported(project):
    project.run()
    page = {"article": project.id_of("bridge")}
    content = {"content": "the council would publish the accounts in May"}
    project.correct(QuoteRow, **page, **content, action="change", speaker="Orla Venn", note="1")
    project.correct(QuoteRow, **page, **content, action="change", assertion="denied", note="2")
    project.correct(QuoteRow, **page, **content, action="change", speaker="none", note="3")
    project.correct(ArticleRow, **page, outlet="One", note="4")
    project.correct(ArticleRow, **page, outlet="Two", note="5")
    line = {"line": "Bridge opens in spring"}
    project.correct(LineRow, **page, **line, action="remove", note="6")
    project.correct(LineRow, **page, **line, action="restore", label="headline", note="7")
    project.correct(EntityRow, action="rename", name="Jon Kell", into="J. Kell", note="8")
    project.correct(EntityRow, action="rename", name="Jon Kell", into="Jon B. Kell", note="9")
    project.run()
    assert statuses(project) == {
        "1": "conflicts", "2": "applied", "3": "applied", "4": "conflicts", "5": "applied",
        "6": "conflicts", "7": "already_so", "8": "conflicts", "9": "applied",
    }  # fmt: skip


@pytest.mark.model
def test_a_page_that_is_no_article_says_nothing(project):
    project.run()
    project.correct(ArticleRow, article=project.id_of("bridge"), kind="no_article")
    project.run()
    assert not any("bridge" in content for content in said(project))
    kinds = "SELECT kind, kind_reason FROM articles WHERE url LIKE '%/bridge'"
    assert project.rows(kinds) == [("no_article", "correction")]


@pytest.mark.model
def test_a_row_of_an_older_file_counts_and_a_bad_one_stops_the_run(project, capsys):
    project.settings.decisions.overrides.parent.mkdir()
    project.settings.decisions.overrides.write_text(
        "action,name,into,label\nrename,Ida Rolf,I. Rolf,\n"
    )
    project.run()
    (row,) = project.rows("SELECT status, correction, author FROM corrections_applied")
    assert row == ("applied", "rename Ida Rolf I. Rolf", None)
    folder = project.settings.decisions.corrections
    folder.mkdir()
    (folder / "lines.csv").write_text("article,action,line,author,date\na,keep,x,ib,2031-05-03\n")
    with pytest.raises(AssertionError):
        project.run()
    assert f"copydesk: {folder / 'lines.csv'}:2: action 'keep'" in capsys.readouterr().err


@pytest.mark.model
def test_what_waits_for_its_bundle_is_reported(project):
    project.run()
    project.correct(
        LineRow, article=project.id_of("ferry"), action="remove", line="Ferry is late again"
    )
    project.publish()
    assert project.rows("SELECT status, detail FROM corrections_applied") == [
        (
            "waiting",
            "may: written after its bundle was taken in; the next run of the bundle applies it",
        )
    ]
    project.run()
    assert project.rows("SELECT status FROM corrections_applied") == [("applied",)]
