"""Signing in as a farmer: with a policy card, or with a code to the contact phone."""

import sys
from dataclasses import replace
from typing import Any  # JSON from the server
from uuid import uuid4

import typer

from backend.domain.problems import FieldError, InvalidInput
from cli.client import Api
from cli.farmer_tokens import written
from cli.profiles import Profile
from cli.vault import FileVault, VaultLocked, choose_vault


def by_card(server: str, card: str, name: str) -> Profile:
    """Open a session of the one policy that has this card."""
    with Api(server) as api:
        return _kept(api, name, api.post_once("farmer", "sessions", body={"card": card, "device": _DEVICE}))


def by_phone(server: str, phone: str, code: str, name: str) -> Profile | None:
    """Open a session for the farms with this phone; None: a code was sent, and nobody is here to be asked for it.

    Raises:
        InvalidInput: A code, and none was asked for on this machine.
    """
    with Api(server) as api:
        vault, place = choose_vault(), f"{name}.code-request"
        request = vault.read(place) if code else None
        if code and request is None:
            error = FieldError(
                "/code", "answers no request of this machine: leave it out, and a code is sent"
            )
            raise InvalidInput("this code cannot be used", errors=[error])
        if request is None:
            request = str(uuid4())
            api.post("farmer", "codes", body={"request": request, "phone": phone})
            vault.write(place, request)
            if not sys.stdin.isatty():
                return None
            code = str(typer.prompt("One-time code", err=True)).strip()
        body = {"request": request, "phone": phone, "code": code, "device": _DEVICE}
        opened = api.post_once("farmer", "sessions", body=body)
        vault.forget(place)
        return _kept(api, name, opened)


_DEVICE = "command line"


def _kept(api: Api, name: str, opened: dict[str, Any]) -> Profile:
    """Keep the session; in files where the keyring turns out to be locked."""
    with Api(api.server, opened["access_token"]) as own:
        me = own.get("me")
    profile = Profile(
        name=name,
        server=api.server,
        vault=choose_vault().kind,
        policies=tuple(me["policies"]),
        session=opened["session"],
        expires_at=opened["refresh_until"],
    )
    try:
        profile.secrets.write(profile.refresh_name, written(opened))
    except VaultLocked:
        profile = replace(profile, vault=FileVault.kind)
        profile.secrets.write(profile.refresh_name, written(opened))
    profile.save()
    return profile
