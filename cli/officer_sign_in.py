"""How an officer signs in: with an invitation's token and a new key, or with a key that is known."""

import base64
import platform
from dataclasses import replace
from typing import Any  # JSON from the server

import httpx

from backend.domain.officer_keys.key import sign_in_document
from backend.domain.officer_keys.words import KeyStanding
from backend.domain.problems import NotSignedIn
from cli.client import Api
from cli.key_file import KeyLocked, NoPassphrase, can_protect
from cli.profiles import Profile
from cli.render import say
from cli.signing import ensure_key, id_of, keys_at_server, load_key
from cli.vault import FileVault, VaultLocked, choose_vault, cli_folder

_LONGEST_DEVICE = 100


def known_profile(name: str) -> Profile | None:
    """The profile of an officer who has a key here, and so needs no token."""
    try:
        profile = Profile.load(name)
    except NotSignedIn:
        return None
    try:
        return profile if profile.officer and profile.secrets.read(profile.key_name) else None
    except VaultLocked:
        return None


def by_token(server: str, token: str, name: str, *, is_plain: bool) -> tuple[Profile, dict[str, Any]]:
    """Spend a one-time token; make a key where there is none.

    Raises:
        NoPassphrase: A key would lie in a file that nothing protects; the token is not spent.
    """
    vault = choose_vault()
    if vault.kind == FileVault.kind and not is_plain and not can_protect() and not _has_key(name):
        raise NoPassphrase("the key would lie in a file, and without a terminal nobody is asked")
    with Api(server) as api:
        session = api.post_once("sessions", body={"token": token, "device": _device()})
        profile = _profile(name, api.server, vault.kind, session)
    # Kept before anything else can fail: the login token is spent.
    profile = kept(profile, session["session_token"])
    with Api(server, session["session_token"]) as api:
        key = ensure_key(api, profile, is_plain=is_plain)
    if key["standing"] != KeyStanding.APPROVED:
        return profile, key
    try:
        # A token alone proves nobody; the key that is here already does.
        return by_key(server, profile)
    except KeyLocked as locked:
        say(f"{locked.detail}: signed in by the token alone, which is not enough to agree to anything.")
        return profile, key


def by_key(server: str, known: Profile) -> tuple[Profile, dict[str, Any]]:
    """Sign a challenge with the key of a profile.

    Raises:
        NotSignedIn: The key was there a moment ago.
        KeyLocked: Its passphrase is missing or wrong.
    """
    key = load_key(known)
    if key is None:
        raise NotSignedIn(f"profile {known.name} has no key on this machine any more")
    with Api(server) as api:
        challenge = api.post_once("sessions", "challenges", body={})["challenge"]
        # As it stands in the Host header: without the port that its scheme implies.
        dialled = httpx.URL(api.server).netloc.decode()
        signature = key.sign(sign_in_document(challenge=challenge, server=dialled))
        body = {
            "challenge": challenge,
            "server": dialled,
            "key_id": id_of(key.public_key()),
            "signature": base64.b64encode(signature).decode(),
            "device": _device(),
        }
        session = api.post_once("sessions", "by-key", body=body)
        profile = _profile(known.name, api.server, known.vault, session)
    profile = kept(profile, session["session_token"])
    with Api(server, session["session_token"]) as api:
        return profile, keys_at_server(api)[body["key_id"]]


def kept(profile: Profile, token: str) -> Profile:
    """Keep the sign-in; in files where the keyring turns out to be locked."""
    try:
        profile.secrets.write(profile.token_name, token)
    except VaultLocked as locked:
        say(f"The keyring cannot be used ({locked}); files that only you can read are used instead.")
        profile = replace(profile, vault=FileVault.kind)
        profile.secrets.write(profile.token_name, token)
    profile.save()
    return profile


def _profile(name: str, server: str, vault: str, session: dict[str, Any]) -> Profile:
    officer = session["officer"]
    return Profile(
        name=name,
        server=server,
        vault=vault,
        officer=officer["id"],
        officer_name=officer["name"],
        organisation=officer["organisation"],
        lane=officer["lane"],
        expires_at=session["expires_at"],
    )


def _has_key(name: str) -> bool:
    return any(cli_folder().glob(f"{name}.*.key.pem"))


def _device() -> str:
    return platform.node()[:_LONGEST_DEVICE]
