"""``flashclaim policy payee``: whom a policy pays 收款人, masked; in clear for a reason; and that it pays another."""

from enum import StrEnum
from typing import Annotated

import typer

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName, Why
from cli.render import print_json, say

app = typer.Typer(name="payee", help="Whom a policy pays, and how they are reached.", no_args_is_help=True)


class Field(StrEnum):
    """What can be looked at in clear."""

    PAYEE = "payee"
    PHONE = "phone"
    ID_NUMBER = "id-number"


@app.callback()
def payee() -> None:
    """Whom a policy pays, and how they are reached."""


@app.command()
def show(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="The policy's number.")],
    clear: Annotated[
        bool, typer.Option("--clear", help="In clear: who looked, and why, is kept for ever.")
    ] = False,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why you have to see it in clear.")] = "",
    field: Annotated[Field, typer.Option(help="What to see in clear.")] = Field.PAYEE,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show whom a policy pays: masked, or in clear for a reason.

    Administrators read who looked: flashclaim audit looks.

    Example: flashclaim policy payee show P-2026-0001 --clear --reason "the bank sent it back"
    """
    if clear and not reason:
        raise typer.BadParameter("say why you have to see it in clear", param_hint="--reason")
    with at_desk(profile, as_json=as_json) as desk:
        if clear:
            asked = {"reason": reason, "field": field.value}
            shown = desk.api.post_once("policies", policy, "payee", "look", body=asked)
        else:
            shown = desk.api.get("policies", policy, "payee")
    if as_json:
        print_json(shown)
    elif clear:
        value = shown["value"]
        typer.echo(f"{value['name']}\t{value['account']}" if isinstance(value, dict) else value or "-")
        say("Kept: who looked, when, and why.")
    else:
        who = shown["payee"]
        typer.echo(f"{who['name']} …{who['account_last4']}")
        say(f"Phone {shown['phone'] or 'not known'}, identity number {shown['id_number'] or 'not known'}.")


@app.command("change")
def change(
    policy: Annotated[str, typer.Argument(metavar="POLICY", help="A policy's number.")],
    name: Annotated[str, typer.Option("--name", help="Of the account's holder.")],
    account: Annotated[str, typer.Option("--account", help="Of the new account.")],
    reason: Why = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Propose that a policy pays someone else; a second officer agrees. The insurer's to do.

    After that its claims wait for some days before money leaves.

    Example: flashclaim policy payee change P43012120260001 --name 李秀英 --account 6228480031234567 --reason "new card"
    """
    from cli.approval import tell_proposed

    body = {"name": name, "account": account, "reason": reason}
    with at_desk(profile, as_json=as_json) as desk:
        answer = desk.api.post("policies", policy, "payee", body=body)
    tell_proposed(answer, as_json=as_json)
