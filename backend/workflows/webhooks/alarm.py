"""Tells the administrators of an office that one of its webhooks was disabled."""

from dataclasses import dataclass
from datetime import datetime

import structlog

from backend.adapters.notices import Notice, NoticeRefused, Notices, NoticeUndelivered, Occasion
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.webhooks.endpoint import Endpoint
from backend.store import people
from backend.store.run import Store
from backend.texts.load import Language, Table, sentence

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Alarm:
    """Over the way on which officers are told; ``flashclaim webhook list`` says the same."""

    store: Store
    way: Notices
    language: Language

    def disabled(self, endpoint: Endpoint, because: str, at: datetime) -> None:
        """Say it to each administrator once; one who cannot be reached keeps nobody from hearing it."""
        administrators = self.store.engine.read(
            lambda connection: people.administrators(connection, endpoint.organisation, at), EVERYWHERE
        )
        facts = {"endpoint": str(endpoint.id), "url": endpoint.url, "because": because}
        text = sentence(self.language, Table.NOTICE, "webhook-disabled", **facts)
        since = endpoint.failing_since or at
        for officer in administrators:
            key = f"webhook-disabled-{endpoint.id}-{since:%Y%m%dT%H%M%S}-{officer}"
            occasion = Occasion("webhook.disabled", at, facts | {"audience": officer})
            try:
                self.way.send(Notice(officer, None, self.language, text, key, occasion))
            except (NoticeUndelivered, NoticeRefused) as failure:
                log.warning("webhook.alarm_failed", endpoint=str(endpoint.id), reason=str(failure))
