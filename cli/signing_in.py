"""``flashclaim login``, ``logout`` and ``whoami``."""

import os
import sys
from typing import TYPE_CHECKING, Annotated, Any  # JSON from the server

import typer

from backend.domain.officer_keys.words import KeyStanding
from backend.domain.problems import FieldError, InvalidInput
from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, PlainKey, ProfileName
from cli.refusals import told
from cli.render import print_json, refuse, say

if TYPE_CHECKING:
    from cli.desk import Desk
    from cli.profiles import Profile

_DEFAULT_SERVER = "http://127.0.0.1:8000"
_TOKEN_VARIABLE = "FLASHCLAIM_LOGIN_TOKEN"  # noqa: S105 - the variable's name, not a token


def login(
    token: Annotated[
        str, typer.Option(help=f"One-time login token; else {_TOKEN_VARIABLE}, else asked for.", metavar="T")
    ] = "",
    card: Annotated[
        str, typer.Option(help="A policy card instead: report and follow its claims.", metavar="SECRET")
    ] = "",
    phone: Annotated[
        str, typer.Option(help="A farm's contact phone instead; a code is sent to it.", metavar="NUMBER")
    ] = "",
    code: Annotated[
        str,
        typer.Option(help="The code; without it one is sent, and asked for at a terminal.", metavar="CODE"),
    ] = "",
    server: Annotated[
        str,
        typer.Option(
            envvar="FLASHCLAIM_SERVER", help="The server's address; else the profile's.", metavar="URL"
        ),
    ] = "",
    no_passphrase: PlainKey = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Sign in: the first time with a one-time token, from then on with your key.

    The first time a signing key is made; an administrator of your office
    approves it. A farmer signs in with --card or --phone. Session and key stay
    on this machine, in its keyring, or in files that only you can read, the key
    encrypted by your passphrase.

    Example: flashclaim login --server http://127.0.0.1:8000 --profile vet
    """
    with told(as_json=as_json):
        from cli.officer_sign_in import by_key, by_token, known_profile
        from cli.profiles import check_name

        known = known_profile(check_name(profile))
        server = server or (known.server if known else _DEFAULT_SERVER)
        token = token or os.environ.get(_TOKEN_VARIABLE, "").strip()
        signed_in: Profile | None
        key = None
        if card or phone:
            from cli.signing_in_farmers import by_card, by_phone

            signed_in = by_card(server, card, profile) if card else by_phone(server, phone, code, profile)
        elif known and not token:
            signed_in, key = by_key(server, known)
        else:
            token = token or _login_token(as_json=as_json)
            signed_in, key = by_token(server, token, profile, is_plain=no_passphrase)
    if signed_in is None:
        again = f"flashclaim login --phone {phone} --code CODE"
        say(
            f"If this is a farm's contact phone, a code is on its way to it. Next, within five minutes: {again}"
        )
        if as_json:
            print_json({"sent": True, "phone": phone})
        return
    if key:
        _cosign(signed_in)
    if as_json:
        found = {"key_id": key["key_id"] if key else None, "key": key}
        print_json(_described(signed_in) | found)
        return
    who = signed_in.officer_name or f"the farmer of {', '.join(signed_in.policies)}"
    say(f"Signed in at {signed_in.server} as {who} (profile {profile}).")
    if key:
        tell_key(key, f"kept in the {signed_in.vault} of this machine")


def tell_key(key: dict[str, Any], where: str) -> None:
    """Say what an officer's key is worth, and what is to be done about it."""
    if key["standing"] == KeyStanding.APPROVED:
        say(f"Decisions are signed with key {key['fingerprint']}, {where}.")
        return
    say(f"Your key, {where}, waits for an administrator of your office; it signs nothing yet.")
    say(f"Read its fingerprint to them by phone: {key['fingerprint']}")
    say(f"Next: they run flashclaim keys approve {key['key_id']}")


def logout(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Sign out: the session ends at the server, and its token is forgotten here. Keys stay.

    Example: flashclaim logout --profile vet
    """
    with at_desk(profile, as_json=as_json) as desk:
        who = desk.profile
        if who.session:
            desk.api.delete("farmer", "sessions", who.session)
            who.forget()
            ended = who.session
        else:
            ended = desk.api.delete("sessions", "current")["ended"]
            who.secrets.forget(who.token_name)
    if as_json:
        print_json({"profile": profile, "ended": ended})
    else:
        say(f"Signed out (profile {profile}).")


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
        typer.echo(
            f"farmer of {', '.join(me['policies'])}, signed in by {me['way']}, at {desk.profile.server}"
        )
    else:
        officer = me["officer"]
        lane = f"{officer['lane']} lane" if officer["lane"] else "collector, no lane"
        lane = "regulator" if officer.get("is_regulator") else lane
        lane = "village agent" if officer.get("is_agent") else lane
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


def _login_token(*, as_json: bool) -> str:
    """Typed unseen at a terminal."""
    token = ""
    if sys.stdin.isatty():
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
        "policies": list(profile.policies),
        "expires_at": profile.expires_at,
    }
