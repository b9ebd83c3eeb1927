"""Personal data in columns: AES-256-GCM under a named key, bound to its place, and blind indexes to look it up by.

A sealed value is the key's id (4 bytes), a random nonce (12), the ciphertext and its tag (16). The place — table,
column, row — is its associated data: a value that is copied to another row does not open. A random nonce serves 2³²
values a key (NIST SP 800-38D §8.3); ``flashclaim server rotate-key`` begins another.
"""

import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection

from backend.domain.canonical import canonical
from backend.domain.personal.keys import DataKey, Keys
from backend.domain.personal.problems import KeysMissing, PersonalDataAltered

OPTION = "vault"
"""The execution option of an engine under which its connections carry the vault."""

KEY_ID_BYTES = 4
_NONCE_BYTES = 12


class Vault:
    """Seals and opens; safe to use from many threads."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        self._ciphers: dict[str, AESGCM] = {}
        self._index_keys: dict[str, bytes] = {}

    def seal(self, clear: str, *place: object) -> bytes:
        """*clear* under the current key, for this table, column and row only."""
        key = self.keys.current()
        nonce = os.urandom(_NONCE_BYTES)
        return (
            bytes.fromhex(key.id)
            + nonce
            + self._cipher(key).encrypt(nonce, clear.encode(), _associated(place))
        )

    def open(self, sealed: bytes, *place: object) -> str:
        """What was sealed for this place.

        Raises:
            KeysMissing: Under a key that is not kept here.
            PersonalDataAltered: Something else stands there than was sealed.
        """
        key_id = key_id_of(sealed)
        key = self.keys.named(key_id)
        if key is None:
            raise KeysMissing(f"{_said(place)} is encrypted under key {key_id}, which is not here")
        nonce = sealed[KEY_ID_BYTES : KEY_ID_BYTES + _NONCE_BYTES]
        try:
            clear = self._cipher(key).decrypt(
                nonce, sealed[KEY_ID_BYTES + _NONCE_BYTES :], _associated(place)
            )
        except (InvalidTag, ValueError) as wrong:
            raise PersonalDataAltered(f"{_said(place)} is not what was encrypted there") from wrong
        return clear.decode()

    def seal_some(self, clear: str | None, *place: object) -> bytes | None:
        """``seal``, or None for None."""
        return None if clear is None else self.seal(clear, *place)

    def open_some(self, sealed: bytes | None, *place: object) -> str | None:
        """``open``, or None for None."""
        return None if sealed is None else self.open(sealed, *place)

    def index(self, clear: str | None, column: str) -> str | None:
        """By what equal values of one column are found, and nothing else is learned: HMAC-SHA-256, current key."""
        return None if clear is None else self._index(self.keys.current(), clear, column)

    def indexes(self, clear: str, column: str) -> Sequence[str]:
        """As ``index`` under every key: while keys are rotated, rows stand under the old and the new one."""
        return [self._index(key, clear, column) for key in self.keys.all()]

    def _index(self, key: DataKey, clear: str, column: str) -> str:
        secret = self._index_keys.get(key.id)
        if secret is None:
            secret = self._index_keys[key.id] = _derived(key, b"blind index")
        return hmac.digest(secret, canonical([column, clear]), "sha256").hex()

    def _cipher(self, key: DataKey) -> AESGCM:
        cipher = self._ciphers.get(key.id)
        if cipher is None:
            cipher = self._ciphers[key.id] = AESGCM(_derived(key, b"columns"))
        return cipher


def vault_of(connection: Connection) -> Vault:
    """The vault of the engine that this connection belongs to.

    Raises:
        KeysMissing: It was opened without keys.
    """
    vault = connection.get_execution_options().get(OPTION)
    if not isinstance(vault, Vault):
        raise KeysMissing("the database was opened without keys")
    return vault


def options(keys: Keys | None) -> dict[str, object]:
    """Execution options for an engine whose connections open what is sealed under *keys*."""
    return {} if keys is None else {OPTION: Vault(keys)}


def key_id_of(sealed: bytes) -> str:
    """The key that a value is sealed under."""
    return bytes(sealed[:KEY_ID_BYTES]).hex()


def _derived(key: DataKey, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"flashclaim " + purpose).derive(key.secret)


def _associated(place: Sequence[object]) -> bytes:
    # Each part with its length: no two places are the same bytes.
    return "".join([f"{len(part)}:{part}," for part in map(str, place)]).encode()


def _said(place: Sequence[object]) -> str:
    return " ".join(str(one) for one in place)
