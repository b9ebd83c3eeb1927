"""How an officer comes to the pages: a machine with a key asks for a link, and a browser spends it for a cookie."""

from datetime import datetime, timedelta

from backend.domain.ids import OfficerId
from backend.domain.pages.problems import PageLinkOver
from backend.domain.parties import Officer
from backend.store import people, sessions
from backend.store.engine import Transaction
from backend.workflows.secrets import token_hash

LINK_STANDS_FOR = timedelta(seconds=60)


def offer_link(connection: Transaction, session_hash: str, link: str, at: datetime) -> datetime:
    """Keep a link for whoever bears this session; when it ends.

    Raises:
        PageLinkOver: The session has just ended.
    """
    session = sessions.id_of(connection, session_hash)
    if session is None:
        raise PageLinkOver("the session that asks for it has ended")
    until = at + LINK_STANDS_FOR
    sessions.put_page_link(connection, token_hash(link), session, at, until)
    return until


def enter(
    connection: Transaction, link: str, cookie: str, device: str, at: datetime, idle: timedelta
) -> Officer:
    """Spend a link for a session of the pages, under the key of the session that asked, and no longer than it lasts.

    Raises:
        PageLinkOver: It was used, is too old, or that session has ended.
    """
    found = sessions.spend_page_link(connection, token_hash(link), at)
    parent = None if found is None else sessions.alive(connection, found, at)
    if parent is None:
        raise PageLinkOver("the link was used, is older than a minute, or its session has ended")
    sessions.put_for_page(connection, token_hash(cookie), parent, device, at, idle)
    return people.officer(connection, OfficerId(parent.officer_id))
