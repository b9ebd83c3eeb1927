"""Assisted reports 代办报案: the farmer is asked for a code, and lets an officer or a village agent report once."""

from http import HTTPStatus
from uuid import UUID

from litestar import Controller, post, put
from litestar.params import FromPath

from backend.api import fields
from backend.api.auth import Acting
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.schemas.assistances import AssistanceBody, AssistanceCodeBody, by_code_or_card
from backend.api.web import AnyRequest, Running
from backend.domain.assistance.problems import AssistanceCodeWrong
from backend.domain.authority.rule import ASSISTS
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.authority.words import Reach
from backend.domain.edges.limited import Limited
from backend.domain.ids import ClaimId, PolicyNumber
from backend.domain.sign_in.codes import GOOD_FOR, MOST_TRIES
from backend.insight.before_report import report_basics
from backend.store.assistances import Consent
from backend.store.engine import Transaction
from backend.workflows.farmers import assisting
from backend.workflows.farmers.assisting import Wish


class AssistanceController(Controller):
    """Reporting in a farmer's place."""

    path = "/assistances"
    tags = ("claims",)

    @post(
        "/codes",
        operation_id="ask_for_assistance_code",
        opt=may(*ASSISTS, over=Reach.OWN, counts=Limited.CODES),
        operation_class=body_of(AssistanceCodeBody),
        status_code=HTTPStatus.ACCEPTED,
    )
    async def code(self, request: AnyRequest, parts: Running, officer: Acting) -> dict[str, object]:
        """Ask the farm's contact phone for a code that lets the caller report one claim; the message names them.

        The answer is the same whether or not there is such a policy in the caller's county. The same `request` again
        sends nothing more.
        """
        body = fields.read(AssistanceCodeBody, await request.body())
        at, limits = parts.clock(), parts.settings.code_limits
        wish = Wish(
            officer=officer,
            claim_id=ClaimId(body.claim_id),
            policy=PolicyNumber(body.policy_number),
            in_advance=body.accept_in_advance,
        )
        await parts.store.write(
            lambda connection: assisting.ask_for_code(connection, wish, body.request, limits, at)
        )
        return {"request": str(body.request), "seconds": int(GOOD_FOR.total_seconds()), "tries": MOST_TRIES}

    @put(
        "/{report:uuid}",
        operation_id="keep_assistance",
        opt=may(*ASSISTS, over=Reach.OWN, counts=Limited.CODES),
        operation_class=body_of(AssistanceBody),
        status_code=HTTPStatus.OK,
    )
    async def keep(
        self, request: AnyRequest, parts: Running, officer: Acting, report: FromPath[UUID]
    ) -> dict[str, object]:
        """Show the farmer's code, or the policy card where the farm has no phone; a code is spent by it.

        `report` is the id that the claim will have. The answer is what a report is made of without typing. It lets the
        caller report this claim for seven days, marked for ever as assisted.
        """
        said = by_code_or_card(body := fields.read(AssistanceBody, await request.body()))
        at, claim_id = parts.clock(), ClaimId(report)

        def work(connection: Transaction) -> Consent | None:
            if isinstance(said, str):
                return assisting.by_card(connection, officer, claim_id, said, at)
            named, policy, code = said
            wish = Wish(
                officer=officer,
                claim_id=claim_id,
                policy=PolicyNumber(policy),
                in_advance=body.accept_in_advance,
            )
            return assisting.by_code(connection, wish, named, code, at)

        consent = await parts.store.write(work)
        if consent is None:
            raise AssistanceCodeWrong(
                "code, request, policy and claim do not belong together, or it has ended"
            )
        # The farmer let them: what no sight of theirs shows is shown once, as far as a report needs it.
        basics = await parts.store.read(
            lambda connection: report_basics(connection, consent.policy, parts.store.products),
            sight=EVERYWHERE,
        )
        return {
            "claim_id": str(consent.claim_id),
            "proof": consent.proof,
            "accept_in_advance": consent.accepts_in_advance,
            "ends_at": consent.ends_at.isoformat(),
            "policy": basics,
        }
