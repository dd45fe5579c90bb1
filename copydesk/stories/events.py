"""Find the articles that report one event in words of their own.

An event is known by who, where and when, and all three must agree: a person who is in both leads,
most of the people, the day, and a place or the words that were quoted. What the articles are about
does not count, for a long affair has the same people, places and words throughout. A pair is judged
by its two articles alone. `docs/stories.md` explains the rules in prose.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations

from copydesk.stories.days import DAYS_OF_WEEK, Agreement, compare_days, is_recent, reference_of
from copydesk.stories.reports import MIN_PEOPLE, ReadQuoted, Report
from copydesk.values import StoryRule

MIN_PEOPLE_SHARE = 0.5  # of the people of the article that names fewer
MIN_PEOPLE_OF_WEEKDAY = 3  # where only the weekday is known, more must agree …
MIN_PLACES_OF_WEEKDAY = 2  # … and a recent date that both mention


def compare_reports(one: Report, other: Report) -> Agreement | None:
    """Return how precisely two articles state the same day; None also where their people differ."""
    shared = one.people & other.people
    n_fewer = min(len(one.people), len(other.people))
    if (
        len(shared) < MIN_PEOPLE
        or len(shared) < MIN_PEOPLE_SHARE * n_fewer
        or not one.lead_people & other.lead_people
    ):
        return None
    return compare_days(one.day, other.day)


def judge_reports(one: Report, other: Report, *, share_words: bool) -> StoryRule | None:
    """Return why two articles report one event, or None where that is not sure.

    `share_words` says whether both quote the same `QUOTED_WORDS` words in a row.
    """
    agreement = compare_reports(one, other)
    if agreement is Agreement.DAY:
        if share_words:
            return StoryRule.SAME_PEOPLE_WORDS_DAY
        return StoryRule.SAME_PEOPLE_PLACES_DAY if one.lead_places & other.lead_places else None
    if (
        agreement is Agreement.WEEKDAY
        and len(one.people & other.people) >= MIN_PEOPLE_OF_WEEKDAY
        and len(one.places & other.places) >= MIN_PLACES_OF_WEEKDAY
        and _shared_recent_dates(one, other)
    ):
        return StoryRule.SAME_PEOPLE_PLACES_WEEKDAY
    return None


def find_same_events(
    reports: Mapping[str, Report],
    read_quoted: ReadQuoted,
    *,
    asked: Collection[str] | None = None,
) -> Iterator[tuple[str, str, StoryRule]]:
    """Yield the pairs of articles that report one event, and why; sorted by their ids.

    Given those that are asked about, only their pairs.
    """
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for article_id, report in sorted(reports.items()):
        for key in list_day_keys(report):
            for person in report.lead_people:
                blocks[key, person].append(article_id)
    agreeing = sorted(
        {
            (one, other)
            for members in blocks.values()
            for one, other in _pair(members, asked)
            if compare_reports(reports[one], reports[other]) is not None
        }
    )
    # Most articles agree with no other: only of the few that do, all quotations are read.
    quoted = read_quoted(sorted({article_id for pair in agreeing for article_id in pair}))
    for one, other in agreeing:
        runs = quoted.get(one, frozenset()) & quoted.get(other, frozenset())
        rule = judge_reports(reports[one], reports[other], share_words=bool(runs))
        if rule is not None:
            yield one, other, rule


def _pair(members: Sequence[str], asked: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """Yield the pairs of articles, the smaller id first; those with one that is asked about."""
    if asked is None:
        yield from combinations(members, 2)
        return
    mine = [each for each in members if each in asked]
    for one in mine:
        yield from ((min(one, other), max(one, other)) for other in members if other != one)


def list_day_keys(report: Report) -> Iterator[str]:
    """Yield what an article has in common with every article that may state the same day."""
    day = report.day
    if day.day is not None:
        yield f"{day.day:%m-%d}"
    if day.reference is not None:
        for back in range(-1, DAYS_OF_WEEK):
            yield f"{day.reference - timedelta(days=back):%m-%d}"
    reference = reference_of(day)
    for stated in report.dates:
        if reference is None or is_recent(stated, reference):
            yield f"{day.weekday} {stated:%m-%d}"


def _shared_recent_dates(one: Report, other: Report) -> set[date]:
    """Return the dates that both mention and that lie shortly before the day of one of them."""
    references = [day for report in (one, other) if (day := reference_of(report.day))]
    shared = one.dates & other.dates
    return {stated for stated in shared if any(is_recent(stated, day) for day in references)}
