"""Give each outlet one name, over all articles: what is known of its host, or what its pages say.

`articles.outlet_id` follows from the page alone: from the host of its address, or from the name
that it states. Here the ids of one publisher get one name, so that its pages count as one outlet.
People's decisions come last.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from copydesk.cleaning.neighbours import choose_name
from copydesk.corrections.corpus import Verdict
from copydesk.lake.lake import Snapshot
from copydesk.lake.sql import connect_shared
from copydesk.lexicons.outlets import KnownOutlet, compact
from copydesk.outlets.overrides import OutletOverride
from copydesk.rows import Outlet
from copydesk.tables import ARTICLES, OUTLETS
from copydesk.text.sites import find_host, known_outlet
from copydesk.values import CorrectionStatus, OutletKind

# The addresses of an outlet differ after the host, which alone is read.
STATED = """
SELECT outlet_id, outlet, regexp_extract(url, '^[^/]*//[^/]*(/web/.*)?') AS url, count(*) AS n
FROM {articles} WHERE outlet_id IS NOT NULL GROUP BY ALL ORDER BY ALL
"""


PROBE = "\0"  # a name that no outlet has
NO_OUTLET = "no article states this host or name"
SO_BY_ITSELF = "it is known so already"
OVERRULED = "another row decides otherwise"


class Stated(NamedTuple):
    """What articles state of an outlet: its id, its name there, the host of their address."""

    outlet_id: str
    name: str
    url: str | None
    n_articles: int


def judge_outlets(snapshot: Snapshot, overrides: Sequence[OutletOverride]) -> list[Verdict]:
    """Return what became of each decision about the outlets of all articles."""
    if not overrides:
        return []
    with connect_shared() as connection:
        rows = connection.execute(
            STATED.format(articles=snapshot.relation_sql(ARTICLES))
        ).fetchall()
    return judge_stated([Stated(*row) for row in rows], overrides)


def judge_stated(stated: Sequence[Stated], overrides: Sequence[OutletOverride]) -> list[Verdict]:
    """Return what became of each decision about outlets."""
    alone = {row.outlet_id: _show(row) for row in join_outlets(stated)}
    together = {row.outlet_id: _show(row) for row in join_outlets(stated, overrides=overrides)}
    verdicts = []
    for override in overrides:
        probe = override._replace(name=PROBE)
        mine = {row.outlet_id: _show(row) for row in join_outlets(stated, overrides=[override])}
        ids = [
            row.outlet_id for row in join_outlets(stated, overrides=[probe]) if row.name == PROBE
        ]
        before, after = (", ".join(dict.fromkeys(rows[i] for i in ids)) for rows in (alone, mine))
        now = ", ".join(dict.fromkeys(together[i] for i in ids))
        if not ids:
            verdict = Verdict(CorrectionStatus.MATCHED_NOTHING, detail=NO_OUTLET)
        elif now != after:
            verdict = Verdict(CorrectionStatus.CONFLICTS, before, now, OVERRULED)
        elif before == after:
            verdict = Verdict(CorrectionStatus.ALREADY_SO, before, after, SO_BY_ITSELF)
        else:
            verdict = Verdict(CorrectionStatus.APPLIED, before, after)
        verdicts.append(verdict)
    return verdicts


def _show(outlet: Outlet) -> str:
    return ", ".join(filter(None, (outlet.name, outlet.country, outlet.kind)))


def resolve_outlets(
    snapshot: Snapshot, *, overrides: Sequence[OutletOverride] = ()
) -> pa.RecordBatchReader:
    """Return the outlets of all articles as an Arrow stream."""
    query = STATED.format(articles=snapshot.relation_sql(ARTICLES))
    with connect_shared() as connection:
        rows = connection.execute(query).fetchall()
    return OUTLETS.spool(join_outlets((Stated(*row) for row in rows), overrides=overrides))


def join_outlets(
    stated: Iterable[Stated], *, overrides: Sequence[OutletOverride] = ()
) -> Iterator[Outlet]:
    """Yield the outlets that articles state, in the order of their ids."""
    names: defaultdict[str, Counter[str]] = defaultdict(Counter)
    hosts: defaultdict[str, set[str]] = defaultdict(set)
    for row in stated:
        names[row.outlet_id][row.name] += row.n_articles
        hosts[row.outlet_id].update(filter(None, [find_host(row.url)]))
    owners = _owners(names, hosts)
    decided = {compact(each.outlet): each for each in overrides}
    for outlet_id in sorted(names):
        owner = _owner_of(names[outlet_id], hosts[outlet_id], owners) or outlet_id
        own_hosts = sorted(hosts[owner] | hosts[outlet_id])
        name = choose_name(names[owner])
        keys = [*own_hosts, *names[owner], *names[outlet_id]]
        override = next((decided[compact(key)] for key in keys if compact(key) in decided), None)
        called = _describe(name, known=_find_known(name, own_hosts), override=override)
        yield Outlet(
            outlet_id=outlet_id,
            name=called.name,
            country=called.country,
            kind=called.kind,
            hosts=own_hosts,
            names=sorted(names[outlet_id]),
            n_articles=sum(names[outlet_id].values()),
        )


class _Described(NamedTuple):
    name: str
    country: str | None = None
    kind: OutletKind | None = None


def _describe(
    name: str, *, known: KnownOutlet | None, override: OutletOverride | None
) -> _Described:
    """Return what is known of an outlet; what people have decided comes last."""
    described = _Described(name)
    if known is not None:
        described = _Described(known.name, known.country, known.kind)
    if override is not None:
        country, kind = override.country or described.country, override.kind or described.kind
        described = _Described(override.name, country, kind)
    return described


def _owners(
    names: Mapping[str, Counter[str]], hosts: Mapping[str, set[str]]
) -> Mapping[str, set[str]]:
    """Return the outlets with a host by each of their names."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for outlet_id, own in names.items():
        if hosts[outlet_id]:
            for name in own:
                owners[compact(name)].add(outlet_id)
    return owners


def _owner_of(names: Counter[str], hosts: set[str], owners: Mapping[str, set[str]]) -> str | None:
    """Return the one outlet with a host that has a name of an outlet without one."""
    if hosts:
        return None
    found = {owner for name in names for owner in owners.get(compact(name), ())}
    return next(iter(found)) if len(found) == 1 else None


def _find_known(name: str, hosts: Sequence[str]) -> KnownOutlet | None:
    by_host = (known_outlet(url=host) for host in hosts)
    found = next(filter(None, by_host), None)
    return found or (known_outlet(name=name) if not hosts else None)
