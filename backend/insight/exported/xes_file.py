"""XES (IEEE Std 1849-2016): one trace a claim, one event for each of its timeline, for process mining.

Extensions concept, time, org and lifecycle. ``org:resource`` is the office that acted under a pseudonym of this
installation (farmers, machine and bank under their kind), ``org:role`` the kind; no person is in the file.
"""

from collections import defaultdict
from typing import Any  # a row's values are of many types
from xml.sax.saxutils import quoteattr

from sqlalchemy import Connection, Row, select

from backend.insight.claim_rows import Page, as_given, claim_pages, of_page
from backend.insight.exported.pieces import Put
from backend.insight.wanted import Wanted
from backend.store import tables
from backend.store.vault import Vault, vault_of

_BEGIN = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace">
<string key="concept:name" value="claim"/>
</global>
<global scope="event">
<string key="concept:name" value="event"/>
<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
<string key="org:resource" value="nobody"/>
<string key="org:role" value="nobody"/>
<string key="lifecycle:transition" value="complete"/>
</global>
<classifier name="Event" keys="concept:name"/>
<classifier name="Event and resource" keys="concept:name org:resource"/>
<string key="concept:name" value="flashclaim"/>
<string key="lifecycle:model" value="standard"/>
"""
_END = "</log>\n"
_OF_TRACE = ("county", "product", "species", "path", "state")
_BEFORE_SEQ = '<string key="lifecycle:transition" value="complete"/>\n<int key="flashclaim:seq" value="'
_PSEUDONYM = 10
"""Hexadecimal digits: offices are few."""


def write_xes(connection: Connection, wanted: Wanted, put: Put) -> None:
    """Hand out the file's bytes in order."""
    kinds = _Kinds(vault_of(connection))
    put(_BEGIN.encode())
    for page in claim_pages(connection, wanted):
        events = _events(connection, wanted, page, kinds)
        put("".join(_trace(row, events[row.number]) for row in page).encode())
    put(_END.encode())


class _Kinds(dict[tuple[str, str, str | None], tuple[str, str]]):
    """What is written before and after an event's moment, by its type, its actor's kind and office: made once each.

    Offices go under names that tell them apart and not who they are: the same in every file of an installation.
    """

    def __init__(self, vault: Vault) -> None:
        super().__init__()
        self._vault = vault

    def __missing__(self, kind: tuple[str, str, str | None]) -> tuple[str, str]:
        name, role, office = kind
        resource = role
        if office is not None:
            resource = f"office-{(self._vault.index(office, 'xes.office') or '')[:_PSEUDONYM]}"
        before = f'<event>\n{_string("concept:name", name)}<date key="time:timestamp" value="'
        after = f'"/>\n{_string("org:resource", resource)}{_string("org:role", role)}{_BEFORE_SEQ}'
        self[kind] = before, after
        return self[kind]


def _trace(row: Row[Any], events: list[str]) -> str:
    facts = [_string("concept:name", row.number)]
    values = ((name, getattr(row, name)) for name in _OF_TRACE)
    facts += [_string(f"flashclaim:{name}", value) for name, value in values if value is not None]
    return "".join(["<trace>\n", *facts, *events, "</trace>\n"])


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>\n"


def _events(connection: Connection, wanted: Wanted, page: Page, kinds: _Kinds) -> defaultdict[str, list[str]]:
    """The events of a page's claims as they are written, by the claim's number."""
    claims, events = tables.claims, tables.events
    statement = (
        select(
            *(claims.c.number, events.c.type, events.c.actor_kind, events.c.organisation),
            *(as_given(events.c.at), events.c.seq),
        )
        .join(claims, claims.c.id == events.c.claim_id)
        .order_by(claims.c.number, events.c.seq)
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for number, name, role, office, at, seq in connection.execute(of_page(statement, wanted, page)):
        before, after = kinds[name, role, office]
        # SQLite keeps a moment as the text that is written here.
        moment = at if isinstance(at, str) else at.isoformat(timespec="microseconds")
        found[number].append(f'{before}{moment}{after}{seq}"/>\n</event>\n')
    return found
