"""Score entity resolution against gold clusters of mentions.

Every mention is in at most one cluster of a side. To score mentions that a system found itself,
rename them with `align_mentions` first: what is left without a gold twin costs precision, and gold
mentions without a twin cost recall, as in the CoNLL reference scorer (Pradhan et al. 2014).
    b_cubed: the mean, over mentions, of the share of a mention's cluster that the other side puts
        together with it (Bagga and Baldwin 1998).
    ceaf_e: the best one-to-one pairing of clusters, two clusters scoring twice the mentions they
        share over the mentions they have; divided by the number of clusters (Luo 2005).
    lea: the share of a cluster's links that are found, clusters weighing as many as they have
        mentions; a cluster of one has one link, to itself (Moosavi and Strube 2016).
    pairwise: right decisions about pairs of mentions, pooled.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb
from typing import NamedTuple, TypeAlias

from benchmarks.scoring.assignment import best_total, connected
from copydesk.scoring.rates import Rates, percentages

Clusters: TypeAlias = Iterable[Iterable[Hashable]]


class Mention(NamedTuple):
    """Half-open range of code points in the text of one of several articles."""

    doc_id: str
    start: int
    end: int


class MentionKind(StrEnum):
    """What a mention consists of."""

    NAMED = "named"
    NOMINAL = "nominal"
    PRONOMINAL = "pronominal"


class GoldMention(NamedTuple):
    """A mention and its kind."""

    mention: Mention
    kind: MentionKind


@dataclass(frozen=True, slots=True)
class GoldCluster:
    """All mentions of one entity."""

    label: str
    mentions: tuple[GoldMention, ...]


@dataclass(frozen=True, slots=True)
class GoldTopic:
    """Articles, one or more, whose mentions were clustered together; texts go by doc_id."""

    topic: str
    texts: Mapping[str, str]
    clusters: tuple[GoldCluster, ...]


class ClusterScores(NamedTuple):
    """Figures for a clustering."""

    b_cubed: Rates
    ceaf_e: Rates
    lea: Rates
    pairwise: Rates


class _Crosstab(NamedTuple):
    """How many mentions each gold cluster shares with each predicted one; zeros are left out."""

    gold_sizes: list[int]
    predicted_sizes: list[int]
    shared: dict[tuple[int, int], int]

    def flipped(self) -> "_Crosstab":
        """Swap the sides, which turns recall into precision."""
        shared = {(j, i): n for (i, j), n in self.shared.items()}
        return _Crosstab(self.predicted_sizes, self.gold_sizes, shared)


KINDS = {
    "name": MentionKind.NAMED,
    "nom": MentionKind.NOMINAL,
    "pron": MentionKind.PRONOMINAL,
}


def read_gold_topic(row: Mapping[str, object]) -> GoldTopic:
    """Return the topic of one row with clusters over documents.

    Raises:
        ValueError: if a field is missing or of the wrong kind, or a mention is not in its text.
    """
    match row:
        case {"topic": str(topic), "docs": [*docs], "clusters": [*clusters]}:
            texts = dict(_read_text(doc) for doc in docs)
            found = tuple(_read_cluster(cluster, texts) for cluster in clusters)
            return GoldTopic(topic, texts, found)
    message = f"gold row {row.get('topic')!r}: needs the string topic, the lists docs and clusters"
    raise ValueError(message)


def read_gold_chains(row: Mapping[str, object]) -> GoldTopic:
    """Return one article with its coreference chains, as a topic of its own.

    A name that is in several chains, as in `a mayor and MP`, counts in the first.

    Raises:
        ValueError: if a field is missing or of the wrong kind, or a mention is not in the text.
    """
    match row:
        case {"doc_id": str(doc_id), "text": str(text), "chains": [*chains]}:
            found = [_read_chain(chain, doc_id=doc_id, text=text) for chain in chains]
            return GoldTopic(doc_id, {doc_id: text}, tuple(_without_repeats(found)))
    message = f"gold row {row.get('doc_id')!r}: needs the strings doc_id and text, the list chains"
    raise ValueError(message)


def align_mentions(
    gold: Iterable[Mention], predicted: Iterable[Mention], *, is_exact: bool = False
) -> dict[Mention, Mention]:
    """Return, for each predicted mention, its gold twin, or itself.

    Equal mentions first; then, unless `is_exact`, one-to-one by the share of the longer mention
    that the two have in common, the largest first.
    """
    wanted = set(gold)
    found = dict.fromkeys(predicted)  # a set in the order given
    twins: dict[Mention, Mention] = {}
    if not is_exact:
        twins = _align_by_overlap(wanted - found.keys(), found.keys() - wanted)
    return {mention: twins.get(mention, mention) for mention in found}


def score_clusters(
    gold: Clusters, predicted: Clusters, *, has_singletons: bool = True
) -> ClusterScores:
    """Return all figures for one clustering; without `has_singletons`, clusters of one go first.

    Raises:
        ValueError: if a mention is in two clusters of one side.
    """
    min_mentions = 1 if has_singletons else 2
    wanted = [members for members in map(list, gold) if len(members) >= min_mentions]
    found = [members for members in map(list, predicted) if len(members) >= min_mentions]
    return ClusterScores(
        b_cubed=b_cubed(wanted, found),
        ceaf_e=ceaf_e(wanted, found),
        lea=lea(wanted, found),
        pairwise=pairwise(wanted, found),
    )


def average_clusters(scores: Sequence[ClusterScores]) -> ClusterScores:
    """Return the means over topics (macro average); F1 is the mean of the F1.

    Raises:
        ValueError: if there is no topic.
    """
    if not scores:
        message = "no topics to average"
        raise ValueError(message)
    columns = zip(*scores, strict=True)  # one per figure
    return ClusterScores(
        *(
            Rates(*(sum(values) / len(scores) for values in zip(*column, strict=True)))
            for column in columns
        )
    )


def b_cubed(gold: Clusters, predicted: Clusters) -> Rates:
    """Return B-cubed: the rates of each mention's cluster, averaged over the mentions."""
    table = _crosstab(gold, predicted)
    return Rates.of(_b_cubed_recall(table.flipped()), _b_cubed_recall(table))


def ceaf_e(gold: Clusters, predicted: Clusters) -> Rates:
    """Return entity-based CEAF, with the similarity phi-4."""
    table = _crosstab(gold, predicted)
    similarity = {
        (i, j): 2 * n / (table.gold_sizes[i] + table.predicted_sizes[j])
        for (i, j), n in table.shared.items()
    }
    total = sum(
        best_total([[similarity.get((i, j), 0.0) for j in columns] for i in rows])
        for rows, columns in connected(similarity)
    )
    n_predicted, n_gold = len(table.predicted_sizes), len(table.gold_sizes)
    return Rates.of_counts(total, n_predicted=n_predicted, n_gold=n_gold)


def lea(gold: Clusters, predicted: Clusters) -> Rates:
    """Return the link-based entity-aware metric."""
    table = _crosstab(gold, predicted)
    return Rates.of(_lea_recall(table.flipped()), _lea_recall(table))


def pairwise(gold: Clusters, predicted: Clusters) -> Rates:
    """Return precision, recall and F1 of the decision that two mentions go together."""
    table = _crosstab(gold, predicted)
    return Rates.of_counts(
        sum(comb(n, 2) for n in table.shared.values()),
        n_predicted=sum(comb(size, 2) for size in table.predicted_sizes),
        n_gold=sum(comb(size, 2) for size in table.gold_sizes),
    )


def format_cluster_scores(scores: Mapping[str, ClusterScores]) -> str:
    """Return a table of percentages, one row per system or topic, named by its key."""
    width = max(map(len, ("name", *scores)))
    figures = ("B-cubed", "CEAF-e", "LEA", "pairwise")
    lines = [f"{'name':<{width}}" + "".join(f" | {f'{each} P/R/F':^17}" for each in figures)]
    lines += (
        " | ".join([f"{name:<{width}}", *map(percentages, row)]) for name, row in scores.items()
    )
    return "\n".join(lines)


def _read_text(value: object) -> tuple[str, str]:
    match value:
        case {"doc_id": str(doc_id), "text": str(text)}:
            return doc_id, text
    message = "docs must hold objects with the strings doc_id and text"
    raise ValueError(message)


def _read_cluster(value: object, texts: Mapping[str, str]) -> GoldCluster:
    match value:
        case {"type": str(label), "mentions": [*mentions]}:
            return GoldCluster(label, tuple(_read_mention(each, texts) for each in mentions))
    message = f"not a cluster with the string type and the list mentions: {value!r}"
    raise ValueError(message)


def _read_mention(value: object, texts: Mapping[str, str]) -> GoldMention:
    match value:
        case [str(doc_id), int(start), int(end), str(kind)] if (
            kind in KINDS and 0 <= start < end <= len(texts.get(doc_id, ""))
        ):
            return GoldMention(Mention(doc_id, start, end), KINDS[kind])
    message = f"not [doc_id, start, end, name or nom or pron] in the texts given: {value!r}"
    raise ValueError(message)


def _read_chain(value: object, *, doc_id: str, text: str) -> GoldCluster:
    match value:
        case {"type": str(label), "mentions": [*mentions]}:
            places = [_place_in_chain(each, doc_id) for each in mentions]
            return GoldCluster(label, tuple(_read_mention(each, {doc_id: text}) for each in places))
    message = f"not a chain with the string type and the list mentions: {value!r}"
    raise ValueError(message)


def _without_repeats(clusters: Iterable[GoldCluster]) -> Iterator[GoldCluster]:
    seen: set[Mention] = set()
    for cluster in clusters:
        fresh = {each.mention: each for each in cluster.mentions if each.mention not in seen}
        seen |= fresh.keys()
        if fresh:
            yield GoldCluster(cluster.label, tuple(fresh.values()))


def _place_in_chain(value: object, doc_id: str) -> object:
    """Return a mention as topics have it; of a phrase around a name, where the name stands."""
    match value:
        case {"mtype": "name", "name": [start, end]}:
            return [doc_id, start, end, "name"]
        case {"start": start, "end": end, "mtype": kind}:
            return [doc_id, start, end, kind]
    return value


def _align_by_overlap(gold: set[Mention], predicted: set[Mention]) -> dict[Mention, Mention]:
    in_article: dict[str, list[Mention]] = defaultdict(list)
    for mention in gold:
        in_article[mention.doc_id].append(mention)
    candidates = []
    for mention in predicted:
        for twin in in_article[mention.doc_id]:
            n_shared = min(mention.end, twin.end) - max(mention.start, twin.start)
            if n_shared > 0:
                longer = max(mention.end - mention.start, twin.end - twin.start)
                candidates.append((-n_shared / longer, mention, twin))
    twins: dict[Mention, Mention] = {}
    taken: set[Mention] = set()
    for _, mention, twin in sorted(candidates):
        if mention not in twins and twin not in taken:
            twins[mention] = twin
            taken.add(twin)
    return twins


def _crosstab(gold: Clusters, predicted: Clusters) -> _Crosstab:
    gold_sets = [members for members in map(dict.fromkeys, gold) if members]
    predicted_sets = [members for members in map(dict.fromkeys, predicted) if members]
    gold_index = _index_mentions(gold_sets)
    predicted_index = _index_mentions(predicted_sets)
    shared = Counter(
        (i, predicted_index[mention])
        for mention, i in gold_index.items()
        if mention in predicted_index
    )
    return _Crosstab(list(map(len, gold_sets)), list(map(len, predicted_sets)), shared)


def _index_mentions(clusters: Sequence[Collection[Hashable]]) -> dict[Hashable, int]:
    index: dict[Hashable, int] = {}
    for i, members in enumerate(clusters):
        for mention in members:
            if mention in index:
                message = f"mention in two clusters of one side: {mention!r}"
                raise ValueError(message)
            index[mention] = i
    return index


def _b_cubed_recall(table: _Crosstab) -> float:
    found = sum(n * n / table.gold_sizes[i] for (i, _), n in table.shared.items())
    return found / max(1, sum(table.gold_sizes))


def _lea_recall(table: _Crosstab) -> float:
    found = 0.0
    for (i, j), n in table.shared.items():
        size = table.gold_sizes[i]
        if size == 1:
            found += table.predicted_sizes[j] == 1
        else:
            found += size * comb(n, 2) / comb(size, 2)
    return found / max(1, sum(table.gold_sizes))
