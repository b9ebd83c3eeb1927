"""What operators watch: health, effects."""

from http import HTTPStatus
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, QueryParameter

from backend.api.guards import may
from backend.api.web import Running, Sees
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.authority.words import Reach, Role
from backend.domain.ids import EffectId
from backend.insight.lists import effect_rows
from backend.store import claims, effects
from backend.store.effects import EffectState
from backend.store.engine import Transaction
from backend.store.news import EFFECTS


class OperationsController(Controller):
    """The state of the installation."""

    path = "/"
    tags = ("operations",)

    @get("/health", operation_id="health", opt=may(Role.PUBLIC))
    async def health(self, parts: Running) -> dict[str, object]:
        """Whether the server can read its database; which counter it runs."""
        await parts.store.read(claims.oldest_open, sight=EVERYWHERE)
        return {"status": "ok", "counter": parts.counter.name, "time": parts.clock().isoformat()}

    @get("/effects", operation_id="list_effects", opt=may(Role.INSURER, over=Reach.COUNTY))
    async def effects(
        self,
        parts: Running,
        sight: Sees,
        in_state: Annotated[EffectState | None, QueryParameter(name="state")] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> dict[str, object]:
        """Effects for an operator: what is pending, what died and why."""
        rows = await parts.store.read(
            lambda connection: effect_rows(effects.listed(connection, in_state, limit)), sight=sight
        )
        return {"effects": rows}

    @post(
        "/effects/{effect:uuid}/retry",
        operation_id="retry_effect",
        opt=may(Role.INSURER, over=Reach.COUNTY),
        status_code=HTTPStatus.OK,
    )
    async def retry(self, parts: Running, sight: Sees, effect: FromPath[UUID]) -> dict[str, object]:
        """Try a dead effect again."""
        now = parts.clock()
        # Looked for within what the caller sees; a write sees every effect.
        await parts.store.read(lambda connection: effects.require(connection, EffectId(effect)), sight=sight)

        def work(connection: Transaction) -> None:
            effects.revive(connection, EffectId(effect), now)
            parts.store.engine.announce(connection, EFFECTS)

        await parts.store.write(work)
        return {"id": str(effect), "state": EffectState.PENDING}
