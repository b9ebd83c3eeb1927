"""A private key as this machine keeps it: its public half, then itself, encrypted where a passphrase protects it."""

import base64
import os
import re
import sys

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from backend.domain.problems import NotAllowed
from cli.desk import NoKey

VARIABLE = "FLASHCLAIM_KEY_PASSPHRASE"
_SHORTEST = 8
_SALT_BYTES = 16
# PKCS 8 as the library writes it stretches a passphrase 2048 times only, which a thief of the file tries out in days.
# These are OWASP's figures for scrypt, 32 MB a try.
_SCRYPT = {"length": 32, "n": 1 << 15, "r": 8, "p": 3}
_SALT = re.compile(r"^scrypt: ([0-9A-Za-z+/=]+)$", re.MULTILINE)


class KeyLocked(NotAllowed):
    """The key's file needs a passphrase, and there is none, or another one."""

    type = "/problems/key-locked"
    title = "Your key does not open"
    next = f"Type the passphrase at a terminal, or set {VARIABLE}."


class NoPassphrase(NotAllowed):
    """A key in a file is encrypted, and nobody can be asked for a passphrase."""

    type = "/problems/no-passphrase"
    title = "There is no passphrase to protect the key"
    next = (
        f"Run it at a terminal, or set {VARIABLE} ({_SHORTEST} characters or more); on a machine that only you can "
        "reach, --no-passphrase keeps the key as a plain file."
    )


def sealed(key: Ed25519PrivateKey, passphrase: str | None) -> str:
    """The text to keep; without a passphrase the private half is plain."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    if passphrase is None:
        return public + _pem(key, NoEncryption())
    salt = os.urandom(_SALT_BYTES)
    head = f"scrypt: {base64.b64encode(salt).decode()}\n"
    return public + head + _pem(key, BestAvailableEncryption(_stretched(passphrase, salt)))


def opened(text: str, whose: str) -> Ed25519PrivateKey:
    """The private key, after asking for the passphrase where it needs one.

    Raises:
        NoKey: What is kept is no Ed25519 key.
        KeyLocked: There is no passphrase, or another one.
    """
    salt = _SALT.search(text)
    secret = None
    if salt:
        passphrase = os.environ.get(VARIABLE, "")
        if not passphrase and sys.stdin.isatty():
            passphrase = str(typer.prompt(f"Passphrase of the key of {whose}", hide_input=True, err=True))
        if not passphrase:
            raise KeyLocked(f"the key of {whose} is encrypted, and nobody can be asked for its passphrase")
        secret = _stretched(passphrase, base64.b64decode(salt[1]))
    try:
        key = load_pem_private_key(text.encode(), password=secret)
    except (ValueError, TypeError) as broken:
        if salt:
            raise KeyLocked(f"this is not the passphrase of the key of {whose}") from broken
        raise NoKey(f"the key of {whose} cannot be read") from broken
    if not isinstance(key, Ed25519PrivateKey):
        raise NoKey(f"the key of {whose} is no Ed25519 key")
    return key


def public_half(text: str, whose: str) -> Ed25519PublicKey:
    """The public key, for which nobody is asked anything.

    Raises:
        NoKey: What is kept is no Ed25519 key.
    """
    try:
        key = load_pem_public_key(text.encode())
    except ValueError as broken:
        raise NoKey(f"the key of {whose} cannot be read") from broken
    if not isinstance(key, Ed25519PublicKey):
        raise NoKey(f"the key of {whose} is no Ed25519 key")
    return key


def can_protect() -> bool:
    """Whether a passphrase for a new key can be had."""
    return bool(os.environ.get(VARIABLE)) or sys.stdin.isatty()


def new_passphrase() -> str:
    """A passphrase for a new key, from the environment or typed twice.

    Raises:
        NoPassphrase: There is none, nobody can be asked, or it is too short.
    """
    passphrase = os.environ.get(VARIABLE, "")
    if not passphrase and sys.stdin.isatty():
        passphrase = str(
            typer.prompt(
                "New passphrase for your signing key", hide_input=True, confirmation_prompt=True, err=True
            )
        )
    if not passphrase:
        raise NoPassphrase("the key would lie in a file, and without a terminal nobody is asked")
    if len(passphrase) < _SHORTEST:
        raise NoPassphrase(f"this passphrase has {len(passphrase)} characters")
    return passphrase


def _pem(key: Ed25519PrivateKey, protection: KeySerializationEncryption) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection).decode()


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return base64.b64encode(Scrypt(salt=salt, **_SCRYPT).derive(passphrase.encode()))
