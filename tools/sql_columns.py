"""Trace the columns of a SQL query to the columns of the tables that it reads.

sqlglot parses the query and follows each column through subqueries and common table expressions.
Three things it leaves out are written into the query first, in a way that holds for any query:
named windows, what decides how many rows are counted, and what decides the outcome of a subquery.
What cannot be traced is refused: a page with gaps would read like one without.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError
from sqlglot.lineage import Node, lineage
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope, find_all_in_scope, traverse_scope

DIALECT = "duckdb"
UNTYPED = "UNKNOWN"


class Source(NamedTuple):
    """A column of a table or view."""

    table: str
    column: str


def trace_columns(
    sql: str, tables: Mapping[str, Sequence[str]], *, columns: Sequence[str]
) -> dict[str, list[Source]]:
    """Return the sources of each of `columns`, sorted; a constant has none.

    `tables` are the columns of each table or view that the query may read. Sources are what a value
    is computed from. What only decides which rows there are is a source only of what counts them.

    Raises:
        ValueError: if the query has other columns than `columns`, or one that cannot be traced.
    """
    schema: dict[str, object] = {
        table: dict.fromkeys(names, UNTYPED) for table, names in tables.items()
    }
    tree = _read_query(sql, schema)
    if tree.named_selects != list(columns):
        found = ", ".join(tree.named_selects)
        msg = f"columns {', '.join(columns)} are wanted, and those of the query are {found}"
        raise ValueError(msg)
    for unnamed in tree.find_all(exp.TableColumn, exp.Columns):
        msg = f"`{unnamed.sql(DIALECT)}` stands for several columns; name them"
        raise ValueError(msg)
    _add_deciding(tree, tables)
    nodes = lineage(None, tree, schema, dialect=DIALECT, scope=build_scope(tree), copy=False)
    return {column: sorted(set(_leaves_of(nodes[column], tables))) for column in columns}


def _read_query(sql: str, schema: dict[str, object]) -> exp.Query:
    """Return a query in which every column names its table.

    Raises: ValueError: if it is no query over the tables of `schema`.
    """
    try:
        parsed = parse_one(sql, dialect=DIALECT)
        tree = qualify(
            _spell_out_windows(parsed), dialect=DIALECT, schema=schema, identify=False, sql=sql
        )
    except SqlglotError as error:
        raise ValueError(str(error)) from error
    if not isinstance(tree, exp.Query):
        msg = f"{sql}: no query"
        raise ValueError(msg)  # noqa: TRY004 - the text is at fault, not its type
    return tree


def _leaves_of(node: Node, tables: Collection[str]) -> Iterable[Source]:
    """Yield the columns of tables that a column leads to.

    Raises: ValueError: if it leads to what is not one of `tables`, as the columns of a file do.
    """
    for each in node.walk():
        if each.downstream:
            continue
        if not isinstance(each.expression, exp.Placeholder | exp.Table):
            continue  # a constant
        if each.expression.name not in tables:
            msg = f"`{each.name}` cannot be traced to a table"
            raise ValueError(msg)
        yield Source(each.expression.name, exp.to_column(each.name).name)


def _spell_out_windows(tree: exp.Expr) -> exp.Expr:
    """Return a query with `OVER name` replaced by what the window is declared as."""
    for select in tree.find_all(exp.Select):
        declared = {window.name: window for window in select.args.get("windows") or ()}
        for window in find_all_in_scope(select, exp.Window):
            named = declared.get(window.alias)
            if named is not None and window is not named:
                for part, value in named.copy().args.items():
                    if part in {"partition_by", "order"} and value:
                        window.set(part, value)
    return tree


def _add_deciding(tree: exp.Expr, tables: Mapping[str, Sequence[str]]) -> None:
    """Write into a query, in place, what its counts and its subqueries depend on.

    The query means something else then, and may not run; its columns have the right sources.
    `count(*)` becomes a count of what decides which rows there are. The same goes into the first
    column of a subquery that is a value or a condition, and what such a subquery takes from the
    query around it goes beside it.

    Raises: ValueError: if sqlglot does not know what a part of the query reads.
    """
    scopes = {id(scope.expression): scope for scope in traverse_scope(tree)}
    for select in reversed(list(tree.find_all(exp.Select))):  # the innermost first
        scope = scopes.get(id(select))
        if scope is None:
            msg = f"`{select.sql(DIALECT)}` cannot be traced to a table"
            raise ValueError(msg)
        for projection in select.selects:
            for count in find_all_in_scope(projection, exp.Count):
                if isinstance(count.this, exp.Star):
                    counted = _deciding(select)
                    if not counted and not any(find_all_in_scope(projection, exp.Column)):
                        counted = _all_columns(scope, tables)
                    count.set("this", exp.Tuple(expressions=counted))
        value = _value_around(select)
        if value is not None:
            first = select.selects[0]
            together = exp.Tuple(
                expressions=[first.unalias().copy(), *_deciding(select), *_choosing(select)]
            )
            select.set("expressions", [exp.alias_(together, first.alias_or_name, copy=False)])
            _hand_out(together, value, known=scope.selected_sources)


def _deciding(select: exp.Select) -> list[exp.Expr]:
    """Return copies of what decides which rows a SELECT has: joins, conditions, groups."""
    clauses = [join.args.get("on") for join in select.args.get("joins") or ()]
    where, group = select.args.get("where"), select.args.get("group")
    if where is not None:
        clauses.append(where.this)
    if group is not None:
        clauses += group.expressions
        if group.args.get("all"):
            clauses += [each.unalias() for each in select.selects if not each.find(exp.AggFunc)]
    return [clause.copy() for clause in clauses if clause is not None]


def _choosing(select: exp.Select) -> list[exp.Expr]:
    """Return copies of what chooses one row of a subquery: its order, and conditions on groups."""
    clauses = (select.args.get(clause) for clause in ("having", "qualify", "order"))
    return [clause.copy() for clause in clauses if clause is not None]


def _all_columns(scope: Scope, tables: Mapping[str, Sequence[str]]) -> list[exp.Expr]:
    """Return all columns of what a SELECT reads."""
    found: list[exp.Expr] = []
    for name, (_, source) in scope.selected_sources.items():
        if isinstance(source, exp.Table):
            found += [exp.column(column, name) for column in tables[source.name]]
        elif isinstance(source.expression, exp.Query):
            found += [exp.column(column, name) for column in source.expression.named_selects]
    return found


def _value_around(select: exp.Select) -> exp.Expr | None:
    """Return the expression that a SELECT is a value or condition in, or None where it is read."""
    inside: exp.Expr = select
    while isinstance(inside.parent, exp.Subquery | exp.SetOperation):
        inside = inside.parent
    if isinstance(inside.parent, exp.Exists | exp.In):
        return inside.parent
    is_read = isinstance(inside.parent, exp.From | exp.Join | exp.CTE | exp.Lateral)
    return None if inside.parent is None or is_read else inside


def _hand_out(together: exp.Tuple, value: exp.Expr, *, known: Collection[str]) -> None:
    """Move the columns of a subquery that are of the query around it beside the subquery."""
    foreign = [c for c in find_all_in_scope(together, exp.Column) if c.table not in known]
    for column in foreign:
        column.replace(exp.null())
    if foreign:
        beside = exp.Tuple()
        value.replace(beside)
        beside.set("expressions", [value, *foreign])
