"""Claims: report, list, show, timeline, more evidence, withdrawal."""

from collections.abc import Callable
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromQuery, QueryParameter, SkipValidation

from backend.api import fields
from backend.api.auth import Person, Reads, acting_for, require_reporter
from backend.api.docs import body_of
from backend.api.fields import require_days
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.reporting import photos, report_answer, report_command, uploads
from backend.api.schemas.report import EvidenceBody, ReportBody
from backend.api.schemas.review import ReasonBody
from backend.api.web import AnyRequest, ClaimHere, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.rule import ANYONE
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.authority.words import Reach, Role
from backend.domain.commands import AddEvidence, Command, Report, Withdraw
from backend.domain.edges.limited import Limited
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.parties import Officer
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import Path, Species, State
from backend.insight import claim_file
from backend.insight.claim_file import Reader
from backend.insight.clocks import claims_at_risk, with_clocks
from backend.insight.lists import claim_page
from backend.store import claims, events, policies
from backend.store.engine import Transaction
from backend.workflows.farmers import assisting

MANIFEST_BYTES = 1_000_000


ClaimFilter = SkipValidation[NamedDependency[claims.Wanted]]
"""Which claims a request's query asks for: ``wanted``."""


def claims_wanted(
    sight: Sees,
    in_state: Annotated[State | None, QueryParameter(name="state")] = None,
    policy_number: FromQuery[str | None] = None,
    open_only: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter, named by nature
    text: Annotated[str | None, QueryParameter(name="q", max_length=60)] = None,
    species: FromQuery[Species | None] = None,
    path: FromQuery[Path | None] = None,
    county: Annotated[str | None, QueryParameter(max_length=12)] = None,
    first: Annotated[date | None, QueryParameter(name="from")] = None,
    last: Annotated[date | None, QueryParameter(name="to")] = None,
    after: FromQuery[str | None] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
) -> claims.Wanted:
    """The list that a request asks for, within what its sender sees.

    Raises:
        InvalidInput: Its days end before they begin.
    """
    require_days(first, last)
    return claims.Wanted(
        state=in_state,
        policy=PolicyNumber(policy_number) if policy_number else None,
        open_only=open_only,
        after=after,
        most=limit,
        county=county or sight.only_county,
        text=text,
        species=species,
        path=path,
        first=first,
        last=last,
    )


class ClaimController(Controller):
    """理赔案件."""

    path = "/claims"
    tags = ("claims",)

    @post(
        operation_id="report_claim",
        opt=may(*ANYONE, Role.AGENT, over=Reach.OWN, counts=Limited.REPORTS),
        operation_class=body_of(ReportBody),
        request_max_body_size=MANIFEST_BYTES,
    )
    async def report(
        self, request: AnyRequest, parts: Running, sight: Sees, person: Person
    ) -> Response[bytes]:
        """Report a loss. The claim number comes back at once; photos follow to their upload URLs.

        With a farmer's code behind its `claim_id` (`PUT /assistances/{report}`) it is marked as assisted.
        """
        body = fields.read(ReportBody, await request.body())
        number = PolicyNumber(body.policy_number)
        person = acting_for(person, number)
        command, at = report_command(body, person.actor), parts.clock()
        if isinstance(person, Officer):
            command = await _assisted(parts, command, person, at)
        if command.assistance is None and not (isinstance(person, Officer) and person.is_agent):
            # A policy of another county is as unknown to an officer as one of another farm to a farmer.
            await parts.store.read(lambda connection: policies.policy(connection, number), sight=sight)
        base_url = parts.settings.public_url or str(request.base_url)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            outcome = parts.store.carry_out(connection, command.claim_id, command, at)
            status = HTTPStatus.CREATED if outcome.is_new else HTTPStatus.OK
            return status, msgspec.to_builtins(report_answer(outcome.claim, base_url))

        return await answer_once(request, person, parts, work)

    @get(
        operation_id="list_claims",
        opt=may(*ANYONE, Role.AGENT, over=Reach.COUNTY),
        dependencies={"wanted": Provide(claims_wanted, sync_to_thread=False)},
    )
    async def listed(
        self,
        parts: Running,
        sight: Sees,
        wanted: ClaimFilter,
        at_risk: FromQuery[bool] = False,  # noqa: FBT002 - a query parameter, named by nature
    ) -> dict[str, object]:
        """Claims, newest first; ``next`` is the cursor for the page after.

        ``q`` begins a claim number, or is a policy's or farm's number or an ear tag; `from` and `to` are days of the
        report in Asia/Shanghai. ``at_risk``: of these, those whose time runs short or is up, what breaks first before
        the others, in one page: `after` does not go with it.
        """
        if at_risk:
            if wanted.after:
                errors = [
                    FieldError("/after", "does not go with at_risk, which is one page: raise limit instead")
                ]
                raise InvalidInput("there is no page after claims at risk", errors=errors)
            now = parts.clock()
            return await parts.store.read(
                lambda connection: claims_at_risk(connection, now, wanted), sight=sight
            )
        return await parts.store.read(lambda connection: claim_page(connection, wanted), sight=sight)

    @get("/{claim:str}", operation_id="show_claim", opt=may(*ANYONE, Role.AGENT, Role.LINK, over=Reach.CLAIM))
    async def show(
        self, parts: Running, sight: Sees, reader: Reads, claim_id: ClaimHere
    ) -> dict[str, object]:
        """One claim as it stands (formats.md, claim show)."""
        return await parts.store.read(
            lambda connection: claim_file.show(connection, claim_id, reader), sight=sight
        )

    @get(
        "/{claim:str}/timeline",
        operation_id="claim_timeline",
        opt=may(*ANYONE, Role.AGENT, Role.LINK, over=Reach.CLAIM),
    )
    async def timeline(
        self, parts: Running, sight: Sees, reader: Reads, claim_id: ClaimHere
    ) -> dict[str, object]:
        """What happened, and where the seconds went (formats.md, claim timeline)."""
        now = parts.clock()
        return await parts.store.read(
            lambda connection: claim_file.timeline(connection, claim_id, reader, now), sight=sight
        )

    @post(
        "/{claim:str}/evidence",
        operation_id="add_evidence",
        opt=may(*ANYONE, over=Reach.CLAIM, counts=Limited.REPORTS),
        operation_class=body_of(EvidenceBody),
        request_max_body_size=MANIFEST_BYTES,
    )
    async def add_evidence(
        self, request: AnyRequest, parts: Running, person: Person, claim_id: ClaimHere
    ) -> Response[bytes]:
        """Announce more photos, or answer in words; the claim is looked at again."""
        body = fields.read(EvidenceBody, await request.body())
        command = AddEvidence(by=person.actor, photos=photos(body.photos), note=body.note)
        at = parts.clock()
        base_url = parts.settings.public_url or str(request.base_url)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            changed = parts.store.carry_out(connection, claim_id, command, at).claim
            return HTTPStatus.CREATED, {
                "id": str(claim_id),
                "state": changed.state,
                "photos": msgspec.to_builtins(uploads(changed, base_url)),
            }

        return await answer_once(request, person, parts, work)

    @post(
        "/{claim:str}/withdrawal",
        operation_id="withdraw_claim",
        opt=may(*ANYONE, over=Reach.CLAIM),
        operation_class=body_of(ReasonBody),
    )
    async def withdraw(
        self,
        request: AnyRequest,
        parts: Running,
        sight: Sees,
        person: Person,
        reader: Reads,
        claim_id: ClaimHere,
    ) -> Response[bytes]:
        """Take the report back, as long as nothing has been sent to the bank."""
        body = fields.read(ReasonBody, await request.body())
        standing = await parts.store.read(lambda connection: events.load(connection, claim_id), sight=sight)
        require_reporter(person, standing, of="a report is taken back")
        command = Withdraw(by=person.actor, reason=body.reason)
        return await answer_command(request, parts, person, reader, claim_id, command)


async def _assisted(parts: Parts, command: Report, officer: Officer, at: datetime) -> Report:
    # A consent is looked up before the claim is there, and by whom it names alone.
    return await parts.store.read(
        lambda connection: assisting.assisted(connection, command, officer, at), sight=EVERYWHERE
    )


Check = Callable[[Transaction, ClaimId, datetime], None]
"""Refuses what must not reach the claim, such as a forged signature; runs in the command's transaction."""


async def answer_command(
    request: AnyRequest,
    parts: Parts,
    person: Person,
    reader: Reader,
    claim_id: ClaimId,
    command: Command,
    *,
    check: Check | None = None,
) -> Response[bytes]:
    """Carry out one command under the request's key and answer with the claim as it then stands."""
    at = parts.clock()

    def work(connection: Transaction) -> tuple[HTTPStatus, object]:
        if check:
            check(connection, claim_id, at)
        outcome = parts.store.carry_out(connection, claim_id, command, at)
        document = claim_file.claim_document(outcome.claim, reader)
        return HTTPStatus.OK, with_clocks(connection, claim_id, document)

    return await answer_once(request, person, parts, work)
