"""Flags 警示: doubts of the kind that fraud has, listed, shown, and judged by the insurer."""

from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromQuery, QueryParameter

from backend.api import fields
from backend.api.auth import Acting, Reads
from backend.api.claims import answer_command
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.schemas.flags import FlagBody
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.domain.authority.rule import OFFICES
from backend.domain.authority.words import Reach, Role
from backend.domain.commands import JudgeFlag
from backend.domain.flags.words import FlagKind, FlagState
from backend.insight.flags import flag_list, flags_of
from backend.store.flags import Wanted


class FlagController(Controller):
    """What looks wrong."""

    path = "/flags"
    tags = ("flags",)

    @get(operation_id="list_flags", opt=may(*OFFICES, over=Reach.COUNTY))
    async def listed(
        self,
        parts: Running,
        sight: Sees,
        reader: Reads,
        kind: FromQuery[FlagKind | None] = None,
        in_state: Annotated[FlagState | None, QueryParameter(name="state")] = None,
        county: Annotated[str | None, QueryParameter(max_length=12)] = None,
        after: Annotated[str | None, QueryParameter(max_length=160)] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=100)] = 20,
    ) -> dict[str, object]:
        """Flags of the claims that one sees, newest claim first; ``next`` is the cursor for the page after."""
        wanted = Wanted(kind, in_state, county or sight.only_county, after, limit)
        return await parts.store.read(
            lambda connection: flag_list(connection, wanted, reader.language), sight=sight
        )


class ClaimFlagController(Controller):
    """One claim's flags."""

    path = "/claims/{claim:str}/flags"
    tags = ("flags",)

    @get(operation_id="claim_flags", opt=may(*OFFICES, over=Reach.CLAIM))
    async def of_claim(
        self, parts: Running, sight: Sees, reader: Reads, claim_id: ClaimHere
    ) -> dict[str, object]:
        """A claim's flags, and what was said of each."""
        found = await parts.store.read(
            lambda connection: flags_of(connection, claim_id, reader.language), sight=sight
        )
        return {"flags": found}

    @post(
        operation_id="judge_flag",
        opt=may(Role.INSURER, over=Reach.CLAIM),
        operation_class=body_of(FlagBody),
    )
    async def judge(
        self, request: AnyRequest, parts: Running, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Clear or confirm a flag, with a reason.

        The last one that is cleared releases the machine's hold; one that is confirmed stops what is not paid yet.
        """
        body = fields.read(FlagBody, await request.body())
        command = JudgeFlag(officer=officer, flag=body.flag, state=body.state, reason=body.reason)
        return await answer_command(request, parts, officer, reader, claim_id, command)
