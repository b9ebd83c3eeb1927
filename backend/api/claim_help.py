"""What a farmer asks of one claim, answered from its facts."""

from litestar import Controller, get

from backend.api.auth import Reads
from backend.api.guards import may
from backend.api.web import ClaimHere, Running, Sees
from backend.domain.authority.rule import ANYONE
from backend.domain.authority.words import Reach
from backend.domain.notices.steps import Promises
from backend.insight.claim_help import help_document


class ClaimHelpController(Controller):
    """Help 帮助."""

    path = "/claims/{claim:str}/help"
    tags = ("claims",)

    @get(operation_id="claim_help", opt=may(*ANYONE, over=Reach.CLAIM))
    async def show(
        self, parts: Running, sight: Sees, reader: Reads, claim_id: ClaimHere
    ) -> dict[str, object]:
        """Who has it by name, what comes next and when, what is missing, whom to call, and how to appeal.

        `next.opens_at` stands in the place of `next.by` while the office is closed until then. A rejection names the
        person who decided it.
        """
        now, settings = parts.clock(), parts.settings
        promises = Promises(parts.timetable.hours, settings.verification_wait)
        return await parts.store.read(
            lambda connection: help_document(
                connection,
                claim_id,
                promises=promises,
                phone=settings.service_phone,
                language=reader.language,
                now=now,
            ),
            sight=sight,
        )
