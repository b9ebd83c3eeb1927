"""One claim as a page, which prints as a note for the file; its photos; and a look at what is masked."""

import asyncio
from functools import partial
from http import HTTPStatus

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from backend.api.auth import Acting
from backend.api.guards import may
from backend.api.insurer_pages.forms import Sent
from backend.api.insurer_pages.shell import Around, Shell
from backend.api.photos import Sha256
from backend.api.web import ClaimHere, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.rule import OFFICES
from backend.domain.authority.sight import EVERYWHERE, Sight
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.ids import ClaimId, PhotoId
from backend.domain.problems import FieldError, InvalidInput, NotFound, ReasonNeeded
from backend.evidence.reduced import Side
from backend.insight.audit_place import audit_place
from backend.insight.claim_file import Reader
from backend.insight.flags import flags_of
from backend.insight.person_file import clear_value, masked_holder
from backend.insight.printed import ground
from backend.insight.printed.document import ClaimFile, gather
from backend.insight.visits import sentences_of
from backend.store import events, looks
from backend.store.engine import Transaction
from backend.store.looks import Field
from backend.texts.load import Language, Table
from backend.texts.printed import labels, word
from backend.texts.working import working_in

_SIDES = {"list": Side.LIST, "screen": Side.SCREEN, "large": Side.LARGE}
_LEAST_REASON = 3
_LOOKED_AT = (Field.PAYEE, Field.PHONE, Field.ID_NUMBER)


class ClaimPage(Controller):
    """案件."""

    path = "/claims/{claim:str}"

    @get("/", operation_id="claim_page", opt=may(*OFFICES, over=Reach.CLAIM, page=True))
    async def show(self, shell: Around, parts: Running, sight: Sees, claim_id: ClaimHere) -> Response[bytes]:
        """Photos with boxes, map, signatures, timeline, working, and the audit log's proof."""
        return await _page(shell, parts, sight, claim_id)

    @get(
        "/photos/{sha256:str}/{side:str}",
        operation_id="claim_page_photo",
        opt=may(*OFFICES, over=Reach.CLAIM, counts=Limited.PHOTOS, page=True),
        media_type="image/jpeg",
    )
    async def photo(
        self, parts: Running, sight: Sees, claim_id: ClaimHere, sha256: Sha256, side: FromPath[str]
    ) -> Response[bytes]:
        """A photo of this claim as a JPEG of that size.

        Raises:
            NotFound: No photo of this claim, or no such size.
        """
        claim = await parts.store.read(lambda connection: events.load(connection, claim_id), sight=sight)
        photo = claim.photo(PhotoId(sha256))
        if photo is None or photo.received_at is None or side not in _SIDES:
            raise NotFound("photo", sha256)
        picture = await parts.pictures.reduced(photo.id, _SIDES[side])
        # Named by its own hash: a browser may keep it, and nobody between.
        headers = {"Cache-Control": "private, max-age=3600, immutable"}
        return Response(picture, media_type="image/jpeg", headers=headers)

    @post(
        "/look",
        operation_id="claim_page_look",
        opt=may(Role.INSURER, over=Reach.CLAIM, counts=Limited.LOOKS, page=True),
    )
    async def look(
        self, shell: Around, parts: Running, sight: Sees, officer: Acting, claim_id: ClaimHere, sent: Sent
    ) -> Response[bytes]:
        """See one masked value in clear; kept with who looked and why, before it is shown.

        Raises:
            InvalidInput: Not one of the values that can be looked at.
            ReasonNeeded: Nobody looks without saying why.
        """
        named, reason = sent.get("field", ""), sent.get("reason", "").strip()
        if named not in _LOOKED_AT:
            raise InvalidInput("nothing to look at", errors=[FieldError("/field", "is none of them")])
        if len(reason) < _LEAST_REASON:
            raise ReasonNeeded("whoever looks at personal data says why")
        claim = await parts.store.read(lambda connection: events.load(connection, claim_id), sight=sight)
        number, field, at = claim.report.policy.number, Field(named), parts.clock()

        def work(connection: Transaction) -> object:
            looks.record(connection, officer, number, field, reason, at)
            return clear_value(looks.holder(connection, number), field)

        seen = await parts.store.write(work)
        return await _page(shell, parts, sight, claim_id, seen={"field": field, "value": seen, "at": at})


def _workings(file: ClaimFile, language: Language) -> list[str]:
    offer = file.claim.offer
    return [working_in(language, one.steps, one.working) for one in offer.lines] if offer else []


async def _page(
    shell: Shell, parts: Parts, sight: Sight, claim_id: ClaimId, seen: dict[str, object] | None = None
) -> Response[bytes]:
    now, reader = parts.clock(), Reader(shell.language, Table.OFFICER)

    def read(connection: Transaction) -> tuple[ClaimFile, dict[str, object]]:
        file = gather(connection, claim_id, reader, now)
        number = file.claim.report.policy.number
        beside: dict[str, object] = {
            "flags": flags_of(connection, claim_id, shell.language),
            "coming": sentences_of(connection, claim_id, shell.language, now),
            "holder": masked_holder(number, looks.holder(connection, number)),
        }
        return file, beside

    file, beside = await parts.store.read(read, sight=sight)
    # The claim was found as far as the reader sees; the tree is over the records of all counties.
    place = await parts.store.read(
        lambda connection: audit_place(connection, claim_id, now), sight=EVERYWHERE
    )
    return await asyncio.to_thread(
        shell.page,
        "claim.html",
        HTTPStatus.OK,
        p=labels(shell.language),
        say=partial(word, shell.language),
        file=file,
        shown=file.shown,
        told=file.told,
        place=place,
        workings=_workings(file, shell.language),
        frame=(ground.WIDTH, ground.HEIGHT),
        now=now,
        seen=seen,
        fields=_LOOKED_AT,
        **beside,
    )
