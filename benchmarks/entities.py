"""How good are names and who they stand for, on any gold file.

Rows with `entities` score the recognition of names; rows with `topic` and `docs` the clusters over
documents; rows with `chains` those inside each document. With `--gold-mentions` the spans of the
gold rows are taken as the mentions and only linked.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.goldfiles import Stopwatch, make_parser, read_rows, write_rows
from benchmarks.scoring.entities import (
    GoldNames,
    GoldTopic,
    LabelledSpan,
    Mention,
    MentionKind,
    align_mentions,
    average_clusters,
    format_cluster_scores,
    format_name_scores,
    read_gold_chains,
    read_gold_names,
    read_gold_topic,
    score_clusters,
    score_names,
)
from copydesk.copytext import copy_of_text
from copydesk.entities import NameKey, join_names
from copydesk.extraction import BATCH_ARTICLES, extract_batch
from copydesk.model import Span as TextSpan
from copydesk.names import add_names, chain_names, find_names
from copydesk.parsing import parse_copies
from copydesk.speakers import Context, resolve_reference
from copydesk.workers import cut_batches

MERGED_LABELS = {"GPE": "LOC", "EVENT": "MISC", "WORK_OF_ART": "MISC", "LAW": "MISC"}
"""What gold files call our labels where they have no such label themselves."""


def main() -> None:
    """Run the product's code on the texts of a gold file and print the scores."""
    parser = make_parser("entities", __doc__.splitlines()[0])
    parser.add_argument("--gold-mentions", action="store_true", help="link the gold spans")
    options = parser.parse_args()
    rows = list(read_rows(options.gold))
    watch = Stopwatch()
    if rows and "entities" in rows[0]:
        predictions = _score_names([read_gold_names(row) for row in rows], watch)
    else:
        is_chains = bool(rows) and "chains" in rows[0]
        topics = [read_gold_chains(row) if is_chains else read_gold_topic(row) for row in rows]
        predictions = _score_topics(topics, watch, has_gold_mentions=options.gold_mentions)
    write_rows(predictions, options.predictions)


def _score_names(gold: Sequence[GoldNames], watch: Stopwatch) -> list[Mapping[str, object]]:
    labels = {span.label for article in gold for span in article.spans}
    found: dict[str, list[LabelledSpan]] = {article.doc_id: [] for article in gold}
    for batch in cut_batches(gold, BATCH_ARTICLES):
        for mention in extract_batch([copy_of_text(a.doc_id, a.text) for a in batch]).mentions:
            label = mention.label if mention.label in labels else MERGED_LABELS.get(mention.label)
            if mention.kind.value == MentionKind.NAMED.value and label in labels:
                found[mention.article_id].append(
                    LabelledSpan(mention.start, mention.end, str(label))
                )
    speed = watch.rate(len(gold), "articles")
    print(format_name_scores(score_names(gold, found)))
    print(speed)
    return [{"doc_id": doc_id, "entities": spans} for doc_id, spans in found.items()]


def _score_topics(
    gold: Sequence[GoldTopic], watch: Stopwatch, *, has_gold_mentions: bool
) -> list[Mapping[str, object]]:
    predictions: list[Mapping[str, object]] = []
    scores = defaultdict(list)
    for topic in gold:
        kinds = {m.mention: m.kind for cluster in topic.clusters for m in cluster.mentions}
        clusters = _cluster_topic(topic.texts, list(kinds) if has_gold_mentions else None)
        predictions.append({"topic": topic.topic, "clusters": _to_rows(clusters)})
        wanted = [[m.mention for m in cluster.mentions] for cluster in topic.clusters]
        twins = align_mentions(kinds, (m for members in clusters for m in members))
        found = [[twins[m] for m in members] for members in clusters]
        names = {m for m, kind in kinds.items() if kind is MentionKind.NAMED}
        scores["all mentions"].append(score_clusters(wanted, found))
        scores["names only"].append(score_clusters(_only(wanted, names), _only(found, names)))
    speed = watch.rate(sum(len(topic.texts) for topic in gold), "documents")
    print(format_cluster_scores({name: average_clusters(some) for name, some in scores.items()}))
    print(speed)
    return predictions


def _only(clusters: Iterable[Iterable[Mention]], wanted: set[Mention]) -> list[list[Mention]]:
    kept = ([mention for mention in members if mention in wanted] for members in clusters)
    return [members for members in kept if members]


def _to_rows(clusters: Sequence[Sequence[Mention]]) -> list[Mapping[str, object]]:
    return [
        {"id": str(i), "mentions": [list(mention) for mention in members]}
        for i, members in enumerate(clusters)
    ]


def _cluster_topic(
    texts: Mapping[str, str], gold_mentions: Sequence[Mention] | None
) -> list[list[Mention]]:
    """Return the clusters over the documents of a topic, of our mentions or of the given ones."""
    heads: dict[Mention, NameKey | Mention] = {}
    copies = [copy_of_text(doc_id, text) for doc_id, text in texts.items()]
    for copy, doc in zip(copies, parse_copies(copies), strict=True):
        doc_id = copy.article_id
        names = find_names(doc, copy.text)
        given = None
        if gold_mentions is not None:
            given = sorted(m for m in gold_mentions if m.doc_id == doc_id)
            names = add_names(doc, names, [TextSpan(m.start, m.end) for m in given])
        chains = chain_names(names)
        context = Context(doc, names, chains)
        own = [Mention(doc_id, name.start, name.end) for name in names]
        for mention in own if given is None else given:
            place = TextSpan(mention.start, mention.end)
            found = resolve_reference(place, context).name
            head = None if found is None else names[chains[found].head]
            heads[mention] = mention if head is None else NameKey(head.label, head.text)
    bearers = join_names(Counter(head for head in heads.values() if isinstance(head, NameKey)))
    clusters = defaultdict(list)
    for mention, bearer in heads.items():
        clusters[bearers[bearer].key if isinstance(bearer, NameKey) else bearer].append(mention)
    return list(clusters.values())


if __name__ == "__main__":
    main()
