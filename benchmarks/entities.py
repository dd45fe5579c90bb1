"""How good are names and who they stand for, on any gold file.

Rows with `entities` score the recognition of names; rows with `topic` and `docs` the clusters over
documents; rows with `chains` those inside each document. With `--gold-mentions` the spans of the
gold rows are taken as the mentions and only linked; a gold name in which no name is found, or
several side by side, is a name itself. Whom pronouns and nouns stand for is counted over those
that gold puts together with a name in their document, without nouns that hold the name: right are
those resolved to a name of their gold cluster, open those that are left alone.

Several files are also pooled into one world. What counts there is the precision of the pairs of
gold names that are put together:
    in one topic, gold decides;
    in two topics, whose clusters gold does not compare, two people are one where their clusters
        share a name of two words or more, and two where both have such names and share none; a
        person and something else are two; other things are one where their clusters share a name;
    pairs of which none of this is true are counted as open and left out.
A rule's precision is that of the pairs of a name that it joined with the best name of its entity,
in one topic.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from spacy.tokens import Doc

from benchmarks.data.goldfiles import Stopwatch, make_parser, read_rows, write_rows
from benchmarks.scoring.entities import (
    GoldCluster,
    GoldTopic,
    Mention,
    MentionKind,
    align_mentions,
    average_clusters,
    format_cluster_scores,
    read_gold_chains,
    read_gold_topic,
    score_clusters,
)
from benchmarks.scoring.names import (
    GoldNames,
    LabelledSpan,
    format_name_scores,
    read_gold_names,
    score_names,
)
from benchmarks.scoring.pool import Reference, format_pool, list_appearances
from copydesk.cleaning.copytext import copy_of_text
from copydesk.entities.resolve import NameKey, Referent, join_names
from copydesk.extraction.extract import BATCH_ARTICLES, extract_batch
from copydesk.extraction.parsing import parse_copies
from copydesk.extraction.workers import cut_batches
from copydesk.mentions.names import Name, compare_key, find_names
from copydesk.quotations.find import find_quotes
from copydesk.quotations.methods import QuoteMethod
from copydesk.quotations.named import Context
from copydesk.quotations.speakers import Reason, read_context, resolve_reference
from copydesk.values import NAME_LABELS, EntityLabel
from copydesk.values import Span as TextSpan

MERGED_LABELS: dict[str, str] = {
    EntityLabel.GPE: EntityLabel.LOC,
    EntityLabel.EVENT: "MISC",
    EntityLabel.WORK_OF_ART: "MISC",
    EntityLabel.LAW: "MISC",
}
"""What gold files call our labels where they have no such label themselves."""


REFERENTS = {
    "he, she": frozenset({"he", "him", "his", "himself", "she", "her", "hers", "herself"}),
    "it, they": frozenset({"it", "its", "they", "them", "their"}),
}
"""Pronouns that are counted together; what is neither pronoun nor name is a noun."""

DEFINITE = frozenset(
    {"the", "this", "that", "these", "those", "my", "your", "his", "her", "its", "our", "their"}
)
"""What a description begins with; other nouns are in apposition or after `is`, or are headlines."""

PEOPLE = frozenset({EntityLabel.PERSON, "PER", "HUM"})
"""What gold files call persons."""

PLACES = frozenset({EntityLabel.GPE, EntityLabel.LOC})
BETWEEN = re.compile(r"\)?(?:,| and)\s(?:the\s)?")


def main() -> None:
    """Run the product's code on the texts of gold files and print the scores."""
    parser = make_parser("entities", __doc__.splitlines()[0])
    parser.add_argument("more", nargs="*", type=Path, help="further gold files: pooled with it")
    parser.add_argument("--gold-mentions", action="store_true", help="link the gold spans")
    options = parser.parse_args()
    predictions: list[Mapping[str, object]] = []
    pool: dict[str, tuple[GoldTopic, dict[Mention, Reference | None]]] = {}
    for path in (options.gold, *options.more):
        rows = list(read_rows(path))
        watch = Stopwatch()
        if rows and "entities" in rows[0]:
            predictions += _score_names([read_gold_names(row) for row in rows], watch)
            continue
        is_chains = bool(rows) and "chains" in rows[0]
        topics = [read_gold_chains(row) if is_chains else read_gold_topic(row) for row in rows]
        found = [_find_references(topic, has_gold=options.gold_mentions) for topic in topics]
        predictions += _score_topics(topics, found, watch)
        if not options.gold_mentions:
            print(_format_verdict_table(_judge_references(topics)))
        names = (f"{path.name}/{topic.topic}" for topic in topics)
        pool |= dict(zip(names, zip(topics, found, strict=True), strict=True))
    if options.more:
        print(format_pool(pool))
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
    gold: Sequence[GoldTopic],
    found: Sequence[Mapping[Mention, Reference | None]],
    watch: Stopwatch,
) -> list[Mapping[str, object]]:
    predictions: list[Mapping[str, object]] = []
    scores = defaultdict(list)
    for topic, references in zip(gold, found, strict=True):
        kinds = _kinds_of(topic)
        referents = join_names(list_appearances(references))
        clusters = _gather(references, referents)
        predictions.append({"topic": topic.topic, "clusters": _to_rows(clusters)})
        wanted = [[m.mention for m in cluster.mentions] for cluster in topic.clusters]
        twins = align_mentions(kinds, (m for members in clusters for m in members))
        aligned = [[twins[m] for m in members] for members in clusters]
        names = {m for m, kind in kinds.items() if kind is MentionKind.NAMED}
        people = names & {
            m.mention for c in topic.clusters if c.label in PEOPLE for m in c.mentions
        }
        scores["all mentions"].append(score_clusters(wanted, aligned))
        for title, some in (("names only", names), ("names of persons", people)):
            if some:
                scores[title].append(score_clusters(_only(wanted, some), _only(aligned, some)))
    speed = watch.rate(sum(len(topic.texts) for topic in gold), "documents")
    print(format_cluster_scores({name: average_clusters(some) for name, some in scores.items()}))
    print(speed)
    return predictions


def _kinds_of(topic: GoldTopic) -> dict[Mention, MentionKind]:
    return {m.mention: m.kind for cluster in topic.clusters for m in cluster.mentions}


def _only(clusters: Iterable[Iterable[Mention]], wanted: set[Mention]) -> list[list[Mention]]:
    kept = ([mention for mention in members if mention in wanted] for members in clusters)
    return [members for members in kept if members]


def _to_rows(clusters: Sequence[Sequence[Mention]]) -> list[Mapping[str, object]]:
    return [
        {"id": str(i), "mentions": [list(mention) for mention in members]}
        for i, members in enumerate(clusters)
    ]


def _find_references(topic: GoldTopic, *, has_gold: bool) -> dict[Mention, Reference | None]:
    """Return what each of our mentions in a topic, or each gold one, stands for."""
    kinds = _kinds_of(topic)
    references: dict[Mention, Reference | None] = {}
    copies = [copy_of_text(doc_id, text) for doc_id, text in topic.texts.items()]
    for copy, doc in zip(copies, parse_copies(copies), strict=True):
        doc_id = copy.article_id
        names = find_names(doc, copy.text)
        given = sorted(m for m in kinds if m.doc_id == doc_id) if has_gold else None
        if given is not None:
            names = _add_names(doc, names, [m for m in given if kinds[m] is MentionKind.NAMED])
        context = read_context(doc, names)
        own = [Mention(doc_id, name.start, name.end) for name in names]
        for mention in own if given is None else given:
            place = TextSpan(mention.start, mention.end)
            is_name = has_gold and kinds[mention] is MentionKind.NAMED
            found = _name_at(doc, names, place) if is_name else None
            if found is None and not (is_name and _is_list(doc, names, place)):
                found = resolve_reference(place, context).name
            if found is not None:
                head = names[context.chains[found].head]
                references[mention] = Reference(names[found].text, NameKey(head.label, head.text))
            else:
                references[mention] = _refer_by_text(doc, place) if is_name else None
    return references


def _add_names(doc: Doc, names: Sequence[Name], given: Iterable[Mention]) -> list[Name]:
    """Return the names with the gold ones in which none was found, though they are proper nouns.

    A given name inside a longer one of ours is a name, too: Holm, in the Holm Foundation.
    """
    text = doc.text
    labels = {compare_key(name.text): name.label for name in names}
    found = list(names)
    for mention in given:
        span = doc.char_span(mention.start, mention.end, alignment_mode="expand")
        has_name = any(mention.start <= n.start and n.end <= mention.end for n in names)
        if span is not None and not has_name and span.root.pos_ == "PROPN":
            words = text[mention.start : mention.end]
            label = labels.get(compare_key(words)) or span.root.ent_type_ or EntityLabel.ORG
            found.append(Name(mention.start, mention.end, words, label, None, "gold"))
    return sorted(found, key=lambda name: name.start)


def _name_at(doc: Doc, names: Sequence[Name], place: TextSpan) -> int | None:
    """Return the name that a gold one is, or that has its head: Holm, in `Holm of the Gulls`."""
    inside = [i for i, n in enumerate(names) if place.start <= n.start and n.end <= place.end]
    for i in inside:
        if (names[i].start, names[i].end) == place:
            return i
    gold = doc.char_span(*place, alignment_mode="expand")
    if gold is None or _is_list(doc, names, place):
        return None
    at = gold.root.idx
    return next((i for i in inside if names[i].start <= at < names[i].end), None)


def _is_list(doc: Doc, names: Sequence[Name], place: TextSpan) -> bool:
    """Return whether names stand side by side at a place: `the Gulls and the Terns`.

    So do two of one kind with a comma between them, unless one place is in the other.
    """
    inside = [name for name in names if place.start <= name.start and name.end <= place.end]
    spans = (doc.char_span(name.start, name.end, alignment_mode="expand") for name in inside)
    roots = [span.root for span in spans if span is not None]
    if any(root.dep_ == "conj" and root.head in roots for root in roots):
        return True
    text = doc.text
    return any(
        one.label == other.label
        and BETWEEN.fullmatch(text, one.end, other.start) is not None
        and ("and" in text[one.end : other.start] or one.label not in PLACES)
        for one, other in pairwise(inside)
    )


def _refer_by_text(doc: Doc, place: TextSpan) -> Reference | None:
    span = doc.char_span(*place, alignment_mode="expand")
    if span is None:
        return None
    label = span.root.ent_type_ if span.root.ent_type_ in NAME_LABELS else EntityLabel.ORG
    return Reference(span.text, NameKey(label, span.text))


def _judge_references(topics: Iterable[GoldTopic]) -> dict[str, Counter[str]]:
    """Return how many pronouns and descriptions were resolved rightly, wrongly and not at all."""
    verdicts: dict[str, Counter[str]] = defaultdict(Counter)
    for topic in topics:
        copies = [copy_of_text(doc_id, text) for doc_id, text in topic.texts.items()]
        for copy, doc in zip(copies, parse_copies(copies), strict=True):
            quotations = find_quotes(doc, copy.text, QuoteMethod.TAGGER)
            context = read_context(doc, find_names(doc, copy.text), quotations)
            for cluster in topic.clusters:
                mine = [m for m in cluster.mentions if m.mention.doc_id == copy.article_id]
                named = [m.mention for m in mine if m.kind is MentionKind.NAMED]
                for mention, kind in mine if named else ():
                    words = copy.text[mention.start : mention.end].lower()
                    group = _group_of(words, cluster, kind)
                    holds_name = any(
                        mention.start <= name.start and name.end <= mention.end for name in named
                    )
                    if group is not None and not holds_name:
                        verdicts[group][_judge_reference(mention, named, context)] += 1
    return verdicts


def _group_of(words: str, cluster: GoldCluster, kind: MentionKind) -> str | None:
    """Return with which other words those of a gold mention are counted, if with any."""
    if kind is MentionKind.NOMINAL:
        is_definite = words.partition(" ")[0] in DEFINITE or "’s " in words or "'s " in words
        return "descriptions" if is_definite else "other nouns"
    for group, forms in REFERENTS.items():
        if words in forms:
            is_one = cluster.label in PEOPLE and group == "it, they"
            return "they, of people" if is_one else group
    return None


def _judge_reference(mention: Mention, named: Sequence[Mention], context: Context) -> str:
    found = resolve_reference(TextSpan(mention.start, mention.end), context)
    if found.name is None or found.reason is Reason.NAME:
        return "open"
    head = context.chains[found.name].head
    referents = [
        name
        for name, chain in zip(context.names, context.chains, strict=True)
        if chain.head == head
    ]
    is_right = any(b.start < m.end and m.start < b.end for b in referents for m in named)
    return "right" if is_right else "wrong"


def _format_verdict_table(verdicts: Mapping[str, Counter[str]]) -> str:
    lines = [f"{'stand for':<15} {'gold':>6} {'right':>6} {'wrong':>6} {'open':>6} | % right"]
    for group, counts in sorted(verdicts.items()):
        n = counts.total()
        cells = " ".join(f"{counts[verdict]:>6}" for verdict in ("right", "wrong", "open"))
        lines.append(f"{group:<15} {n:>6} {cells} | {100 * counts['right'] / n:7.1f}")
    return "\n".join(lines)


def _gather(
    references: Mapping[Mention, Reference | None], referents: Mapping[NameKey, Referent]
) -> list[list[Mention]]:
    clusters: dict[NameKey | Mention, list[Mention]] = defaultdict(list)
    for mention, reference in references.items():
        clusters[mention if reference is None else referents[reference.head].key].append(mention)
    return list(clusters.values())


if __name__ == "__main__":
    main()
