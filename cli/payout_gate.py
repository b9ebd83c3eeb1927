"""``flashclaim payout stop``, ``resume`` and ``status``: what stands above all payouts 支付."""

import typer

from cli.desk import at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, FailEmpty, Limit, ProfileName, Why
from cli.render import print_json, say


def stop(reason: Why = "", profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Stop all payouts: nothing new is sent to the bank until someone resumes. The insurer's to do.

    What was sent before is still asked about. Who, when and why stays on record.

    Example: flashclaim payout stop --reason "the bank reports wrong debits"
    """
    _turn("stop", reason, profile, as_json=as_json)


def resume(reason: Why = "", profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Propose that payouts leave again; once a colleague agrees, those that waited are tried at once.

    Example: flashclaim payout resume --reason "the bank has mended it"
    """
    _turn("resume", reason, profile, as_json=as_json)


def status(
    limit: Limit = 10,
    fail_empty: FailEmpty = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show whether payments are stopped, what is left of the day's limit, and which payouts wait.

    Example: flashclaim payout status --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        shown = desk.api.get("payouts", "status", limit=limit)
    if as_json:
        print_json(shown)
    else:
        from cli.screens.money import status_screen
        from cli.screens.writing import console

        console().print(status_screen(shown, desk.language))
    if fail_empty and not shown["waiting"]["count"]:
        raise typer.Exit(Exit.EMPTY)


def _turn(what: str, reason: str, profile: str, *, as_json: bool) -> None:
    with at_desk(profile, as_json=as_json) as desk:
        turned = desk.api.post("payouts", what, body={"reason": reason})
    if turned.get("proposal"):
        from cli.approval import tell_proposed

        tell_proposed(turned, as_json=as_json)
        return
    if as_json:
        print_json(turned)
        return
    stopped = turned["stopped"]
    typer.echo("stopped" if stopped else "payouts leave")
    if not turned["changed"]:
        say("Nothing changed: it stood so already." + (f" Stopped by {stopped['by']}." if stopped else ""))
    waiting = turned["waiting"]
    if waiting["count"]:
        say(f"Waiting: {waiting['count']}, {waiting['amount']} CNY.")
