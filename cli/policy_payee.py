"""``flashclaim policy payee``: whom a policy pays 收款人."""

from typing import Annotated

import typer

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName, Why

app = typer.Typer(name="payee", help="Whom a policy pays.", no_args_is_help=True)


@app.callback()
def payee() -> None:
    """Whom a policy pays."""


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
