"""Profiles: who is signed in where. One machine can act as several people (``--profile``)."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from backend.domain.problems import FieldError, InvalidInput, NotSignedIn
from backend.domain.words import Lane
from cli.options import DEFAULT_PROFILE
from cli.vault import Vault, VaultLocked, cli_folder, vault_of, write_private

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,39}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A sign-in, but for its secrets: an officer's, or a farmer's (``policies``)."""

    name: str
    server: str
    vault: str
    officer: str | None = None
    officer_name: str | None = None
    organisation: str | None = None
    lane: str | None = None
    policies: tuple[str, ...] = ()
    session: str | None = None
    expires_at: str | None = None

    @classmethod
    def load(cls, name: str) -> Self:
        """The sign-in of this name.

        Raises:
            NotSignedIn: There is none, or its file cannot be read.
        """
        path = _path(name)
        option = "" if name == DEFAULT_PROFILE else f" --profile {name}"
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
            return cls(**kept | {"policies": tuple(kept.get("policies", ()))})
        except FileNotFoundError as missing:
            raise NotSignedIn(f"nobody has run flashclaim login{option} on this machine") from missing
        except (OSError, ValueError, TypeError) as broken:
            raise NotSignedIn(f"{path} cannot be read; run flashclaim login{option} again") from broken

    def save(self) -> None:
        """Keep the sign-in."""
        write_private(_path(self.name), json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n")

    @property
    def own_lane(self) -> Lane | None:
        """The officer's lane; None for a collector and for a farmer."""
        return Lane(self.lane) if self.lane else None

    @property
    def secrets(self) -> Vault:
        """Where token and key are."""
        return vault_of(self.vault)

    @property
    def token_name(self) -> str:
        """The session token's name in the vault."""
        return f"{self.name}.session"

    @property
    def refresh_name(self) -> str:
        """The name of a farmer's tokens in the vault."""
        return f"{self.name}.tokens"

    @property
    def key_name(self) -> str:
        """The private key's name in the vault: each officer's own, so that signing in as another loses none."""
        return f"{self.name}.{self.officer}.key.pem"

    @property
    def next_key_name(self) -> str:
        """The name of a new key that waits to take the other one's place."""
        return f"{self.name}.{self.officer}.next-key.pem"

    def token(self) -> str:
        """The bearer token; a farmer's is refreshed when it is about to end.

        Raises:
            NotSignedIn: The vault has lost it.
            Refused: The session has ended, or the server cannot be reached.
        """
        if self.session:
            from cli.farmer_tokens import fresh

            return fresh(self)
        return self.kept(self.token_name)

    def kept(self, name: str) -> str:
        """A secret of this sign-in.

        Raises:
            NotSignedIn: The vault has lost it, or does not open.
        """
        try:
            token = self.secrets.read(name)
        except VaultLocked as locked:
            raise NotSignedIn(f"the keyring of this machine does not open: {locked}") from locked
        if token is None:
            raise NotSignedIn(f"the {self.vault} of this machine has no token for profile {self.name}")
        return token

    def forget(self) -> None:
        """Sign out on this machine; an officer's signing key stays."""
        for name in (self.token_name, self.refresh_name):
            self.secrets.forget(name)
        _path(self.name).unlink(missing_ok=True)


def check_name(name: str) -> str:
    """The name, if a file can safely have it.

    Raises:
        InvalidInput: It cannot.
    """
    if not _NAME.fullmatch(name):
        error = FieldError(
            "/profile", f"{name!r} is not of letters, digits, dot, dash and underscore, at most 40"
        )
        raise InvalidInput("this profile name cannot be used", errors=[error])
    return name


def _path(name: str) -> Path:
    return cli_folder() / f"{check_name(name)}.profile.json"
