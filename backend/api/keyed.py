"""Idempotency-Key: a creating or deciding request that is retried gets its first answer."""

import json
from collections.abc import Callable
from http import HTTPStatus

from litestar import Response

from backend.api.auth import Person, name_of
from backend.api.web import AnyRequest
from backend.bootstrap import Parts
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.canonical import digest
from backend.domain.ids import Digest
from backend.domain.problems import FieldError, IdempotencyKeyMissing, InvalidInput
from backend.store.engine import Transaction
from backend.store.requests import Answer, Keyed, answered, once

_LONGEST_KEY = 200
Work = Callable[[Transaction], tuple[HTTPStatus, object]]


async def answer_once(request: AnyRequest, person: Person, parts: Parts, work: Work) -> Response[bytes]:
    """Do *work* in one transaction with the record of its answer; a retry under the same key reads the record.

    Raises:
        IdempotencyKeyMissing: No key.
        IdempotencyKeyReused: The key stands for another request.
    """
    keyed = await _keyed(request, person)
    at = parts.clock()

    def step(connection: Transaction) -> Answer:
        return once(connection, keyed, at, lambda: _answer(*work(connection)))

    return _response(await parts.store.write(step))


async def first_answer(request: AnyRequest, person: Person, parts: Parts) -> Response[bytes] | None:
    """What this request was answered before, None if it is new: for what is spent, or runs out, once it was used.

    Raises:
        IdempotencyKeyMissing: No key.
        IdempotencyKeyReused: The key stands for another request.
    """
    keyed = await _keyed(request, person)
    answer = await parts.store.read(lambda connection: answered(connection, keyed), sight=EVERYWHERE)
    return None if answer is None else _response(answer)


def _response(answer: Answer) -> Response[bytes]:
    return Response(answer.body.encode(), status_code=answer.status, media_type="application/json")


def _answer(status: HTTPStatus, document: object) -> Answer:
    return Answer(status, json.dumps(document, ensure_ascii=False))


async def _keyed(request: AnyRequest, person: Person) -> Keyed:
    body = await request.body()
    return keyed_by(request, person, digest([request.method, request.url.path, body.hex()]))


def keyed_by(request: AnyRequest, person: Person, what: Digest) -> Keyed:
    """The request under its key; *what* is a hash of everything that makes two requests the same.

    Raises:
        IdempotencyKeyMissing: No key.
        InvalidInput: One that is too long.
    """
    key = request.headers.get("idempotency-key", "").strip()
    if not key:
        raise IdempotencyKeyMissing(f"{request.method} {request.url.path} needs an Idempotency-Key header")
    if len(key) > _LONGEST_KEY:
        error = FieldError("", f"the Idempotency-Key is longer than {_LONGEST_KEY} characters")
        raise InvalidInput("the Idempotency-Key cannot be used", errors=[error])
    return Keyed(name_of(person), key, what)
