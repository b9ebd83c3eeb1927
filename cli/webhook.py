"""``flashclaim webhook``: where state changes are posted, whether they arrive, and how to send them again."""

from typing import Annotated, Any  # JSON from the server

import typer

from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, Limit, ProfileName
from cli.render import print_json, say

app = typer.Typer(
    name="webhook",
    help="State changes for the insurer's own systems: signed, in order, never lost.",
    no_args_is_help=True,
)

WhichWebhook = Annotated[
    str, typer.Argument(metavar="WEBHOOK", help="Its id, or enough of its beginning: webhook list.")
]
After = Annotated[
    str | None,
    typer.Option("--from", metavar="CURSOR", help="Send what follows this cursor; beginning: everything."),
]


@app.callback()
def webhook() -> None:
    """State changes for the insurer's own systems: signed, in order, never lost."""


@app.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="An https address that takes POST.")],
    types: Annotated[
        str, typer.Option("--types", metavar="EVENT,…", help="Such as payout-confirmed; all where left out.")
    ] = "",
    after: After = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Post every state change to an address from now on. An administrator's of the insurer.

    The secret that signs and the token that reads the feed are shown once.

    Example: flashclaim webhook add https://core.example.cn/flashclaim --types claim-reported,payout-confirmed
    """
    body: dict[str, Any] = {"url": url, "types": [one.strip() for one in types.split(",") if one.strip()]}
    body |= {"after": after} if after else {}
    with at_desk(profile, as_json=as_json) as desk:
        made = desk.api.post("webhooks", body=body)
    if as_json:
        print_json(made)
        return
    typer.echo(f"webhook     {made['id']}")
    typer.echo(f"secret      {made['secret']}")
    typer.echo(f"feed token  {made['feed_token']}")
    typer.echo(f"cursor      {made['cursor'] or 'beginning'}")
    say("Secret and token are shown this once: keep both in the receiving system.")
    say(f"Next: flashclaim webhook test {made['id'][:8]}")


@app.command("list")
def listed(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """List webhooks of your office: how each fares, how much is on the way.

    Example: flashclaim webhook list --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("webhooks")
    if as_json:
        print_json(found)
        return
    for one in found["webhooks"]:
        behind = one["waiting"] + one["behind"]
        typer.echo(f"{one['id']}  {one['standing']:8}  {behind:>6} to send  {one['url']}")
    if not found["webhooks"]:
        say("There are none: flashclaim webhook add URL")


@app.command()
def show(webhook: WhichWebhook, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Show one webhook: what it is sent, since when it fails, why it was disabled.

    Example: flashclaim webhook show 3f0a8c1e
    """
    with at_desk(profile, as_json=as_json) as desk:
        one = desk.api.get("webhooks", _whole(desk.api, webhook))
    if as_json:
        print_json(one)
        return
    typer.echo(f"{one['id']}  {one['standing']}  {one['url']}")
    typer.echo(f"events: {', '.join(one['types']) or 'all'}; claims of county {one['county']}")
    if one["failing_since"]:
        typer.echo(f"failing since {one['failing_since'][:16]} UTC")
    if one["disabled_at"]:
        typer.echo(f"disabled {one['disabled_at'][:16]} UTC: {one['disabled_because']}")
        say(f"Next: mend it, then flashclaim webhook enable {one['id'][:8]}")


@app.command("test")
def trial(webhook: WhichWebhook, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Send one signed trial event now, and say how it was answered; exit code 1 where it did not arrive.

    Example: flashclaim webhook test 3f0a8c1e
    """
    with at_desk(profile, as_json=as_json) as desk:
        told = desk.api.post("webhooks", _whole(desk.api, webhook), "test", body={})
    if as_json:
        print_json(told)
    elif told["arrived"]:
        say(f"It arrived: answered {told['status']} after {told['took_ms']} ms.")
    else:
        say(f"It did not arrive: {told['failure']}.")
    if not told["arrived"]:
        raise typer.Exit(Exit.FAILED)


@app.command()
def rotate(webhook: WhichWebhook, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Sign with another secret, shown once; the former one signs too for a day.

    Example: flashclaim webhook rotate 3f0a8c1e
    """
    with at_desk(profile, as_json=as_json) as desk:
        told = desk.api.post("webhooks", _whole(desk.api, webhook), "rotation", body={})
    if as_json:
        print_json(told)
        return
    typer.echo(told["secret"])
    say(f"The former secret signs too until {told['former_signs_until'][:16]} UTC.")


@app.command()
def replay(
    webhook: WhichWebhook,
    after: Annotated[
        str, typer.Option("--from", metavar="CURSOR", help="Send what follows it again; beginning: all.")
    ],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Send everything that follows a cursor again, under the same ids.

    The receiver drops what it knows by its id. A webhook that was disabled is
    enabled.

    Example: flashclaim webhook replay 3f0a8c1e --from 1234-9f3a5c71e0b2
    """
    with at_desk(profile, as_json=as_json) as desk:
        told = desk.api.post("webhooks", _whole(desk.api, webhook), "replay", body={"after": after})
    if as_json:
        print_json(told)
    else:
        say(f"Sent again from behind {after}: flashclaim webhook list shows how much is left.")


@app.command()
def enable(webhook: WhichWebhook, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Go on where a webhook was disabled; nothing that happened meanwhile is left out.

    Example: flashclaim webhook enable 3f0a8c1e
    """
    with at_desk(profile, as_json=as_json) as desk:
        told = desk.api.post("webhooks", _whole(desk.api, webhook), "enabling", body={})
    if as_json:
        print_json(told)
    else:
        say("Enabled: what happened meanwhile is on its way.")


@app.command()
def remove(webhook: WhichWebhook, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Send nothing more; its feed token reads nothing any more.

    Example: flashclaim webhook remove 3f0a8c1e
    """
    with at_desk(profile, as_json=as_json) as desk:
        told = desk.api.delete("webhooks", _whole(desk.api, webhook))
    if as_json:
        print_json(told)
    else:
        say("Removed.")


@app.command()
def deliveries(
    webhook: WhichWebhook,
    limit: Limit = 50,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List what was sent lately, and how it ended; kept for 30 days.

    Example: flashclaim webhook deliveries 3f0a8c1e --limit 20
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("webhooks", _whole(desk.api, webhook), "deliveries", limit=limit)
    if as_json:
        print_json(found)
        return
    for one in found["deliveries"]:
        why = one["failure"] or (f"{one['status']} in {one['took_ms']} ms" if one["status"] else "")
        typer.echo(
            f"{one['cursor']:>24}  {one['claim_number']}  {one['event']:20}  {one['standing']:9}  "
            f"{one['attempts']} tries  {why}"
        )
    if not found["deliveries"]:
        say("Nothing was sent yet.")


def _whole(api: Any, named: str) -> str:
    """The id that begins so, where one alone does; else what was typed, for the server to refuse."""
    found = [one["id"] for one in api.get("webhooks")["webhooks"] if one["id"].startswith(named)]
    return found[0] if len(found) == 1 else named
