"""The officer's private key (Ed25519), made here and never sent; its id is the server's: half of a sha-256."""

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from cli.client import Api
from cli.desk import NoKey
from cli.profiles import Profile

_ID_DIGITS = 32


def key_id(key: Ed25519PrivateKey) -> str:
    """The first 32 hexadecimal digits of the public key's sha-256."""
    return hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:_ID_DIGITS]


def load_key(profile: Profile) -> Ed25519PrivateKey | None:
    """The profile's key on this machine, if there is one.

    Raises:
        NoKey: What is kept is no Ed25519 key.
    """
    pem = profile.secrets.read(profile.key_name)
    if pem is None:
        return None
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError) as broken:
        raise NoKey(f"the key of profile {profile.name} cannot be read") from broken
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(f"the key of profile {profile.name} is no Ed25519 key")
    return key


def new_key(api: Api, profile: Profile) -> str:
    """Make a key, register its public half, then keep it (PKCS 8 PEM) in place of an older one; returns its id."""
    key = Ed25519PrivateKey.generate()
    register_key(api, key)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    profile.secrets.write(profile.key_name, pem.decode())
    return key_id(key)


def register_key(api: Api, key: Ed25519PrivateKey) -> None:
    """Tell the server the public half; again is fine."""
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    api.post("keys", body={"public_key": public})


def usable_keys(api: Api) -> dict[str, bool]:
    """The officer's keys at the server: id to whether it may still sign."""
    return {one["key_id"]: one["revoked_at"] is None for one in api.get("keys")["keys"]}


def ensure_key(api: Api, profile: Profile) -> str:
    """The id of a key that signs for this officer here; one is made or registered where there is none."""
    key, known = load_key(profile), usable_keys(api)
    if key is None or not known.get(key_id(key), True):
        return new_key(api, profile)
    if key_id(key) not in known:
        register_key(api, key)
    return key_id(key)
