"""What schemathesis asks us (``SCHEMATHESIS_HOOKS``): whose token a case bears, which claim it is about, who signs.

Made-up ids find nothing and made-up signatures fit nothing: without this, most cases would end at the first door.
"""

import base64
import os
import random
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import schemathesis
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from schemathesis.auths import AuthContext
from schemathesis.core.failures import Failure
from schemathesis.hooks import HookContext
from schemathesis.openapi.checks import MissingHeaderNotRejected

from backend.domain.words import Decision, Lane
from tests.fuzz.people import VARIABLE, Known
from tests.journeys.world import PLAIN, OfficerClient, signed_decision

_known = Known.read(Path(os.environ[VARIABLE]))
_chance = random.Random(7)
_WHOLE_SHARE = 0.5
_KNOWN_SHARE = 0.8
_NAMES = {
    "claim": _known.claims,
    "sha256": _known.photos,
    "policy": _known.policies,
    "farm": _known.farms,
    "register": ["farms", "policies", "herd", "officers"],
}
_IN_BODIES = {"policy_number": _known.policies, "sha256": _known.photos, "farm": _known.farms}


@schemathesis.auth(refresh_interval=None)
class AnyOfThem:
    """Each case is somebody's."""

    def get(self, _case: schemathesis.Case, _context: AuthContext) -> str:
        return _chance.choice(list(_known.tokens.values()))

    def set(self, case: schemathesis.Case, data: str, _context: AuthContext) -> None:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {data}"}


@schemathesis.hook
def map_path_parameters(_context: HookContext, path_parameters: dict[str, Any]) -> dict[str, Any]:
    """Most addresses name what is there."""
    for name, there in _NAMES.items():
        if name in (path_parameters or {}) and there and _chance.random() < _KNOWN_SHARE:
            path_parameters[name] = _chance.choice(there)
    return path_parameters


@schemathesis.hook
def before_call(_context: HookContext, case: schemathesis.Case, _kwargs: dict[str, Any]) -> None:
    """Most bodies name what is there; half of the reports are whole, and half of the decisions signed by their officer.

    What is changed here, schemathesis looks at again: a body whose one fault was its name is then held to be without.
    """
    if isinstance(case.body, dict):
        named = {
            name: _chance.choice(there)
            for name, there in _IN_BODIES.items()
            if name in case.body and there and _chance.random() < _KNOWN_SHARE
        }
        case.body = case.body | named if named else case.body
    made = _MADE.get(case.operation.definition.raw.get("operationId"))
    bearer = str((case.headers or {}).get("Authorization", "")).removeprefix("Bearer ")
    # A case that comes without sign-in, or with a made-up one, stays so.
    is_signed_in = bearer in _known.tokens.values()
    if made and is_signed_in and isinstance(case.body, dict) and _chance.random() < _WHOLE_SHARE:
        made(case)


def _report(case: schemathesis.Case) -> None:
    policy = _chance.choice(_known.policies)
    photo = {"sha256": f"{_chance.getrandbits(256):064x}", "bytes": 70_000, "media_type": "image/jpeg"}
    case.body = {
        "claim_id": str(uuid4()),
        "policy_number": policy,
        "species": "pig",
        "heads": 1,
        "cause": "accident",
        "occurred_at": datetime.now(UTC).isoformat(),
        "photos": [photo | {"capture": {"position": None, "taken_at": datetime.now(UTC).isoformat()}}],
    }
    _as(case, f"farmer of {policy}")
    # A case that comes without a key stays so, for it asks what is said then.
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = uuid4().hex


def _decision(case: schemathesis.Case) -> None:
    claim = (case.path_parameters or {}).get("claim")
    lane = _chance.choice(list(Lane))
    signer = _known.keys[lane]
    with httpx.Client(base_url=f"{_known.url}/api/v1", headers=_bearer(signer["id"]), **PLAIN) as http:
        shown = http.get(f"/claims/{claim}").json() if claim in _known.claims else {}
        if not shown.get("offer"):
            return
        own = Ed25519PrivateKey.from_private_bytes(base64.b64decode(signer["key"]))
        officer = OfficerClient(http, signer["id"], lane, own, signer["key_id"])
        decision = _chance.choice(list(Decision))
        reason = None if decision is Decision.APPROVE else "EVIDENCE_MISSING"
        case.body = signed_decision(officer, shown, decision=decision, reason_code=reason, note="looked at")
    _as(case, signer["id"])


_MADE = {"report_claim": _report, "decide_lane": _decision}


def _as(case: schemathesis.Case, who: str) -> None:
    case.headers = {**(case.headers or {}), **_bearer(who)}


def _bearer(who: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {_known.tokens[who]}"}


@schemathesis.serializer("application/offset+octet-stream")
def octets(_context: Any, value: Any) -> Any:
    """A part of a photo is sent as it is."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def filter_failure(_context: HookContext, failure: Failure, case: schemathesis.Case, response: Any) -> bool:
    """Two answers are right although schemathesis expects others.

    tus 1.0 wants 412 where its version is missing. And what is not there is answered as such, before anything else that
    is missing.
    """
    wants_tus = "Tus-Resumable" in {one.name for one in case.operation.headers}
    is_tus = response.status_code == HTTPStatus.PRECONDITION_FAILED and wants_tus
    return not (is_tus or (isinstance(failure, MissingHeaderNotRejected) and response.status_code == 404))
