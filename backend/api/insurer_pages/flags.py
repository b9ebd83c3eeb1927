"""Flags 警示 as a page: what was found beside what it is like, and a form to clear or confirm each."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any  # a template takes whatever it is given
from urllib.parse import urlencode

from litestar import Controller, Response, get, post
from litestar.params import QueryParameter

from backend.api.auth import Acting
from backend.api.guards import may
from backend.api.insurer_pages.forms import Sent
from backend.api.insurer_pages.shell import Around, sent_on
from backend.api.web import ClaimHere, Running, Sees
from backend.domain.authority.rule import OFFICES
from backend.domain.authority.words import Reach, Role
from backend.domain.commands import JudgeFlag
from backend.domain.flags.words import FlagKind, FlagState
from backend.domain.problems import FieldError, InvalidInput
from backend.insight.flags import flag_list
from backend.store.flags import Wanted
from backend.texts.printed import word

_A_PAGE = 20
_ANY = "any"


class FlagsPage(Controller):
    """What looks wrong."""

    @get("/flags", operation_id="flags_page", opt=may(*OFFICES, over=Reach.COUNTY, page=True))
    async def listed(
        self,
        shell: Around,
        parts: Running,
        sight: Sees,
        kind: Annotated[str, QueryParameter(max_length=20)] = "",
        in_state: Annotated[str, QueryParameter(name="state", max_length=20)] = FlagState.OPEN,
        after: Annotated[str, QueryParameter(max_length=160)] = "",
    ) -> Response[bytes]:
        """Those that are open, unless another state is asked for."""
        state = str(in_state)
        asked = {"kind": kind, "state": state}
        wrong = [
            name
            for name, value, known in (("kind", kind, set(FlagKind)), ("state", state, {_ANY, *FlagState}))
            if value and value not in known
        ]
        facts: dict[str, Any] = {
            "asked": asked,
            "wrong": wrong,
            "kinds": FlagKind,
            "states": (*FlagState, _ANY),
        } | {"say": partial(word, shell.language)}
        if wrong:
            return shell.page("flags.html", HTTPStatus.BAD_REQUEST, told=None, following="", **facts)
        wanted = Wanted(
            kind=FlagKind(kind) if kind else None,
            state=FlagState(state) if state and state != _ANY else None,
            county=sight.only_county,
            after=after or None,
            most=_A_PAGE,
        )
        told = await parts.store.read(
            lambda connection: flag_list(connection, wanted, shell.language), sight=sight
        )
        following = urlencode({**asked, "after": str(told["next"])}) if told["next"] else ""
        return shell.page("flags.html", told=told, following=following, **facts)

    @post(
        "/claims/{claim:str}/flags",
        operation_id="judge_flag_on_page",
        opt=may(Role.INSURER, over=Reach.CLAIM, page=True),
    )
    async def judge(
        self, parts: Running, officer: Acting, claim_id: ClaimHere, sent: Sent
    ) -> Response[bytes]:
        """Clear or confirm one; back to where one was.

        Raises:
            InvalidInput: Neither of the two.
        """
        said = sent.get("state", "")
        if said not in set(FlagState):
            raise InvalidInput("a flag is cleared or confirmed", errors=[FieldError("/state", "is neither")])
        command = JudgeFlag(
            officer=officer, flag=sent.get("flag", ""), state=FlagState(said), reason=sent.get("reason", "")
        )
        await parts.store.run(claim_id, command, at=parts.clock())
        return sent_on(sent.get("back", "/i/flags"))
