"""Farmers' phones make their keys known, and are given a nonce for the photos they take next."""

import base64
import binascii
import hashlib
from http import HTTPStatus

from litestar import Controller, put
from litestar.params import FromPath

from backend import p256
from backend.api import fields
from backend.api.auth import Farmer, Person, Phone
from backend.api.docs import body_of
from backend.api.guards import may
from backend.api.schemas.farmers import DeviceBody
from backend.api.web import AnyRequest, Running
from backend.domain.assistance.problems import NoPhoneSession
from backend.domain.authority.words import Reach, Role
from backend.domain.capturing.signals import KEPT_FOR
from backend.domain.edges.limited import Limited
from backend.domain.ids import KeyId
from backend.domain.problems import FieldError, InvalidInput
from backend.store import device_keys
from backend.workflows.secrets import new_token


class DeviceController(Controller):
    """Phones 设备."""

    path = "/farmer/devices"
    tags = ("farmers",)

    @put(
        "/{device:str}",
        operation_id="register_device",
        opt=may(Role.FARMER, Role.AGENT, over=Reach.OWN, counts=Limited.UPLOADS),
        operation_class=body_of(DeviceBody),
        status_code=HTTPStatus.OK,
    )
    async def register(
        self, request: AnyRequest, parts: Running, person: Person, phone: Phone, device: FromPath[str]
    ) -> dict[str, object]:
        """Make a phone's key known, or come back with it; either way a fresh nonce is the answer.

        `device` is the sha-256 of the public point, in hexadecimal. A record signed with an earlier nonce stays good
        for thirty days: a phone may be without signal for long.
        """
        body, at = fields.read(DeviceBody, await request.body()), parts.clock()
        point = _point(body.public_key, device)
        nonce = new_token()
        session = person.session_id if isinstance(person, Farmer) else phone
        if session is None:
            raise NoPhoneSession("a session that was opened by a key has no phone")
        await parts.store.write(
            lambda connection: device_keys.register(connection, KeyId(device), point, session, nonce, at)
        )
        return {
            "device": device,
            "nonce": nonce,
            "nonce_until": (at + KEPT_FOR).isoformat(),
            "now": at.isoformat(),
        }


def _point(written: str, device: str) -> bytes:
    try:
        point = base64.b64decode(written, validate=True)
    except binascii.Error:
        point = b""
    if not p256.is_point(point):
        wrong = FieldError("/public_key", "is no point of P-256: 65 bytes, base64")
        raise InvalidInput("this key cannot be used", errors=[wrong])
    if hashlib.sha256(point).hexdigest() != device:
        wrong = FieldError("/public_key", "is not the key that the address names by its sha-256")
        raise InvalidInput("this key cannot be used", errors=[wrong])
    return point
