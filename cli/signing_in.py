"""``flashclaim login`` and ``whoami``."""

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any  # JSON from the server

import typer

from backend.domain.problems import FieldError, InvalidInput
from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.refusals import told
from cli.render import print_json, refuse, say

if TYPE_CHECKING:
    from cli.desk import Desk
    from cli.profiles import Profile

_TOKEN_VARIABLE = "FLASHCLAIM_LOGIN_TOKEN"  # noqa: S105 - the variable's name, not a token


def login(
    token: Annotated[
        str, typer.Option(help=f"One-time login token; else {_TOKEN_VARIABLE}, else asked for.", metavar="T")
    ] = "",
    report_token: Annotated[
        str, typer.Option(help="A policy's report token instead: report and follow its claims.", metavar="T")
    ] = "",
    server: Annotated[
        str, typer.Option(envvar="FLASHCLAIM_SERVER", help="The server's address.", metavar="URL")
    ] = "http://127.0.0.1:8000",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Sign in; the first time, make a signing key and register it.

    A login token is spent by its use. Session and key stay on this machine, in
    its keyring or in files that only you can read.

    Example: flashclaim login --server http://127.0.0.1:8000 --profile vet
    """
    with told(as_json=as_json):
        from cli.profiles import check_name

        check_name(profile)
        if report_token:
            signed_in, key = _as_farmer(server, report_token, profile), None
        else:
            signed_in, key = _as_officer(server, token or _login_token(as_json=as_json), profile)
    if key:
        _cosign(signed_in)
    if as_json:
        print_json(_described(signed_in) | {"key_id": key})
        return
    who = signed_in.officer_name or f"the farmer of policy {signed_in.policy_number}"
    say(f"Signed in at {signed_in.server} as {who} (profile {profile}).")
    if key:
        say(f"Decisions are signed with key {key}, kept in the {signed_in.vault} of this machine.")


def whoami(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Say who this machine acts as, and for which lane.

    Example: flashclaim whoami --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        me = desk.api.get("me")
        log = _log(desk)
    if as_json:
        print_json(me | {"profile": profile, "server": desk.profile.server, "audit": log})
    elif me["kind"] == "farmer":
        typer.echo(f"farmer of policy {me['policy_number']}, at {desk.profile.server}")
    else:
        officer = me["officer"]
        lane = f"{officer['lane']} lane" if officer["lane"] else "collector, no lane"
        typer.echo(
            f"{officer['name']} ({officer['id']}), {officer['organisation']}, {lane}, at {desk.profile.server}"
        )
    if log and not as_json:
        from cli.screens.audit import one_line

        typer.echo(f"audit log: {one_line(log)}")


def _log(desk: "Desk") -> dict[str, Any] | None:
    """The audit log's last checkpoint; None while there is none."""
    from cli.refusals import Refused

    try:
        return dict(desk.api.get("audit", "checkpoint"))
    except Refused:
        return None


def _cosign(profile: "Profile") -> None:
    from cli.audit_checkpoint import cosign_at_login
    from cli.client import Api
    from cli.desk import Desk, terminal_language

    with Api(profile.server, profile.token()) as api:
        cosign_at_login(Desk(api, profile, terminal_language()))


def _as_officer(server: str, token: str, name: str) -> "tuple[Profile, str]":
    from cli.client import Api
    from cli.profiles import Profile
    from cli.signing import ensure_key
    from cli.vault import choose_vault

    with Api(server) as api:
        session = api.post_once("sessions", body={"token": token})
    officer = session["officer"]
    signed_in = Profile(
        name=name,
        server=api.server,
        vault=choose_vault().kind,
        officer=officer["id"],
        officer_name=officer["name"],
        organisation=officer["organisation"],
        lane=officer["lane"],
        expires_at=session["expires_at"],
    )
    # Kept before anything else can fail: the login token is spent.
    signed_in = _kept(signed_in, session["session_token"])
    with Api(server, session["session_token"]) as api:
        return signed_in, ensure_key(api, signed_in)


def _as_farmer(server: str, token: str, name: str) -> "Profile":
    from cli.client import Api
    from cli.profiles import Profile
    from cli.vault import choose_vault

    with Api(server, token) as api:
        me = api.get("me")
    if me["kind"] != "farmer":
        error = FieldError("/report_token", "is an officer's session, not a policy's report token")
        raise InvalidInput("this token cannot be used", errors=[error])
    found = Profile(
        name=name, server=api.server, vault=choose_vault().kind, policy_number=me["policy_number"]
    )
    return _kept(found, token)


def _kept(profile: "Profile", token: str) -> "Profile":
    """Keep the sign-in; in files where the keyring turns out to be locked."""
    from cli.vault import FileVault, VaultLocked

    try:
        profile.secrets.write(profile.token_name, token)
    except VaultLocked as locked:
        say(f"The keyring cannot be used ({locked}); files that only you can read are used instead.")
        profile = replace(profile, vault=FileVault.kind)
        profile.secrets.write(profile.token_name, token)
    profile.save()
    return profile


def _login_token(*, as_json: bool) -> str:
    """From the environment, or typed unseen at a terminal."""
    token = os.environ.get(_TOKEN_VARIABLE, "")
    if not token and sys.stdin.isatty():
        token = str(typer.prompt("One-time login token", hide_input=True, err=True))
    if not token:
        error = FieldError(
            "/token", f"is missing: give --token or {_TOKEN_VARIABLE}; without a terminal nobody is asked"
        )
        problem = InvalidInput("there is no token to sign in with", errors=[error])
        refuse(problem, Exit.USAGE, as_json=as_json)
    return token.strip()


def _described(profile: "Profile") -> dict[str, Any]:
    officer = {
        "id": profile.officer,
        "name": profile.officer_name,
        "organisation": profile.organisation,
        "lane": profile.lane,
    }
    return {
        "profile": profile.name,
        "server": profile.server,
        "kind": "officer" if profile.officer else "farmer",
        "officer": officer if profile.officer else None,
        "policy_number": profile.policy_number,
        "expires_at": profile.expires_at,
    }
