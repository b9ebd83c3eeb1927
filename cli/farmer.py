"""``flashclaim farmer``: a farmer's own sessions and payee."""

from typing import Annotated

import typer

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.render import print_json, say

app = typer.Typer(name="farmer", help="Farmers: their sessions, and who is paid.", no_args_is_help=True)


@app.callback()
def farmer() -> None:
    """Farmers: their sessions, and who is paid."""


@app.command()
def sessions(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Show where one is signed in.

    Example: flashclaim farmer sessions --profile farmer
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("farmer", "sessions")
    if as_json:
        print_json(found)
        return
    for one in found["sessions"]:
        here = "  this one" if one["here"] else ""
        device = one["device"] or "-"
        typer.echo(f"{one['session']}  {device}  by {one['way']}  last used {one['last_used']}{here}")


@app.command()
def end(
    session: Annotated[
        str, typer.Argument(metavar="SESSION", help="As flashclaim farmer sessions shows it.")
    ],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """End a session, such as that of a lost phone.

    Example: flashclaim farmer end 0d3f6f0e-6f0a-4d6e-9a53-2f1f3f3a8c11
    """
    with at_desk(profile, as_json=as_json) as desk:
        left = desk.api.delete("farmer", "sessions", session)
    if as_json:
        print_json(left)
    else:
        say(f"Ended. {len(left['sessions'])} left.")


@app.command()
def payee(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="One's own policy.")],
    name: Annotated[str, typer.Option(help="Who is to be paid.", metavar="NAME")] = "",
    account: Annotated[str, typer.Option(help="On which account.", metavar="ACCOUNT")] = "",
    confirm: Annotated[str, typer.Option(help="The request that the code is for.", metavar="REQUEST")] = "",
    code: Annotated[str, typer.Option(help="The code that came to the contact phone.", metavar="CODE")] = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Ask that a policy pays someone else: first --name and --account, then --confirm and --code.

    Without them, show what was asked for. Two officers of the insurer decide;
    then nothing is paid for seven days.

    Example: flashclaim farmer payee P43012120260001 --name 李建国 --account 6228480000000000001
    """
    with at_desk(profile, as_json=as_json) as desk:
        if confirm:
            path = ("policies", policy, "payee-requests", confirm, "confirmation")
            found = desk.api.post(*path, body={"code": code})
        elif name or account:
            body = {"name": name, "account": account}
            found = desk.api.post("policies", policy, "payee-requests", body=body)
        else:
            found = desk.api.get("policies", policy, "payee-requests")
    if as_json:
        print_json(found)
    elif confirm:
        say("Confirmed. Two officers of the insurer decide now; you are told.")
    elif name or account:
        request = found["request"]
        typer.echo(request)
        say(
            f"A code went to the contact phone. Next: flashclaim farmer payee {policy} --confirm {request} --code CODE"
        )
    else:
        for one in found["requests"]:
            stands = "confirmed" if one["confirmed_at"] else "waits for its code"
            typer.echo(f"{one['request']}  {one['payee']} …{one['account_last4']}  {stands}")
