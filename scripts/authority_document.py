"""The text of ``docs/authority.md``: every route with its rule, and every table with the rows that a reading sees."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from litestar.handlers import HTTPRouteHandler

from backend.api.app import create_app
from backend.api.guards import routes, rule_of
from backend.bootstrap import Parts
from backend.domain.authority.rule import Rule
from backend.domain.authority.words import Reach, Role
from backend.store.row_rules import (
    RULES,
    Either,
    Hidden,
    OfOffice,
    OfOfficer,
    OfPolicy,
    Open,
    Own,
    RowRule,
    Through,
)

ROLES: Mapping[Role, str] = {
    Role.PUBLIC: "whoever comes, without signing in; the route trusts nothing, or a signature of its own",
    Role.FARMER: "the holder of a policy",
    Role.INSURER: "an officer of the lane insurer",
    Role.VETERINARY: "an officer of the lane veterinary",
    Role.INSPECTION: "an officer of the lane inspection",
    Role.COLLECTOR: "the disposal company's: an officer without a lane",
    Role.ADMINISTRATOR: "an officer whom their organisation made its administrator, beside the role of their lane",
    Role.LINK: "the holder of a read-only link to one claim",
    Role.AGENT: "a village agent of the insurer, or an officer on a phone: reports for farmers who agreed",
    Role.REGULATOR: "an officer of a regulator: aggregates of its region, and their own sessions, keys and colleagues",
    Role.FEED: "an insurer's own system with the feed token of a webhook: reads state changes of its county",
}
REACHES: Mapping[Reach, str] = {
    Reach.NOTHING: "nothing besides the role: it is the same for all",
    Reach.OWN: "the caller's own: keys, policy, farm",
    Reach.CLAIM: "the claim in the address, which the caller has to see; else it is answered as if there were none",
    Reach.COUNTY: "rows of the counties that the caller sees, and no others",
    Reach.ORGANISATION: "the caller's organisation",
}
TEXT = """# Who may do what

Made from the routes and from `backend/store/row_rules.py`; a test calls every route in every role, for a claim of the
caller's county and for one of another, and compares. Why it is so: [decision 0025](decisions/0025-who-may-do-what.md).

## Roles

{roles}

## What a rule is about

{reaches}

A caller sees: an officer the claims of the county of their office, of offices that it covers now, and claims with a
lane that it was asked to decide, until they end; a village agent the claims that they reported for farmers, for half a
year; a farmer the claims of the policy; the holder of a link its claim.
A claim beyond that is answered with 404, exactly as one that does not exist; a role that is missing with 403.

## Routes

{columns}

{routes}

## Rows

What a reading for a caller finds in the database, whatever was asked. PostgreSQL keeps it by row-level security, SQLite
by views that stand before the tables. Writes, the worker and imports see every row.

{rows}
"""
_SHORT = {
    Role.PUBLIC: "P",
    Role.FARMER: "F",
    Role.INSURER: "I",
    Role.VETERINARY: "V",
    Role.INSPECTION: "S",
    Role.COLLECTOR: "C",
    Role.ADMINISTRATOR: "A",
    Role.LINK: "L",
    Role.REGULATOR: "R",
    Role.AGENT: "G",
    Role.FEED: "W",
}


def authority_text() -> str:
    """The whole document, without the mark at its head."""
    letters = ", ".join(f"{short} {role}" for role, short in _SHORT.items())
    return TEXT.format(
        roles=_table(("role", "who"), ((f"`{role}`", who) for role, who in ROLES.items())),
        reaches=_table(
            ("over", "what is looked at"), ((f"`{reach}`", what) for reach, what in REACHES.items())
        ),
        columns=f"{letters}.",
        routes=_table(("route", *_SHORT.values(), "over"), sorted(_rows())),
        rows=_table(("table", "seen"), ((f"`{name}`", _seen(rule)) for name, rule in sorted(RULES.items()))),
    )


def declared_routes() -> Iterator[tuple[str, str, Rule]]:
    """Method, address and rule of every route that the API describes, and of those that watch it."""
    app = create_app(_never_opened(), with_worker=False)
    for address, handler in routes(app):
        rule = rule_of(handler)
        if rule and isinstance(handler, HTTPRouteHandler) and handler.resolve_include_in_schema():
            yield from ((method, address, rule) for method in handler.http_methods)


def _rows() -> Iterator[tuple[str, ...]]:
    for method, address, rule in declared_routes():
        marks = ("✓" if role in rule.roles else "" for role in _SHORT)
        yield (f"`{method} {address}`", *marks, str(rule.over))


@contextmanager
def _never_opened() -> Iterator[Parts]:
    raise RuntimeError("the application is looked at and never started")
    yield


def _seen(rule: RowRule) -> str:
    match rule:
        case Own(columns):
            return " or ".join(f"`{column}` is a {kind} that is seen" for kind, column in columns.items())
        case Through(column, table, _):
            return f"with its row of `{table}` (`{column}`)"
        case OfPolicy():
            return "its `number` is a policy that is seen, or its farm is in a county that is seen"
        case OfOffice(columns):
            return f"{' or '.join(f'`{one}`' for one in columns)} is an office in a county that is seen"
        case OfOfficer(column):
            return f"the office of `{column}` is in a county that is seen, or nobody stands there"
        case Either(rules):
            return "; or ".join(_seen(one) for one in rules)
        case Open(reason):
            return f"all rows: {reason}"
        case Hidden(reason):
            return f"no row: {reason}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
