"""This machine: Python, packages, extras, time zones, where secrets are kept. Needs the base install alone."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import cli
from cli.checks.check import Check, fail, ok
from cli.profiles import Profile
from cli.vault import FileVault, cli_folder

_OLDEST_PYTHON = (3, 11)
_PACKAGES = ("backend", "cli", "geo", "models")
_EXTRAS = {
    "server": ("litestar", "to run a server here"),
    "postgres": ("psycopg", "for PostgreSQL"),
    "vision": ("ultralytics", "to train and compare counters"),
}
_POLICY_ZONE = "Asia/Shanghai"
_ONLY_OWNER = 0o077


def machine() -> Iterator[Check]:
    """Everything that needs no network and no sign-in."""
    version = ".".join(map(str, sys.version_info[:3]))
    is_new = sys.version_info >= _OLDEST_PYTHON
    yield ok("python", version) if is_new else fail("python", version, "Install Python 3.11 or newer.")
    yield _packages()
    yield _extras()
    yield _time_zone()


def private(profile: Profile) -> Check:
    """Whether token and key are for their owner's eyes alone."""
    if profile.vault != FileVault.kind:
        return ok("secrets", "kept in the system's keyring")
    vault = FileVault(cli_folder())
    files = [vault.path(name) for name in (profile.token_name, profile.key_name)]
    bare = [file for file in files if file.exists() and file.stat().st_mode & _ONLY_OWNER]
    if bare and sys.platform != "win32":
        names = " ".join(map(str, bare))
        return fail("secrets", f"others can read {names}", f"chmod 600 {names}")
    return ok("secrets", f"in files that only you can read, in {cli_folder()}")


def _packages() -> Check:
    """Whether our top-level packages are ours: such names clash silently in a shared environment."""
    from importlib.metadata import packages_distributions

    home = Path(cli.__file__).resolve().parents[1]
    strangers = []
    for name in _PACKAGES:
        spec = find_spec(name)
        if spec is None or spec.origin is None or Path(spec.origin).resolve().parents[1] != home:
            strangers.append(name)
    owners = packages_distributions()
    strangers += [name for name in _PACKAGES if set(owners.get(name, ())) - {"flashclaim"}]
    if strangers:
        names = ", ".join(dict.fromkeys(strangers))
        advice = "Give flashclaim an environment of its own: pipx install flashclaim, or a new venv."
        return fail("packages", f"another project here installs {names} too", advice)
    return ok("packages", f"{', '.join(_PACKAGES)} are flashclaim's, in {home}")


def _extras() -> Check:
    found = [extra for extra, (module, _) in _EXTRAS.items() if find_spec(module)]
    missing = {extra: use for extra, (_, use) in _EXTRAS.items() if extra not in found}
    detail = ", ".join(found) or "none; the officers' commands need none"
    if not missing:
        return ok("extras", detail)
    uses = "; ".join(f"[{extra}] {use}" for extra, use in missing.items())
    return ok("extras", detail, f"Only where needed, pip install 'flashclaim[EXTRA]': {uses}.")


def _time_zone() -> Check:
    try:
        ZoneInfo(_POLICY_ZONE)
    except ZoneInfoNotFoundError:
        return fail(
            "time-zone", f"{_POLICY_ZONE} is unknown: policy days cannot be told", "pip install tzdata"
        )
    return ok("time-zone", f"{_POLICY_ZONE} is known")
