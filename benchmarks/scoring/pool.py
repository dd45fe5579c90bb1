"""Score the pairs of gold names that several topics, taken as one world, put together.

`benchmarks.entities` says what gold decides of a pair, and what is left open.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import NamedTuple

from benchmarks.scoring.entities import GoldCluster, GoldTopic, Mention, MentionKind
from copydesk.entities.resolve import Appearance, NameKey, join_names
from copydesk.values import EntityLabel


class Reference(NamedTuple):
    """What a mention stands for in its document: a name, and the best name of its chain."""

    name: str
    head: NameKey


Pool = Mapping[str, tuple[GoldTopic, Mapping[Mention, Reference | None]]]
"""Topics by their names, with what their mentions stand for."""


def list_appearances(
    references: Mapping[Mention, Reference | None], *, topic: str = ""
) -> Iterator[Appearance]:
    """Yield how often each name of an entity is used in each document of a topic."""
    counts = Counter(
        (reference.head, f"{topic}/{mention.doc_id}", reference.name)
        for mention, reference in references.items()
        if reference is not None
    )
    for (head, article_id, name), n in counts.items():
        yield Appearance(head, article_id, name, n)


def format_pool(pool: Pool) -> str:
    """Return how right the pairs of gold names are that share an entity, all topics in one world.

    A line for all pairs, and one for each rule that joined names of one topic.
    """
    referents = join_names(
        appearance
        for name, (_, references) in pool.items()
        for appearance in list_appearances(references, topic=name)
    )
    clusters: dict[str, list[GoldCluster]] = {
        name: list(t.clusters) for name, (t, _) in pool.items()
    }
    members: dict[NameKey, Counter[tuple[str, int, NameKey]]] = defaultdict(Counter)
    for name, (_, references) in pool.items():
        for i, cluster in enumerate(clusters[name]):
            for mention, kind in cluster.mentions:
                reference = references.get(mention)
                if kind is MentionKind.NAMED and reference is not None:
                    members[referents[reference.head].key][name, i, reference.head] += 1
    totals = Counter[bool | None]()
    by_rule: dict[str, Counter[bool]] = defaultdict(Counter)
    for best, counts in members.items():
        for n in counts.values():
            totals[True] += n * (n - 1) // 2
        for (one, n), (other, n_other) in combinations(counts.items(), 2):
            is_right = _is_one(one, other, pool)
            totals[is_right] += n * n_other
            joined = {one[2], other[2]} - {best}
            if one[0] == other[0] and len(joined) == 1 and best in {one[2], other[2]}:
                by_rule[referents[joined.pop()].rule][bool(is_right)] += n * n_other
    lines = [f"pooled: {_format_verdicts(totals[True], totals[False])}, {totals[None]} open"]
    for rule, verdicts in sorted(by_rule.items()):
        lines.append(f"  {rule:16} {_format_verdicts(verdicts[True], verdicts[False])}")
    return "\n".join(lines)


def _is_one(
    one: tuple[str, int, NameKey],
    other: tuple[str, int, NameKey],
    pool: Pool,
) -> bool | None:
    """Return whether two gold clusters are one entity, or None where that is not known."""
    if one[0] == other[0]:
        return one[1] == other[1]
    topics = pool[one[0]][0], pool[other[0]][0]
    clusters = topics[0].clusters[one[1]], topics[1].clusters[other[1]]
    is_person = [cluster.label == EntityLabel.PERSON for cluster in clusters]
    if is_person[0] != is_person[1]:
        return False
    names = [_names_of(*pair) for pair in zip(topics, clusters, strict=True)]
    if all(is_person):
        names = [{name for name in some if " " in name} for some in names]
        return bool(names[0] & names[1]) if all(names) else None
    return True if names[0] & names[1] else None


def _names_of(topic: GoldTopic, cluster: GoldCluster) -> set[str]:
    return {
        topic.texts[mention.doc_id][mention.start : mention.end].casefold().removeprefix("the ")
        for mention, kind in cluster.mentions
        if kind is MentionKind.NAMED
    }


def _format_verdicts(n_right: int, n_wrong: int) -> str:
    share = n_right / max(1, n_right + n_wrong)
    return f"{100 * share:5.1f} % of pairs right, {n_right} right, {n_wrong} wrong"
