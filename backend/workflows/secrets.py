"""Random tokens and codes, and the hashes under which they are kept."""

import base64
import hashlib
import hmac
import secrets
from uuid import UUID

_CODE_DIGITS = 6


def new_token() -> str:
    """A bearer token: 256 bits, fit for a header or a command line."""
    return secrets.token_urlsafe(32)


def token_from(seed: str, register: str, key: str) -> str:
    """A bearer token that follows from a secret seed and whose it is: made again, it is the same."""
    made = hmac.digest(seed.encode(), f"{register}/{key}".encode(), "sha256")
    # A letter in front: a spreadsheet would take a leading dash for a formula.
    return "t" + base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def new_code() -> str:
    """A one-time code that can be read aloud: six digits."""
    return f"{secrets.randbelow(10**_CODE_DIGITS):0{_CODE_DIGITS}}"


def token_hash(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so a bare hash cannot be tried out."""
    return hashlib.sha256(token.encode()).hexdigest()


def code_hash(claim_id: UUID, code: str) -> str:
    """A code bound to its claim. The store keeps it under a key: whoever reads a bare hash tries out six digits."""
    return hashlib.sha256(f"{claim_id}/{code.strip()}".encode()).hexdigest()


def phone_code_hash(request_id: UUID, phone: str, code: str) -> str:
    """A code to a phone, bound to the request and the number; kept under a key, as ``code_hash``."""
    return hashlib.sha256(f"{request_id}/{phone}/{code.strip()}".encode()).hexdigest()
