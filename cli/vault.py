"""Where this machine keeps session tokens and private keys: the system's keyring, else files only their owner reads."""

import os
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

import typer

FOLDER_VARIABLE = "FLASHCLAIM_CLI_FOLDER"
_SERVICE = "flashclaim"
_WORTH_USING = 1  # keyring's own measure: below this a backend only refuses, or forgets


class VaultLocked(Exception):
    """The keyring is there and does not open."""


class Vault(Protocol):
    """Keeps small secrets by name; every verb raises ``VaultLocked`` where it cannot be opened."""

    kind: str

    def read(self, name: str) -> str | None:
        """The secret, or None."""

    def write(self, name: str, secret: str) -> None:
        """Keep a secret, in place of an older one."""

    def forget(self, name: str) -> None:
        """Keep a secret no more; none is fine."""


class FileVault:
    """One file a secret, mode 0600 in a folder of mode 0700."""

    kind = "files"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, name: str) -> str | None:
        """The secret, or None."""
        try:
            return self.path(name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def write(self, name: str, secret: str) -> None:
        """Keep a secret, in place of an older one."""
        write_private(self.path(name), secret)

    def forget(self, name: str) -> None:
        """Keep a secret no more; none is fine."""
        self.path(name).unlink(missing_ok=True)

    def path(self, name: str) -> Path:
        """The file of a secret."""
        return self._folder / quote(name, safe="")


class KeyringVault:
    """The system's keyring: Secret Service, macOS Keychain, Windows Credential Locker."""

    kind = "keyring"

    def read(self, name: str) -> str | None:
        """The secret, or None."""
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(_SERVICE, name)
        except KeyringError as locked:
            raise VaultLocked(str(locked)) from locked

    def write(self, name: str, secret: str) -> None:
        """Keep a secret, in place of an older one."""
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(_SERVICE, name, secret)
        except KeyringError as locked:
            raise VaultLocked(str(locked)) from locked

    def forget(self, name: str) -> None:
        """Keep a secret no more; none is fine."""
        import keyring
        from keyring.errors import KeyringError

        try:
            if keyring.get_password(_SERVICE, name) is not None:
                keyring.delete_password(_SERVICE, name)
        except KeyringError as locked:
            raise VaultLocked(str(locked)) from locked


def cli_folder() -> Path:
    """Where this machine's profiles stand: FLASHCLAIM_CLI_FOLDER, else the platform's folder for settings."""
    return Path(os.environ.get(FOLDER_VARIABLE) or typer.get_app_dir("flashclaim"))


def choose_vault() -> Vault:
    """The keyring where a real one is there; files where not, or where FLASHCLAIM_CLI_FOLDER names their folder."""
    if os.environ.get(FOLDER_VARIABLE):
        return FileVault(cli_folder())
    import keyring

    return KeyringVault() if keyring.get_keyring().priority >= _WORTH_USING else FileVault(cli_folder())


def vault_of(kind: str) -> Vault:
    """The vault that a profile was made with."""
    return KeyringVault() if kind == KeyringVault.kind else FileVault(cli_folder())


def write_private(path: Path, content: str) -> None:
    """Write a file that only its owner may read; whoever reads it never sees half of it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)  # an older one may be open to others
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
    part.replace(path)
