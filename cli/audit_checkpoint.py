"""``flashclaim audit checkpoint`` and ``cosign``: what the installation signed, and who stands by it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.problems import NotAllowed
from cli.desk import Desk, at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.render import print_json, say

if TYPE_CHECKING:
    from cli.kept_log import Kept, KeptLog

_AT_LOGIN = 200_000
"""Records that a login catches up with: 6 MB of hashes; more are for ``audit cosign``."""


def checkpoint(
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE", help="Keep it, and all leaf hashes beside it.")
    ] = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show the last checkpoint of the audit log, its signatures and its age.

    With --save it is first compared with what this machine kept, then written
    to FILE, and every record's hash to FILE.leaves: with both, audit verify
    --against FILE names a record that was changed, removed or put in later.

    Example: flashclaim audit checkpoint --save checkpoint.json
    """
    with at_desk(profile, as_json=as_json) as desk:
        said = desk.api.get("audit", "checkpoint")
        if save:
            log = _own_log(desk)
            log.advance(desk.api)
            log.copy_to(save)
    if as_json:
        print_json(said)
    else:
        from cli.screens.audit import checkpoint_lines

        for line in checkpoint_lines(said):
            typer.echo(line)
    if save:
        say(f"Kept in {save}, with the hash of every record in {save}.leaves.")


def cosign(
    accept_key: Annotated[
        str,
        typer.Option(metavar="KEY", help="A new key of the installation that was confirmed to you by phone."),
    ] = "",
    now: Annotated[
        bool, typer.Option("--now", help="Ask for a checkpoint over everything recorded by now first.")
    ] = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Stand by the last checkpoint 会签, if it follows the one kept on this machine.

    Fetches what came since, works the root out anew, keeps it here, and signs
    with your key. Exit code 5 and nothing signed where the server's history is
    not the one that was kept. Happens at flashclaim login by itself.

    Example: flashclaim audit cosign
    """
    with at_desk(profile, as_json=as_json) as desk:
        if now:
            desk.api.post("audit", "checkpoints", body={})
        log = _own_log(desk)
        before = log.load()
        kept = _cosigned(desk, log, log.advance(desk.api, accept_key=accept_key))
    if as_json:
        print_json(kept.as_json() | {"folder": str(log.folder)})
        return
    came = kept.checkpoint.size - (before.checkpoint.size if before else 0)
    typer.echo(f"{kept.checkpoint.size} {kept.checkpoint.root}")
    say(
        f"Follows what was kept here; {came:,} records came since. Co-signed for {desk.profile.organisation}."
    )
    if before is None:
        say(f"The first checkpoint kept here. The installation's key is {kept.checkpoint.installation}:")
        say("compare it with the operator, by phone.")


def cosign_at_login(desk: Desk) -> None:
    """Co-sign quietly; what does not follow is said loudly, and no sign-in ever fails for it."""
    from backend.domain.merkle.problems import HistoryRewritten, InstallationUnknown
    from backend.domain.problems import Problem
    from cli.refusals import Refused
    from cli.render import explain

    try:
        log = _own_log(desk)
        kept = log.advance(desk.api, most_leaves=_AT_LOGIN)
        if kept.checkpoint.size and kept.cosigned is None:
            _cosigned(desk, log, kept)
    except (HistoryRewritten, InstallationUnknown) as rewritten:
        explain(rewritten.as_json())
    except (Refused, Problem, OSError):
        # No checkpoint yet, a key that waits for its approval, a full disk: the next login tries again.
        return


def _cosigned(desk: Desk, log: "KeptLog", kept: "Kept") -> "Kept":
    from dataclasses import replace

    from cli.kept_log import cosignature_body

    signed = desk.signed(kept.checkpoint.cosigned_document)
    desk.api.post("audit", "cosignatures", body=cosignature_body(kept, signed))
    after = replace(kept, cosigned={"officer": desk.profile.officer, **signed})
    log.keep(after)
    return after


def _own_log(desk: Desk) -> "KeptLog":
    from cli.kept_log import KeptLog

    if desk.profile.organisation is None:
        raise NotAllowed("checkpoints are kept and co-signed by officers, for their organisation")
    return KeptLog(desk.profile.server, desk.profile.organisation)
