"""The printable claim file 理赔档案: one page with everything that a claim rests on."""

import asyncio
from http import HTTPStatus

from litestar import Controller, Response, get

from backend.api.auth import Acting, Reads
from backend.api.guards import may
from backend.api.web import ClaimHere, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.rule import OFFICES
from backend.domain.authority.words import Reach
from backend.domain.ids import PhotoId
from backend.domain.problems import PhotoLost
from backend.evidence.reduced import Side
from backend.evidence.refusals import PhotoRefused
from backend.insight.printed.document import gather
from backend.insight.printed.page import POLICY, Printing, page


class ClaimFileController(Controller):
    """For print and archive."""

    path = "/claims/{claim:str}/file"
    tags = ("claims",)

    @get(operation_id="claim_file", opt=may(*OFFICES, over=Reach.CLAIM), media_type="text/html")
    async def printed(
        self, parts: Running, sight: Sees, officer: Acting, reader: Reads, claim_id: ClaimHere
    ) -> Response[bytes]:
        """The claim file 理赔档案 as one self-contained HTML page for A4, for officers of the three offices.

        Photos are in it, smaller and with the boxes that the machine found; nothing is loaded from any address.
        """
        now = parts.clock()

        file = await parts.store.read(
            lambda connection: gather(connection, claim_id, reader, now), sight=sight
        )
        pictures = {photo_id: await _picture(parts, photo_id) for photo_id in file.received}
        written = await asyncio.to_thread(page, file, pictures, Printing(officer.id, now, reader.language))
        return Response(
            written.encode(),
            status_code=HTTPStatus.OK,
            media_type="text/html",
            headers={
                "Content-Security-Policy": POLICY,
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
                "Content-Disposition": f'inline; filename="{file.claim.report.number}.html"',
            },
        )


async def _picture(parts: Parts, photo_id: PhotoId) -> bytes | str:
    """The photo as a small JPEG, or which label says why there is none."""
    try:
        return await parts.pictures.reduced(photo_id, Side.SCREEN)
    except PhotoLost:
        return "not_kept"
    except PhotoRefused:
        return "not_readable"
