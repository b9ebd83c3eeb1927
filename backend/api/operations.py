"""What operators and insurers watch: health, speed, effects."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, QueryParameter

from backend.api.auth import Person, require_insurer, require_officer
from backend.api.web import Running
from backend.domain.ids import EffectId
from backend.insight.lists import effect_rows
from backend.insight.speed import speed
from backend.store import claims, effects
from backend.store.effects import EffectState
from backend.store.engine import Transaction
from backend.store.news import EFFECTS


class OperationsController(Controller):
    """The state of the installation."""

    path = "/"
    tags = ("operations",)

    @get("/health", operation_id="health")
    async def health(self, parts: Running) -> dict[str, object]:
        """Whether the server can read its database; which counter it runs."""
        await parts.store.read(claims.oldest_open)
        return {"status": "ok", "counter": parts.counter.name, "time": parts.clock().isoformat()}

    @get("/speed", operation_id="payout_speed")
    async def speed(self, parts: Running, person: Person) -> dict[str, object]:
        """p50, p90 and p95 by stage, open claims counted."""
        require_officer(person)
        now = parts.clock()
        return await parts.store.read(lambda connection: speed(connection, now))

    @get("/effects", operation_id="list_effects")
    async def effects(
        self,
        parts: Running,
        person: Person,
        in_state: Annotated[EffectState | None, QueryParameter(name="state")] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> dict[str, object]:
        """Effects for an operator: what is pending, what died and why."""
        require_insurer(person)
        rows = await parts.store.read(
            lambda connection: effect_rows(effects.listed(connection, in_state, limit))
        )
        return {"effects": rows}

    @post("/effects/{effect:uuid}/retry", operation_id="retry_effect", status_code=HTTPStatus.OK)
    async def retry(self, parts: Running, person: Person, effect: FromPath[UUID]) -> dict[str, object]:
        """Try a dead effect again."""
        require_insurer(person)
        now = parts.clock()

        def work(connection: Transaction) -> None:
            effects.revive(connection, EffectId(effect), now)
            parts.store.engine.announce(connection, EFFECTS)

        await parts.store.write(work)
        return {"id": str(effect), "state": EffectState.PENDING}
