"""A claim's photos: upload by PUT of the whole file or by tus in parts, and look at the original.

All verbs of the address stand in one controller: Litestar answers OPTIONS itself where another one has it.
"""

import asyncio
from http import HTTPStatus
from typing import Annotated

from litestar import Controller, HttpMethod, Response, delete, get, head, patch, put, route
from litestar.exceptions import HTTPException
from litestar.params import FromQuery, HeaderParameter, PathParameter
from litestar.types import ExceptionHandlersMap

from backend.api import tus
from backend.api.auth import Person
from backend.api.guards import may
from backend.api.web import AnyRequest, ClaimHere, ClaimName, Running, Sees
from backend.domain.authority.rule import ANYONE
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.ids import PhotoId
from backend.domain.photos import LARGEST_PHOTO_BYTES
from backend.domain.problems import NotFound, PhotoNotAnnounced, Problem
from backend.evidence.reduced import Side
from backend.store import events

Sha256 = Annotated[str, PathParameter(pattern="^[0-9a-f]{64}$")]
Offset = Annotated[int, HeaderParameter(name="Upload-Offset", ge=0)]
UploadChecksum = Annotated[
    str | None,
    HeaderParameter(
        name="Upload-Checksum", description="`sha1` or `sha256`, a space, the digest of this body in base64."
    ),
]
TUS_REFUSALS: ExceptionHandlersMap = {Problem: tus.answer_tus_problem, HTTPException: tus.answer_tus_http}


class PhotoController(Controller):
    """Photos under a claim."""

    path = "/claims/{claim:str}/photos"
    tags = ("photos",)

    @put(
        "/{sha256:str}",
        operation_id="upload_photo",
        opt=may(*ANYONE, Role.AGENT, over=Reach.CLAIM, counts=Limited.UPLOADS),
        request_max_body_size=LARGEST_PHOTO_BYTES,
    )
    async def upload(
        self, request: AnyRequest, parts: Running, person: Person, claim_id: ClaimHere, sha256: Sha256
    ) -> dict[str, object]:
        """Send the whole original of an announced photo; again is fine.

        Bytes that no photo can be read from are kept and recorded too, and then answered with what is wrong: the
        farmer can send another one while the claim goes on to people.
        """
        content = await request.body()
        outcome = await parts.uploads.receive(claim_id, PhotoId(sha256), content, person.actor)
        await parts.resumable.forget(claim_id, PhotoId(sha256))
        await asyncio.to_thread(parts.uploads.reader.inspect, content)
        return {
            "sha256": sha256,
            "received": True,
            "state": outcome.claim.state,
            "photos_received": sum(photo.received_at is not None for photo in outcome.claim.photos),
            "photos_announced": len(outcome.claim.photos),
        }

    @get(
        "/{sha256:str}",
        operation_id="photo_original",
        opt=may(*ANYONE, over=Reach.CLAIM, counts=Limited.PHOTOS),
    )
    async def original(
        self,
        parts: Running,
        sight: Sees,
        claim_id: ClaimHere,
        sha256: Sha256,
        side: FromQuery[Side | None] = None,
    ) -> Response[bytes]:
        """The original bytes, as they were sent; with ``side`` a small JPEG of that longest side, for slow lines."""
        photo_id = PhotoId(sha256)
        photo = (
            await parts.store.read(lambda connection: events.load(connection, claim_id), sight=sight)
        ).photo(photo_id)
        if photo is None:
            raise PhotoNotAnnounced(photo_id)
        if photo.received_at is None:
            raise NotFound("received photo", photo_id)
        if side is None:
            # The bytes are a stranger's: never let a browser guess what they are.
            return _picture(await parts.pictures.original(photo_id), "application/octet-stream", sha256)
        return _picture(await parts.pictures.reduced(photo_id, side), "image/jpeg", f"{sha256}-{side}.jpg")

    @route(
        "/{sha256:str}",
        http_method=HttpMethod.OPTIONS,
        operation_id="upload_abilities",
        opt=may(Role.PUBLIC),
        status_code=204,
    )
    async def abilities(self, claim: ClaimName, sha256: Sha256) -> Response[None]:  # noqa: ARG002 - every photo alike
        """What the server can do of tus 1.0: versions, extensions, the largest photo, checksums."""
        return tus.answer_options()

    @head(
        "/{sha256:str}",
        operation_id="upload_progress",
        opt=may(*ANYONE, Role.AGENT, over=Reach.CLAIM),
        operation_class=tus.TusOperation,
        before_request=tus.require_tus,
        exception_handlers=TUS_REFUSALS,
    )
    async def progress(self, parts: Running, claim_id: ClaimHere, sha256: Sha256) -> Response[None]:
        """How much of an announced photo has arrived: `Upload-Offset` of `Upload-Length` bytes.

        Both are equal only when the photo is kept and recorded. `Upload-Expires` is when a part is removed that does
        not grow.
        """
        progress = await parts.resumable.progress(claim_id, PhotoId(sha256))
        return tus.answer_progress(progress, HTTPStatus.OK)

    @patch(
        "/{sha256:str}",
        operation_id="resume_upload",
        opt=may(*ANYONE, Role.AGENT, over=Reach.CLAIM, counts=Limited.UPLOADS),
        operation_class=tus.ChunkOperation,
        status_code=HTTPStatus.NO_CONTENT,
        request_max_body_size=LARGEST_PHOTO_BYTES,
        before_request=tus.require_tus,
        exception_handlers=TUS_REFUSALS,
    )
    async def resume(
        self,
        request: AnyRequest,
        parts: Running,
        person: Person,
        claim_id: ClaimHere,
        sha256: Sha256,
        upload_offset: Offset,
        upload_checksum: UploadChecksum = None,
    ) -> Response[None]:
        """Send bytes of an announced photo from `Upload-Offset` on; the last byte makes it arrive, as a PUT does.

        A broken line keeps the bytes so far, or none of those that an `Upload-Checksum` was sent for.
        """
        chunk = tus.chunk_of(request, upload_offset, upload_checksum)
        progress = await parts.resumable.append(claim_id, PhotoId(sha256), chunk, person.actor)
        return tus.answer_progress(progress, HTTPStatus.NO_CONTENT)

    @delete(
        "/{sha256:str}",
        operation_id="end_upload",
        opt=may(*ANYONE, over=Reach.CLAIM),
        operation_class=tus.TusOperation,
        before_request=tus.require_tus,
        exception_handlers=TUS_REFUSALS,
    )
    async def end(self, parts: Running, claim_id: ClaimHere, sha256: Sha256) -> Response[None]:
        """Remove what has arrived of an unfinished photo. It stays announced and may be sent anew."""
        await parts.resumable.end(claim_id, PhotoId(sha256))
        return tus.answer_ended()


def _picture(content: bytes, media_type: str, name: str) -> Response[bytes]:
    return Response(
        content,
        status_code=HTTPStatus.OK,
        media_type=media_type,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
