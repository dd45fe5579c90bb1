"""Join the articles that are one text: delivered twice, syndicated, or lightly edited.

MinHash finds candidate pairs, the exact Jaccard similarity of their word shingles accepts them
(Broder 1997). Nothing is dropped: one article of each story is its representative.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from rensa import RMinHash

from copydesk.lake import Snapshot, connect
from copydesk.model import Story, StoryRelation, content_id
from copydesk.tables import ARTICLES

BODIES_SQL = "SELECT article_id, body FROM {articles} ORDER BY article_id"
SHINGLE_WORDS = 5
MIN_NEAR_SIMILARITY = 0.5  # 10 % of words changed at random leave about .4 to .6 of the shingles
N_PERMUTATIONS = 128
N_BANDS = 32  # of 4 values each: finds 87 % of the pairs at similarity .5, 99.9 % at .7
SEED = 20


def find_stories(snapshot: Snapshot) -> Iterator[Story]:
    """Yield the story of every article, in the order of article ids."""
    query = BODIES_SQL.format(articles=snapshot.relation_sql(ARTICLES))
    yield from join_articles(dict(connect().sql(query).fetchall()))


def join_articles(bodies: Mapping[str, str]) -> Iterator[Story]:
    """Yield the story of each article, given the bodies by article id."""
    shingles = {article_id: _shingles(body) for article_id, body in sorted(bodies.items())}
    representative = {article_id: article_id for article_id in shingles}
    similarity = dict.fromkeys(shingles, 1.0)
    for first, second in sorted(_candidate_pairs(shingles)):
        if representative[first] != first or representative[second] != second:
            continue
        score = _jaccard(shingles[first], shingles[second])
        if score >= MIN_NEAR_SIMILARITY:
            representative[second], similarity[second] = first, score
    members = defaultdict(list)
    for article_id, head in representative.items():
        members[head].append(article_id)
    for article_id, head in representative.items():
        yield Story(
            article_id=article_id,
            story_id=content_id("story", head),
            relation=_relation(article_id, [m for m in members[head] if m != head], similarity),
            similarity=round(similarity[article_id], 3),
            is_representative=article_id == head,
        )


def _relation(
    article_id: str, others: Sequence[str], similarity: Mapping[str, float]
) -> StoryRelation:
    """Return what joins an article to its story; a representative takes its nearest copy's."""
    if not others:
        return StoryRelation.SOLE
    nearest = similarity[article_id]
    if article_id not in others:
        nearest = max(similarity[other] for other in others)
    return StoryRelation.EXACT if nearest == 1.0 else StoryRelation.NEAR


def _shingles(body: str) -> frozenset[str]:
    words = body.casefold().split()
    last = max(1, len(words) - SHINGLE_WORDS + 1) if words else 0
    return frozenset(" ".join(words[i : i + SHINGLE_WORDS]) for i in range(last))


def _candidate_pairs(shingles: Mapping[str, frozenset[str]]) -> set[tuple[str, str]]:
    """Return the pairs of articles that agree in a band of their signatures."""
    rows = N_PERMUTATIONS // N_BANDS
    buckets: dict[tuple[int, tuple[int, ...]], list[str]] = defaultdict(list)
    for article_id, parts in shingles.items():
        if not parts:
            continue
        sketch = RMinHash(num_perm=N_PERMUTATIONS, seed=SEED)
        sketch.update(sorted(parts))
        digest = sketch.digest()
        for band in range(N_BANDS):
            buckets[band, tuple(digest[band * rows : (band + 1) * rows])].append(article_id)
    return {pair for articles in buckets.values() for pair in combinations(articles, 2)}


def _jaccard(first: Iterable[str], second: Iterable[str]) -> float:
    one, other = frozenset(first), frozenset(second)
    return len(one & other) / len(one | other) if one or other else 1.0
