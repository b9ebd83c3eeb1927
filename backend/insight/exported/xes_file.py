"""XES (IEEE Std 1849-2016): one trace a claim, one event for each of its timeline, for process mining.

Extensions concept, time, org and lifecycle. ``org:resource`` is the office that acted under a pseudonym of this
installation (farmers, machine and bank under their kind), ``org:role`` the kind; no person is in the file.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any  # a row's values are of many types
from xml.sax.saxutils import quoteattr

from sqlalchemy import Connection, Row, Select, select

from backend.insight.exported.pieces import Put, together
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
_PSEUDONYM = 10
"""Hexadecimal digits: offices are few."""


def write_xes(connection: Connection, rows: Iterator[dict[str, Any]], put: Put) -> None:
    """Hand out the file's bytes in order."""
    offices = _Offices(vault_of(connection))
    put(_BEGIN.encode())
    for batch in together(rows):
        events = _events(connection, batch[0]["number"], batch[-1]["number"])
        put("".join(_trace(row, events.get(row["number"], ()), offices) for row in batch).encode())
    put(_END.encode())


class _Offices:
    """Offices under names that tell them apart and not who they are: the same in every file of an installation."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._names: dict[str, str] = {}

    def of(self, event: Row[Any]) -> str:
        """Who acted in an event."""
        office = event.organisation
        if office is None:
            return str(event.actor_kind)
        if office not in self._names:
            hidden = self._vault.index(office, "xes.office") or ""
            self._names[office] = f"office-{hidden[:_PSEUDONYM]}"
        return self._names[office]


def _trace(row: dict[str, Any], events: "list[Row[Any]] | tuple[()]", offices: _Offices) -> str:
    facts = [_string("concept:name", row["number"])]
    facts += [_string(f"flashclaim:{name}", row[name]) for name in _OF_TRACE if row[name] is not None]
    return "".join(["<trace>\n", *facts, *(_event(one, offices) for one in events), "</trace>\n"])


def _event(event: Row[Any], offices: _Offices) -> str:
    # Written out: a million of them go through here.
    return (
        f"<event>\n{_string('concept:name', event.type)}"
        f'<date key="time:timestamp" value="{event.at.isoformat(timespec="microseconds")}"/>\n'
        f"{_string('org:resource', offices.of(event))}{_string('org:role', event.actor_kind)}"
        '<string key="lifecycle:transition" value="complete"/>\n'
        f'<int key="flashclaim:seq" value="{event.seq}"/>\n</event>\n'
    )


def _string(key: str, value: str) -> str:
    return f"<string key={quoteattr(key)} value={quoteattr(value)}/>\n"


def _events(connection: Connection, first: str, last: str) -> dict[str, list[Row[Any]]]:
    found: defaultdict[str, list[Row[Any]]] = defaultdict(list)
    for row in connection.execute(_timelines(first, last)):
        found[row.number].append(row)
    return found


def _timelines(first: str, last: str) -> Select[Any]:
    claims, events = tables.claims, tables.events
    return (
        select(
            *(claims.c.number, events.c.seq, events.c.at, events.c.type),
            *(events.c.actor_kind, events.c.organisation),
        )
        .join(claims, claims.c.id == events.c.claim_id)
        .where(claims.c.number >= first, claims.c.number <= last)
        .order_by(claims.c.number, events.c.seq)
    )
