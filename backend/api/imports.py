"""Imports of one's own world: files of farms, policies, herds, officers and programmes."""

import asyncio
import errno
import re
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Annotated
from uuid import UUID

from litestar import Controller, get, post
from litestar.params import FromPath, FromQuery, QueryParameter

from backend.api.auth import Acting, require_registrar
from backend.api.guards import may
from backend.api.keyed import keyed_by
from backend.api.web import LARGEST_NUMBER, AnyRequest, Running, Sees
from backend.bootstrap import Parts
from backend.domain.authority.rule import OFFICERS
from backend.domain.authority.words import Reach, Role
from backend.domain.canonical import digest
from backend.domain.edges.limited import Limited
from backend.domain.parties import Officer
from backend.domain.problems import FieldError, InvalidInput, Problem
from backend.domain.register.fields import Register
from backend.domain.register.problems import ImportTooBig, NoRoomForFile
from backend.insight.lists import change_row, import_row
from backend.store import imports, registers
from backend.store.engine import Transaction
from backend.workflows.importing.run import Order, sha256_of
from backend.workflows.importing.sheet import Declared
from backend.workflows.secrets import token_hash
from geo.datum import Datum

_SUFFIX = re.compile(r"\.[a-z0-9]{1,12}")
_SEED = re.compile(r"[0-9A-Za-z_-]{43,200}")
_PIECE = 1 << 20
_MOST_HEARD = 16 * _PIECE


class ImportController(Controller):
    """Registers from files."""

    path = "/"
    tags = ("imports",)

    @post(
        "/registers/{register:str}/imports",
        operation_id="import_register",
        opt=may(*OFFICERS, over=Reach.COUNTY, counts=Limited.EXPORTS),
        status_code=HTTPStatus.OK,
        # Counted while it is spooled: the limit is the installation's.
        request_max_body_size=None,
    )
    async def carry_out(
        self,
        request: AnyRequest,
        parts: Running,
        officer: Acting,
        register: FromPath[Register],
        file: FromQuery[str],
        *,
        dry_run: FromQuery[bool] = False,
        skip_refused: FromQuery[bool] = False,
        datum: FromQuery[Datum | None] = None,
        encoding: FromQuery[str | None] = None,
        layer: FromQuery[str | None] = None,
        columns: FromQuery[list[str] | None] = None,
    ) -> dict[str, object]:
        """Import the body, a file called ``file``; with ``dry_run`` say what it would change.

        ``columns`` repeats THEIRS=OURS. The header ``Token-Seed`` (a fresh random text of at least 43 letters and
        digits) asks for tokens of new policies and officers: they follow from it, are in this answer and nowhere else.
        """
        try:
            require_registrar(officer, register)
            seed = _seed(request)
            declared = Declared(datum, encoding, layer, _mapping(columns or []))
        except Problem:
            await _hear_out(request)
            raise
        folder = _folder(parts)
        try:
            path = await _spool(request, Path(folder.name), file, parts.settings.import_most_bytes)
            content = await asyncio.to_thread(sha256_of, path)
            asked = sorted(
                (name, value) for name, value in request.query_params.multi_items() if name != "language"
            )
            keyed = keyed_by(
                request, officer, digest([request.url.path, asked, content, token_hash(seed or "")])
            )
        except BaseException:
            folder.cleanup()
            raise
        order = Order(
            register=register,
            path=path,
            name=file,
            by=officer,
            declared=declared,
            dry_run=dry_run,
            skips_refused=skip_refused,
            token_seed=seed,
        )

        def work() -> dict[str, object]:
            with folder:
                return parts.imports.carry_out(order, keyed)

        # Shielded: the file is read to its end and swept away even when its sender hangs up.
        return await asyncio.shield(asyncio.wrap_future(parts.imports.executor.submit(work)))

    @get("/imports", operation_id="list_imports", opt=may(Role.INSURER, over=Reach.COUNTY))
    async def listed(
        self,
        parts: Running,
        sight: Sees,
        officer: Acting,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> dict[str, object]:
        """Imports of the county, newest first: who, when, which file, what it changed."""

        def rows(connection: Transaction) -> list[dict[str, object]]:
            return [
                import_row(row) for row in imports.listed(connection, _county(connection, officer), limit)
            ]

        return {"imports": await parts.store.read(rows, sight=sight)}

    @get("/imports/{name:uuid}", operation_id="show_import", opt=may(Role.INSURER, over=Reach.COUNTY))
    async def shown(
        self,
        parts: Running,
        sight: Sees,
        officer: Acting,
        name: FromPath[UUID],
        after: Annotated[int, QueryParameter(ge=0, le=LARGEST_NUMBER)] = 0,
        limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 200,
    ) -> dict[str, object]:
        """One import, and the values that it changed in its order, beyond the first *after*."""

        def rows(connection: Transaction) -> dict[str, object]:
            done = imports.one(connection, name, _county(connection, officer))
            changes = imports.changes(connection, name, after, limit)
            return import_row(done) | {"changes": [change_row(*one) for one in changes]}

        return await parts.store.read(rows, sight=sight)


async def _hear_out(request: AnyRequest) -> None:
    """Let the sender finish, within bounds: an answer to a body that is half read is often lost with the line."""
    heard = 0
    async for chunk in request.stream():
        heard += len(chunk)
        if heard > _MOST_HEARD:
            return


def _county(connection: Transaction, officer: Officer) -> str:
    return registers.county_of(connection, officer.organisation)


def _mapping(columns: list[str]) -> dict[str, str]:
    mapping = {}
    for one in columns:
        theirs, equals, ours = one.rpartition("=")
        if not (theirs.strip() and equals and ours.strip()):
            error = FieldError("/columns", f"{one[:100]!r} is not THEIRS=OURS")
            raise InvalidInput("a column cannot be mapped", errors=[error])
        mapping[theirs.strip()] = ours.strip()
    return mapping


def _seed(request: AnyRequest) -> str | None:
    seed: str | None = request.headers.get("token-seed")
    if seed is not None and not _SEED.fullmatch(seed):
        error = FieldError("", "Token-Seed is not a random text of at least 43 letters and digits")
        raise InvalidInput("tokens cannot be made from this", errors=[error])
    return seed


def _folder(parts: Parts) -> "TemporaryDirectory[str]":
    """A folder of the request's own, beside the photos: the system's temporary one may lie in memory."""
    spool = parts.settings.data_folder / "imports"
    spool.mkdir(parents=True, exist_ok=True)
    return TemporaryDirectory(dir=spool)


async def _spool(request: AnyRequest, folder: Path, name: str, most_bytes: int) -> Path:
    """Write the body to a file as it comes."""
    found = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    path = folder / f"file{found if _SUFFIX.fullmatch(found) else ''}"
    size, waiting = 0, bytearray()
    try:
        with path.open("wb") as file:
            async for chunk in request.stream():
                size += len(chunk)
                if size > most_bytes:
                    raise ImportTooBig(most_bytes)
                waiting += chunk
                if len(waiting) >= _PIECE:
                    await asyncio.to_thread(file.write, bytes(waiting))
                    waiting.clear()
            file.write(waiting)
    except OSError as full:
        if full.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        raise NoRoomForFile("the disk is full") from full
    return path
