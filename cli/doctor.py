"""``flashclaim doctor``: what is wrong on this machine, and what to do about it."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import cli
from backend.domain.problems import Problem
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.refusals import Refused
from cli.render import print_json

if TYPE_CHECKING:
    from cli.client import Api
    from cli.profiles import Profile

_OLDEST_PYTHON = (3, 11)
_PACKAGES = ("backend", "cli", "geo", "models")
_EXTRAS = {"server": "litestar", "vision": "ultralytics"}
_MOST_SKEW_S = 30.0
_ONLY_OWNER = 0o077


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    check: str
    ok: bool
    detail: str
    advice: str = ""


def doctor(
    server: Annotated[
        str,
        typer.Option(envvar="FLASHCLAIM_SERVER", help="Another server than the profile's.", metavar="URL"),
    ] = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Check this machine, and say what to do.

    Packages, extras, files, server, clock, sign-in, key. Exit code 1 if something is wrong.

    Example: flashclaim doctor --json
    """
    checks = [*_installation(), *_online(server, profile)]
    is_well = all(check.ok for check in checks)
    if as_json:
        print_json({"ok": is_well, "checks": [asdict(check) for check in checks]})
    else:
        for check in checks:
            typer.echo(f"{'ok   ' if check.ok else 'WRONG'}  {check.check:<8}  {check.detail}")
            if check.advice:
                typer.echo(f"                 {check.advice}")
    if not is_well:
        raise typer.Exit(Exit.FAILED)


def _installation() -> Iterator[Check]:
    from importlib.util import find_spec

    version = ".".join(map(str, sys.version_info[:3]))
    advice = "" if sys.version_info >= _OLDEST_PYTHON else "Install Python 3.11 or newer."
    yield Check("python", not advice, version, advice)
    yield _packages()
    found = [extra for extra, module in _EXTRAS.items() if find_spec(module)]
    missing = [extra for extra in _EXTRAS if extra not in found]
    advice = f"Only where needed: pip install 'flashclaim[{','.join(missing)}]'" if missing else ""
    yield Check("extras", True, ", ".join(found) or "none; the officers' commands need none", advice)


def _packages() -> Check:
    """Whether our top-level packages are ours: such names clash silently in a shared environment."""
    from importlib.metadata import packages_distributions
    from importlib.util import find_spec

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
        return Check("packages", False, f"another project here installs {names} too", advice)
    return Check("packages", True, f"{', '.join(_PACKAGES)} are flashclaim's, in {home}")


def _online(server: str, name: str) -> Iterator[Check]:
    from cli.client import Api
    from cli.profiles import Profile

    try:
        profile = Profile.load(name)
        token = profile.token()
    except Problem as missing:
        yield Check("sign-in", False, missing.detail, missing.next)
        if not server:
            return
        with Api(server) as api:
            yield from _server(api)
        return
    yield _private(profile)
    with Api(server or profile.server, token) as api:
        answers = list(_server(api))
        yield from answers
        if answers[0].ok:
            yield _asked("sign-in", lambda: _session(api))
            if profile.officer:
                yield _asked("key", lambda: _key(api, profile))


def _server(api: "Api") -> Iterator[Check]:
    from email.utils import parsedate_to_datetime

    try:
        health, date = api.health()
    except Refused as refused:
        yield Check(
            "server", False, refused.body["detail"], "Check the network and the address, or start the server."
        )
        return
    yield Check("server", True, f"{api.server} answers, counter {health['counter']}")
    if date:
        skew_s = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
        is_near = abs(skew_s) <= _MOST_SKEW_S
        advice = "" if is_near else "Let this machine set its clock from the network (NTP)."
        yield Check(
            "clock",
            is_near,
            f"{abs(skew_s):.0f} s {'behind' if skew_s < 0 else 'ahead of'} the server",
            advice,
        )


def _private(profile: "Profile") -> Check:
    """Whether token and key are for their owner's eyes alone."""
    from cli.vault import FileVault, cli_folder

    if profile.vault != FileVault.kind:
        return Check("secrets", True, "kept in the system's keyring")
    vault = FileVault(cli_folder())
    files = [vault.path(name) for name in (profile.token_name, profile.key_name)]
    bare = [file for file in files if file.exists() and file.stat().st_mode & _ONLY_OWNER]
    if bare and sys.platform != "win32":
        names = " ".join(map(str, bare))
        return Check("secrets", False, f"others can read {names}", f"chmod 600 {names}")
    return Check("secrets", True, f"in files that only you can read, in {cli_folder()}")


def _asked(name: str, ask: Callable[[], Check]) -> Check:
    try:
        return replace(ask(), check=name)
    except Refused as refused:
        return Check(name, False, refused.body["detail"], refused.body["next"])
    except Problem as problem:
        return Check(name, False, problem.detail, problem.next)


def _session(api: "Api") -> Check:
    me = api.get("me")
    if me["kind"] == "farmer":
        return Check("", True, f"farmer of policy {me['policy_number']}")
    officer = me["officer"]
    return Check("", True, f"{officer['name']} ({officer['id']}), {officer['lane'] or 'no'} lane")


def _key(api: "Api", profile: "Profile") -> Check:
    from cli.signing import key_id, load_key, usable_keys

    key = load_key(profile)
    if key is None:
        return Check("", False, "this machine has no key to sign with", "flashclaim keys new")
    known = usable_keys(api)
    if not known.get(key_id(key), False):
        return Check("", False, f"the server does not take key {key_id(key)}", "flashclaim keys new")
    return Check("", True, f"{key_id(key)} is registered")
