"""No query lets DuckDB choose among equals: which row comes first depends on its threads."""

import re
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parent.parent
QUERIES = sorted(
    path for folder in ("copydesk", "assets") for path in (ROOT / folder).rglob("*.sql")
)
# Functions that take one of several values, and those whose value has an order.
CHOICE = re.compile(
    r"(?<![\w.])(mode|first|last|any_value|arbitrary|(?:arg_?|)(?:min|max)(?:_by)?|string_agg"
    r"|group_concat|listagg|list|array_agg)\s*\(",
    re.IGNORECASE,
)
SMALLEST = {"min", "max"}  # of one value: equals are the same
ORDERED = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)
AS_A_SET = ("list_sort(", "list_sort(list_distinct(flatten(", "len(list_distinct(flatten(")
COMMENT = re.compile(r"--[^\n]*")
REASONS = {
    ("copydesk/stories/queries/names.sql", "list(name)"): "a set of names",
    ("copydesk/entities/queries/counts.sql", "list(alias)"): "taken apart again, with its count",
    ("copydesk/entities/queries/counts.sql", "list(n)"): "taken apart again, with its alias",
    ("copydesk/entities/queries/counts.sql", "list(article)"): "a set of articles",
    (
        "copydesk/entities/queries/gather_given.sql",
        "list(DISTINCT (md5_number_lower(article_id) >> 1)::BIGINT)",
    ): "a set of articles",
    ("copydesk/publishing/updates/people_counts.sql", "list(title)"): "taken apart again, with n",
    ("copydesk/publishing/updates/people_counts.sql", "list(n)"): "taken apart again, with title",
    ("copydesk/publishing/updates/people_counts.sql", "list(outlet_id)"): "a set of pairs",
    ("copydesk/publishing/updates/people_counts.sql", "list(outlet)"): "a set of pairs",
    (
        "copydesk/publishing/updates/people_counts.sql",
        "list(DISTINCT (md5_number_lower(q.quote_id) >> 1)::BIGINT)",
    ): "a set of quotations",
    ("copydesk/publishing/views/coverage.sql", "list(DISTINCT speaker_entity_id)"): "is counted",
    ("copydesk/lake/queries/broken_pages.sql", "any_value(p.source_path)"): "a page has one",
    ("copydesk/lake/queries/broken_pages.sql", "any_value(p.text)"): "a page has one",
    (
        "copydesk/publishing/queries/explain_names.sql",
        "min_by(coalesce(a.headline, a.article_id), (m.article_id, m.start))",
    ): "an article has one headline",
}


def find_choices(sql):
    """Yield the calls of a query that choose a value or an order, with what is before each."""
    plain = COMMENT.sub("", sql)
    for found in CHOICE.finditer(plain):
        depth, end = 1, found.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(plain[end], 0)
            end += 1
        yield found[1].lower(), plain[found.start() : end], plain[: found.start()]


def split_arguments(call):
    """Return the arguments of a call."""
    inner, depth, parts = call[call.index("(") + 1 : -1], 0, [""]
    for char in inner:
        depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(char, 0)
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]


def is_settled(function, call, before):
    """Return whether a call has one result, whatever the order of the rows."""
    if function in SMALLEST or ORDERED.search(call):
        return True
    if function in {"list", "array_agg"}:
        return before.endswith(AS_A_SET)
    if "min" in function or "max" in function:  # a key that holds the value has no ties of others
        value, key, *_ = split_arguments(call)
        return key.startswith("(") and value in key
    return False


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_query_leaves_a_tie_open(path):
    place = path.relative_to(ROOT).as_posix()
    open_calls = [
        call
        for function, call, before in find_choices(path.read_text("utf-8"))
        if not is_settled(function, call, before) and (place, call) not in REASONS
    ]
    assert open_calls == []


def test_every_reason_is_needed():
    calls = {
        (path.relative_to(ROOT).as_posix(), call)
        for path in QUERIES
        for function, call, before in find_choices(path.read_text("utf-8"))
        if not is_settled(function, call, before)
    }
    assert calls == set(REASONS)


@pytest.mark.parametrize(
    ("call", "is_fine"),
    [
        ("mode(role)", False),
        ("mode(role ORDER BY role)", True),
        ("max_by(gender, n)", False),
        ("max_by(gender, (n, gender))", True),
        ("arg_min(m.text, m.start)", False),
        ("max(n)", True),
        ("any_value(x)", False),
        ("list(name)", False),
        ("list_sort(list(name))", True),
        ("list_first(x)", True),
    ],
)
def test_a_tie_is_recognised(call, is_fine):
    assert all(is_settled(*each) for each in find_choices(f"SELECT {call}")) is is_fine


def test_an_ordered_mode_takes_the_first_of_equals():
    ties = "(SELECT unnest(['b', 'a', 'c', 'c', 'a']) AS x, g FROM range(1_000) AS r (g))"
    query = f"SELECT DISTINCT m FROM (SELECT mode(x ORDER BY x) AS m FROM {ties} GROUP BY g)"
    assert duckdb.sql(query).fetchall() == [("a",)]
