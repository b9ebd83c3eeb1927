"""The officer's keys (Ed25519), made here and never sent; a key's id is half of its public half's sha-256."""

import base64
import hashlib
from typing import Any  # JSON from the server

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from backend.domain.officer_keys.words import KeyStanding
from cli.client import Api
from cli.key_file import new_passphrase, opened, public_half, sealed
from cli.profiles import Profile
from cli.vault import FileVault

_ID_DIGITS = 32
_GOOD = frozenset({KeyStanding.APPROVED, KeyStanding.PENDING})
_open_keys: dict[str, Ed25519PrivateKey] = {}
"""Opened once a command: an officer who reviews twenty claims types one passphrase."""


def id_of(public: Ed25519PublicKey) -> str:
    """The first 32 hexadecimal digits of the public key's sha-256."""
    return hashlib.sha256(public.public_bytes_raw()).hexdigest()[:_ID_DIGITS]


def public_key(profile: Profile, name: str = "") -> Ed25519PublicKey | None:
    """The public half of the profile's key on this machine, if there is one; *name* another one than signs.

    Raises:
        NoKey: What is kept is no Ed25519 key.
    """
    text = profile.secrets.read(name or profile.key_name)
    return None if text is None else public_half(text, profile.name)


def load_key(profile: Profile) -> Ed25519PrivateKey | None:
    """The profile's key on this machine, if there is one.

    Raises:
        NoKey: What is kept is no Ed25519 key.
        KeyLocked: It needs a passphrase that is not there.
    """
    text = profile.secrets.read(profile.key_name)
    if text is None:
        return None
    key = _open_keys.get(text)
    if key is None:
        key = _open_keys[text] = opened(text, profile.name)
    return key


def new_key(api: Api, profile: Profile, *, is_plain: bool) -> dict[str, Any]:
    """Make a key and register its public half, then keep it; returns what the server says of it.

    A key that may sign, or may be approved yet, goes on as the one that signs: the new one stands beside it until
    ``use_new_key``.

    Raises:
        NoPassphrase: It would lie in a file that nothing protects.
    """
    is_in_a_file = profile.vault == FileVault.kind
    passphrase = new_passphrase() if is_in_a_file and not is_plain else None
    key = Ed25519PrivateKey.generate()
    has_good_one = _standing(api, profile) in _GOOD
    told = register_key(api, key.public_key())
    name = profile.next_key_name if has_good_one else profile.key_name
    profile.secrets.write(name, sealed(key, passphrase))
    return told


def use_new_key(profile: Profile) -> None:
    """Sign with the new key from now on; the one of before is forgotten here."""
    text = profile.secrets.read(profile.next_key_name)
    if text is None:
        raise RuntimeError("there is no new key")
    profile.secrets.write(profile.key_name, text)
    profile.secrets.forget(profile.next_key_name)


def register_key(api: Api, public: Ed25519PublicKey) -> dict[str, Any]:
    """Tell the server the public half; again is fine."""
    return dict(api.post("keys", body={"public_key": base64.b64encode(public.public_bytes_raw()).decode()}))


def keys_at_server(api: Api) -> dict[str, dict[str, Any]]:
    """The officer's keys at the server, by id."""
    return {one["key_id"]: one for one in api.get("keys")["keys"]}


def ensure_key(api: Api, profile: Profile, *, is_plain: bool) -> dict[str, Any]:
    """The key that signs for this officer here, as the server knows it; one is made or registered where none is.

    Raises:
        NoPassphrase: One has to be made, and would lie in a file that nothing protects.
    """
    public, known = public_key(profile), keys_at_server(api)
    if public is None:
        return new_key(api, profile, is_plain=is_plain)
    found = known.get(id_of(public))
    if found is None:
        return register_key(api, public)
    if found["standing"] not in _GOOD:
        return new_key(api, profile, is_plain=is_plain)
    return found


def _standing(api: Api, profile: Profile) -> str | None:
    public = public_key(profile)
    found = keys_at_server(api).get(id_of(public)) if public else None
    return found["standing"] if found else None
