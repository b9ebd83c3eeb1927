"""tus 1.0 on the wire: its headers read and written, so that the photos' controller only says what happens."""

import base64
import binascii
from collections.abc import AsyncIterator
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus

from litestar import MediaType, Response
from litestar.exceptions import HTTPException, InternalServerException
from litestar.openapi.spec import OpenAPIMediaType, Operation, Parameter, RequestBody, Schema

from backend.api.problems import answer_http, answer_problem
from backend.api.web import AnyRequest
from backend.domain.photos import LARGEST_PHOTO_BYTES
from backend.domain.problems import Problem
from backend.domain.upload_problems import (
    NotAChunk,
    UnknownChecksum,
    UploadInterrupted,
    UploadLocked,
    WrongTusVersion,
)
from backend.workflows.resumable import CHECKSUMS, Checksum, Chunk, Progress

VERSION = "1.0.0"
CHUNK_TYPE = "application/offset+octet-stream"
_RETRY_AFTER_S = "1"
_SPOKEN = {"Tus-Resumable": VERSION}


@dataclass
class TusOperation(Operation):
    """An operation that says which tus it speaks: looked at before Litestar reads parameters, so it cannot know."""

    def __post_init__(self) -> None:
        version = Parameter("Tus-Resumable", "header", schema=Schema(const=VERSION), required=True)
        self.parameters = [*(self.parameters or ()), version]


@dataclass
class ChunkOperation(TusOperation):
    """An operation whose body is bytes at an offset: it is read as it arrives."""

    def __post_init__(self) -> None:
        super().__post_init__()
        schema = Schema(content_media_type=CHUNK_TYPE)
        self.request_body = RequestBody(content={CHUNK_TYPE: OpenAPIMediaType(schema=schema)}, required=True)


async def require_tus(request: AnyRequest) -> None:
    """Let a request pass that says which tus it speaks.

    Raises:
        WrongTusVersion: None, or another than ours.
    """
    version = request.headers.get("tus-resumable")
    if version != VERSION:
        raise WrongTusVersion(
            "no Tus-Resumable header" if version is None else f"Tus-Resumable {version:.20}"
        )


def answer_options() -> Response[None]:
    """What this server can do, before a client has signed in."""
    abilities = {
        "Tus-Version": VERSION,
        "Tus-Extension": "checksum,expiration,termination",
        "Tus-Max-Size": str(LARGEST_PHOTO_BYTES),
        "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
    }
    return Response(None, status_code=HTTPStatus.NO_CONTENT, headers=_SPOKEN | abilities)


def answer_progress(progress: Progress, status: HTTPStatus) -> Response[None]:
    """How far an upload is."""
    headers = _SPOKEN | {
        "Upload-Offset": str(progress.offset),
        "Upload-Length": str(progress.length),
        "Cache-Control": "no-store",
    }
    if progress.expires_at:
        headers["Upload-Expires"] = format_datetime(progress.expires_at, usegmt=True)
    return Response(None, status_code=status, headers=headers, media_type=MediaType.TEXT)


def answer_ended() -> Response[None]:
    """What had arrived is gone, as the client wished."""
    return Response(None, status_code=HTTPStatus.NO_CONTENT, headers=_SPOKEN)


def chunk_of(request: AnyRequest, offset: int, checksum: str | None) -> Chunk:
    """The bytes that a request brings.

    Raises:
        NotAChunk: Another media type.
        UnknownChecksum: Another algorithm, or no base64.
    """
    media_type, _ = request.content_type
    if media_type != CHUNK_TYPE:
        raise NotAChunk(f"Content-Type is {media_type or 'missing'}")
    checked = None if checksum is None else _checksum(checksum)
    return Chunk(offset, _pieces(request), request.content_length, checked)


def answer_tus_problem(request: AnyRequest, problem: Problem) -> Response[bytes]:
    """A refusal, with the headers that a tus client looks for."""
    answer = answer_problem(request, problem)
    answer.headers.update(_SPOKEN)
    match problem:
        case WrongTusVersion():
            answer.headers["Tus-Version"] = VERSION
        case UploadLocked():
            answer.headers["Retry-After"] = _RETRY_AFTER_S
        case UploadInterrupted():
            # The rest of the body is not waited for.
            answer.headers["Connection"] = "close"
    return answer


def answer_tus_http(request: AnyRequest, refusal: HTTPException) -> Response[bytes]:
    """As ``answer_tus_problem``, for what Litestar itself refuses."""
    answer = answer_http(request, refusal)
    answer.headers.update(_SPOKEN)
    return answer


def _checksum(header: str) -> Checksum:
    algorithm, _, digest = header.strip().partition(" ")
    try:
        return Checksum(algorithm.lower(), base64.b64decode(digest.strip(), validate=True))
    except binascii.Error as wrong:
        raise UnknownChecksum(f"{digest[:50]!r} is no base64") from wrong


async def _pieces(request: AnyRequest) -> AsyncIterator[bytes]:
    try:
        async for piece in request.stream():
            if piece:
                yield piece
    except InternalServerException as gone:
        # Litestar's word for a client that hung up in the middle of its body.
        raise UploadInterrupted("the connection broke") from gone
