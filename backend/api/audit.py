"""The audit log: its checkpoints, who stands by them, and what shows that a later one only adds to an earlier one."""

import asyncio
from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromQuery, Parameter

from backend.api import fields
from backend.api.auth import Acting, Person
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.schemas.audit import CosignatureBody
from backend.api.web import LARGEST_NUMBER, AnyRequest, ClaimHere, Running
from backend.domain.authority.rule import ANYONE, OFFICERS, OFFICES
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.authority.words import Reach
from backend.domain.ids import KeyId
from backend.domain.merkle.proofs import consistency_proof
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.signatures import Signature
from backend.insight.audit import checkpoint_document
from backend.insight.proof import proof_document
from backend.store import audit_log
from backend.store.engine import Transaction
from backend.workflows.cosigning import cosign

MOST_LEAVES = 65_536
"""32 bytes each: 2 MB an answer."""


class AuditController(Controller):
    """What the log holds is nobody's secret: hashes, and who stands by them."""

    path = "/audit"
    tags = ("audit",)

    @get("/checkpoint", operation_id="newest_checkpoint", opt=may(*ANYONE))
    async def newest(self, parts: Running) -> dict[str, object]:
        """The newest checkpoint 检查点, its age, and each office's last co-signature."""
        now = parts.clock()
        return await parts.store.read(
            lambda connection: checkpoint_document(connection, now), sight=EVERYWHERE
        )

    @post("/checkpoints", operation_id="make_checkpoint", opt=may(*OFFICERS), status_code=HTTPStatus.OK)
    async def make(self, request: AnyRequest, parts: Running, person: Person) -> Response[bytes]:
        """Sign a checkpoint over everything that is recorded by now, without waiting for the next one that is due."""
        await asyncio.to_thread(parts.sequencer.catch_up, and_sign=True)
        now = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            return HTTPStatus.OK, checkpoint_document(connection, now)

        return await answer_once(request, person, parts, work)

    @get("/consistency", operation_id="prove_consistency", opt=may(*ANYONE))
    async def consistency(
        self, parts: Running, old: FromQuery[int], new: FromQuery[int]
    ) -> dict[str, object]:
        """What shows that the log's first *new* records begin with its first *old* ones (RFC 9162 §2.1.4)."""

        def look(connection: Transaction) -> list[str]:
            size = audit_log.size(connection)
            if not 0 < old <= new <= size:
                error = FieldError("/old", f"0 < {old} <= {new} <= {size} does not hold")
                raise InvalidInput("there is no such proof", errors=[error])
            tree = audit_log.StoredTree(connection)
            return [one.hex() for one in consistency_proof(old, new, tree)]

        return {"old": old, "new": new, "proof": await parts.store.read(look, sight=EVERYWHERE)}

    @get("/leaves", operation_id="audit_leaves", opt=may(*ANYONE), media_type="application/octet-stream")
    async def leaves(
        self,
        parts: Running,
        start: Annotated[int, Parameter(ge=0, le=LARGEST_NUMBER)] = 0,
        most: Annotated[int, Parameter(ge=1, le=MOST_LEAVES)] = MOST_LEAVES,
    ) -> Response[bytes]:
        """Leaf hashes in the order of the log, 32 bytes each, from *start* (counted from 0) on."""
        found = await parts.store.read(
            lambda connection: audit_log.leaves(connection, start, start + most), sight=EVERYWHERE
        )
        return Response(b"".join(found), media_type="application/octet-stream")

    @post(
        "/cosignatures",
        operation_id="cosign_checkpoint",
        opt=may(*OFFICERS),
        operation_class=body_of(CosignatureBody),
    )
    async def cosign(self, request: AnyRequest, parts: Running, officer: Acting) -> Response[bytes]:
        """Stand by a checkpoint 会签 that was found to follow the one that one's own office kept."""
        body = fields.read(CosignatureBody, await request.body())
        at = parts.clock()
        given = Signature(KeyId(body.key_id), body.signature)

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            cosign(connection, officer, body.size, body.root, given, at)
            return HTTPStatus.CREATED, checkpoint_document(connection, at)

        return await answer_once(request, officer, parts, work)


class ProofController(Controller):
    """One claim's proof."""

    path = "/claims/{claim:str}/proof"
    tags = ("audit",)

    @get(operation_id="claim_proof", opt=may(*OFFICES, over=Reach.CLAIM))
    async def proof(self, parts: Running, claim_id: ClaimHere) -> dict[str, object]:
        """Everything that proves the claim without this server: flashclaim audit verify FILE checks it."""
        # The guard found the claim as far as the caller sees; keys of whoever co-signed are of any county.
        return await parts.store.read(
            lambda connection: proof_document(connection, claim_id), sight=EVERYWHERE
        )
