"""Correct what is known of an article: its outlet, its day of publication, what its page is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from copydesk.cleaning.articles import CORRECTED, identify_outlet
from copydesk.corrections.files import Placed
from copydesk.corrections.kinds import NONE, ArticleRow
from copydesk.corrections.pages import Outcome
from copydesk.rows import Article, ArticleFact
from copydesk.values import ArticleKind, CorrectionStatus, Field, Precision

FIELDS = {"outlet": Field.OUTLET, "published_on": Field.PUBLISHED_ON}


class CorrectedArticle(NamedTuple):
    """An article, its evidence, and what became of each correction."""

    article: Article
    facts: list[ArticleFact]
    outcomes: list[Outcome]


def correct_article(
    article: Article, facts: Sequence[ArticleFact], corrections: Sequence[Placed[ArticleRow]]
) -> CorrectedArticle:
    """Return the article as people have decided; of two rows that set one column, the last does.

    What was decided is evidence too, in the place of what came with the page and says the same.
    """
    setters: dict[str, int] = {}
    outcomes: list[Outcome] = []
    found = article
    for placed in corrections:
        row = placed.row
        for name, value in row.changes.items():
            earlier = setters.get(name)
            if earlier is not None and _value_of(found, name) != value:
                outcomes[earlier] = outcomes[earlier].overruled_by(placed)
            setters[name] = len(outcomes)
        outcomes.append(_judge(placed, article))
        found = _apply(found, row)
    decided = list(_prove(found, setters))
    known = {(fact.field, fact.value) for fact in decided}
    others = [
        fact for fact in facts if fact.start is not None or (fact.field, fact.value) not in known
    ]
    return CorrectedArticle(found, [*decided, *others], outcomes)


def _judge(placed: Placed[ArticleRow], article: Article) -> Outcome:
    """Return what a row changes of what the code has found."""
    changes = placed.row.changes
    before = {name: _value_of(article, name) for name in changes}
    is_so = before == changes
    return Outcome(
        placed,
        CorrectionStatus.ALREADY_SO if is_so else CorrectionStatus.APPLIED,
        target=article.article_id,
        before=_show(before),
        after=_show(changes),
        detail="the code finds so by itself" if is_so else "",
    )


def _apply(article: Article, row: ArticleRow) -> Article:
    found = article
    if row.outlet is not None:
        name = None if row.outlet == NONE else row.outlet
        # The host of the page says another outlet, or the row would not be there.
        is_new = name != article.outlet
        outlet_id = identify_outlet(None, name) if is_new else article.outlet_id
        found = replace(found, outlet=name, outlet_id=outlet_id)
    if row.published_on is not None:
        day = row.published_on if isinstance(row.published_on, date) else None
        precision = None if day is None else Precision.DAY
        found = replace(found, published_on=day, published_precision=precision)
    if row.kind is not None and row.kind is not article.kind:
        reason = CORRECTED if row.kind is ArticleKind.NO_ARTICLE else None
        found = replace(found, kind=row.kind, kind_reason=reason)
    return found


def _value_of(article: Article, name: str) -> str:
    value = getattr(article, name)
    return NONE if value is None else str(value)


def _show(values: Mapping[str, str]) -> str:
    return "; ".join(f"{name}: {value}" for name, value in values.items())


def _prove(article: Article, names: Iterable[str]) -> Iterator[ArticleFact]:
    """Yield the evidence for what was set: that a person has decided it."""
    for name in names:
        value = _value_of(article, name)
        if name in FIELDS and value != NONE:
            yield ArticleFact(
                article_id=article.article_id,
                field=FIELDS[name],
                value=value,
                start=None,
                end=None,
                rule=CORRECTED,
                confidence=1.0,
                bundle=article.bundle,
            )
