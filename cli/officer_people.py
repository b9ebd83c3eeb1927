"""``flashclaim officer invite`` and what else administrators do about the people of their office."""

import hashlib
import secrets
from typing import Annotated, Any  # JSON from the server

import typer

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, From, OfficerName, ProfileName, Why
from cli.render import print_json, say


def listed(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """List everyone of your office: who is an administrator, who is suspended.

    Example: flashclaim officer list --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("officers")
    if as_json:
        print_json(found)
        return
    for one in found["officers"]:
        marks = "  administrator" if one["is_administrator"] else ""
        marks += "  village agent" if one["is_agent"] else ""
        marks += f"  suspended from {one['suspended_at'][:16]}" if one["suspended_at"] else ""
        typer.echo(f"{one['id']}  {one['name']}{marks}")


def invite(
    officer: Annotated[str, typer.Option("--id", metavar="OFFICER", help="A new id, or a colleague's.")],
    name: Annotated[str, typer.Option("--name", help="Of a new officer.")] = "",
    agent: Annotated[
        bool,
        typer.Option("--agent", help="A village agent, who reports for farmers and decides nothing."),
    ] = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Invite a new officer of your office, or one who lost their key; prints a one-time login token.

    The token is made on this machine, shown once, and ends. Another
    administrator approves the key of whoever you invited. A village agent
    spends the token on a phone, and needs no key there.

    Example: flashclaim officer invite --id picc-changsha-3 --name 李婷
    """
    token = secrets.token_urlsafe(32)
    body: dict[str, object] = {
        "officer": officer,
        "name": name,
        "token_hash": hashlib.sha256(token.encode()).hexdigest(),
    }
    if agent:  # unsaid where not given: an older server knows no such word
        body["is_agent"] = True
    with at_desk(profile, as_json=as_json) as desk:
        made = desk.api.post("officers", "invitations", body=body)
    if as_json:
        print_json(made | {"login_token": token})
        return
    typer.echo(token)
    say(f"Hand it to {officer} alone: it is shown once, and good until {made['expires_at'][:16]} UTC.")
    if agent:
        # Behind the #, so that no server on the way writes it down.
        say(f"Next: they open {desk.profile.server}/f#agent={token} on their phone.")
    else:
        say(f"Next: they run flashclaim login --server {desk.profile.server}")


def invitations(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """List invitations of your office. An administrator's to see.

    Example: flashclaim officer invitations --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("officers", "invitations")
    if as_json:
        print_json(found)
        return
    for one in found["invitations"]:
        typer.echo(
            f"{one['id']}  {one['officer']}  {one['standing']}  by {one['invited_by'] or 'the server'}  "
            f"until {one['expires_at'][:16]}"
        )


def uninvite(
    invitation: Annotated[
        str, typer.Argument(metavar="INVITATION", help="Its id: flashclaim officer invitations.")
    ],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Withdraw an invitation that was not used. An administrator's to do.

    Example: flashclaim officer uninvite 3f0a8c1e-5b7d-4e2a-9c6f-1d2e3f4a5b6c
    """
    _change(("officers", "invitations", invitation, "withdrawal"), {}, profile, "Withdrawn.", as_json=as_json)


def suspend(
    officer: OfficerName,
    reason: Why = "",
    at: From = None,
    left: Annotated[bool, typer.Option("--left", help="For good: their keys end then too.")] = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Suspend a colleague: their sessions end, and they sign in no more. An administrator's to do.

    Example: flashclaim officer suspend picc-changsha-2 --left --reason "moved to another county"
    """
    body: dict[str, Any] = {"reason": reason, "has_left": left}
    body |= {"at": at.astimezone().isoformat()} if at else {}
    _change(("officers", officer, "suspension"), body, profile, "Suspended.", as_json=as_json)


def reinstate(
    officer: OfficerName, reason: Why = "", profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False
) -> None:
    """Let a suspended colleague act again; revoked keys stay revoked. An administrator's to do.

    Example: flashclaim officer reinstate picc-changsha-2 --reason "back from leave"
    """
    where = ("officers", officer, "reinstatement")
    _change(where, {"reason": reason}, profile, "Reinstated.", as_json=as_json)


def administrator(
    officer: OfficerName,
    reason: Why = "",
    end: Annotated[bool, typer.Option("--end", help="No longer one.")] = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Propose a colleague as administrator; another administrator agrees.

    Example: flashclaim officer administrator picc-changsha-3 --reason "runs the office from May on"
    """
    from cli.approval import tell_proposed

    body = {"reason": reason, "is_administrator": not end}
    with at_desk(profile, as_json=as_json) as desk:
        answer = desk.api.post("officers", officer, "administrator", body=body)
    tell_proposed(answer, as_json=as_json)


def regulator(
    organisation: Annotated[str, typer.Argument(metavar="OFFICE", help="A new id for the regulator.")],
    name: Annotated[str, typer.Option("--name", help="Of the regulator.")],
    region: Annotated[
        str,
        typer.Option("--region", metavar="CODE", help="A county 430121, a city 430100, a province 430000."),
    ],
    officer: Annotated[str, typer.Option("--officer", metavar="ID", help="A new id for its first officer.")],
    officer_name: Annotated[
        str, typer.Option("--officer-name", metavar="NAME", help="Of its first officer.")
    ],
    reason: Why = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Propose that a regulator reads aggregates of its region; another administrator agrees.

    Prints a one-time login token for its first officer, made on this machine and
    shown once; it is good from when your colleague agrees. The insurer's to do.

    Example: flashclaim officer regulator nfra-hunan --name 湖南监管局 --region 430000
    --officer nfra-hunan-1 --officer-name 方宁 --reason "supervision"
    """
    from cli.approval import tell_proposed

    token = secrets.token_urlsafe(32)
    body = {
        "organisation": organisation,
        "name": name,
        "region": region,
        "officer": officer,
        "officer_name": officer_name,
        "token_hash": hashlib.sha256(token.encode()).hexdigest(),
        "reason": reason,
    }
    with at_desk(profile, as_json=as_json) as desk:
        answer = desk.api.post("regulators", body=body)
    if as_json:
        print_json(answer | {"login_token": token})
        return
    tell_proposed(answer, as_json=False)
    typer.echo(token)
    say(f"The token is for {officer} alone: hand it over once your colleague has agreed.")


def _change(where: tuple[str, ...], body: dict[str, Any], profile: str, words: str, *, as_json: bool) -> None:
    with at_desk(profile, as_json=as_json) as desk:
        done = desk.api.post(*where, body=body)
    if as_json:
        print_json(done)
    else:
        typer.echo(done["officer"])
        say(words)
