"""``flashclaim audit prove``, ``export`` and ``verify``: one claim that proves itself, with a server or without."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any  # JSON from the server, or of a file

import typer

from cli.desk import Desk, at_desk
from cli.exits import Exit
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName
from cli.refusals import told
from cli.render import print_json, say, unusable

if TYPE_CHECKING:
    from backend.domain.proof.checks import Check


def prove(claim: ClaimName, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Show that all of a claim's records stand in the log, under its last checkpoint.

    Each record's way to the root is worked out here. Exit code 1 where one does
    not lead there.

    Example: flashclaim audit prove FC-20261123-0042
    """
    with at_desk(profile, as_json=as_json) as desk:
        document = _fetched(desk, claim)
        checks = _checks(document, _nothing_kept, _known_here(desk))
    made = document["checkpoint"]
    if as_json:
        print_json(
            {
                "claim": document["claim"],
                "checkpoint": made,
                "events": [
                    {name: one[name] for name in ("place", "leaf_hash", "inclusion")}
                    for one in document["events"]
                ],
                "checks": [_described(one) for one in checks],
            }
        )
    else:
        for seq, one in enumerate(document["events"], start=1):
            steps = len(one["inclusion"])
            typer.echo(
                f"{seq:>4}  place {one['place']:>9,}  {one['leaf_hash'][:16]}…  {steps} hashes to the root"
            )
        typer.echo(f"root {made['root']} over {made['size']:,} records, signed {made['at']}")
    _end(checks, document["claim"]["number"])


def export(
    claim: ClaimName,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="Where to; not there yet.")],
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Write a claim's proof to a file that anybody can check without a server.

    Records, signatures and public keys, the way of each record to the root, the
    checkpoint with its co-signatures, and what was decided on. It holds what
    the claim's records hold, personal data too: hand it on accordingly.

    Example: flashclaim audit export FC-20261123-0042 -o FC-20261123-0042.proof.json
    """
    if out.exists():
        unusable(f"{out} is there already", as_json=as_json)
    with at_desk(profile, as_json=as_json) as desk:
        document = _fetched(desk, claim)
    out.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    if as_json:
        print_json({"file": str(out), "claim": document["claim"], "events": len(document["events"])})
    else:
        typer.echo(str(out))
    say(f"{len(document['events'])} records, {len(document['signatures'])} signatures.")
    say(f"Next, on any machine: flashclaim audit verify {out}")


def verify_file(file: Path, against: Path | None, accept_key: str, *, as_json: bool) -> None:
    """Check an exported claim; *against* a checkpoint that was kept apart, with its leaf hashes."""
    with told(as_json=as_json):
        document = _read(file)
        kept, known = _kept(document, against) if against else (_nothing_kept, frozenset[str]())
        checks = _checks(document, kept, known | {accept_key})
    if as_json:
        print_json(
            {
                "claim": document["claim"],
                "installation": document["installation"],
                "holds": all(one.holds for one in checks),
                "checks": [_described(one) for one in checks],
            }
        )
    else:
        for one in checks:
            typer.echo(f"{'ok  ' if one.holds else 'BAD '}  {one.name} ({one.looked_at})")
            for fault in one.faults:
                name = f"event {fault.seq}: " if fault.seq else ""
                typer.echo(f"        {name}{fault.what}")
        say(f"Signed by installation {document['installation']}: compare this with the operator, by phone.")
    _end(checks, document["claim"]["number"])


def _fetched(desk: Desk, claim: str) -> dict[str, Any]:
    """The claim's proof, under a checkpoint over everything that is recorded by now."""
    desk.api.post("audit", "checkpoints", body={})
    return dict(desk.api.get("claims", claim, "proof"))


def _read(file: Path) -> dict[str, Any]:
    from backend.domain.merkle.problems import ProofUnreadable

    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise ProofUnreadable(f"{file}: {wrong}") from wrong
    if not isinstance(document, dict):
        raise ProofUnreadable(f"{file} holds no exported claim")
    return document


def _known_here(desk: Desk) -> frozenset[str]:
    """Keys of the installation that this machine has found, or been told, to be right."""
    from cli.kept_log import KeptLog

    kept = KeptLog(desk.profile.server, desk.profile.organisation or "").load()
    return kept.key_ids if kept else frozenset()


def _checks(
    document: Mapping[str, Any], kept: Callable[[int], bytes | None], known: frozenset[str]
) -> "list[Check]":
    from backend.domain.merkle.problems import ProofUnreadable
    from backend.domain.proof.checks import checked
    from backend.ed25519 import fits

    try:
        return checked(document, fits, kept=kept, known=known)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as wrong:
        raise ProofUnreadable(f"it is no exported claim, or damaged: {wrong!r}") from wrong


def _nothing_kept(_place: int) -> None:
    return None


def _kept(document: Mapping[str, Any], against: Path) -> tuple[Callable[[int], bytes | None], frozenset[str]]:
    """The leaf that was kept for a place, where it is of the same installation; and the keys that were known."""
    from backend.domain.merkle.problems import InstallationUnknown
    from cli.kept_log import LEAF, leaves_of, read_kept

    kept = read_kept(against)
    if kept.checkpoint.installation != document.get("installation"):
        raise InstallationUnknown(f"{against} is of installation {kept.checkpoint.installation}")
    leaves = leaves_of(against).read_bytes() if leaves_of(against).exists() else b""

    def leaf(place: int) -> bytes | None:
        found = leaves[place * LEAF : (place + 1) * LEAF]
        return found if len(found) == LEAF and place < kept.checkpoint.size else None

    return leaf, kept.key_ids


def _described(one: "Check") -> dict[str, object]:
    return {
        "check": one.name,
        "looked_at": one.looked_at,
        "holds": one.holds,
        "faults": [{"seq": fault.seq, "what": fault.what} for fault in one.faults],
    }


def _end(checks: "list[Check]", number: str) -> None:
    first = next((one for one in checks if not one.holds), None)
    if first is None:
        say("Everything that was checked holds.")
        return
    fault = first.faults[0]
    name = f"{number}, event {fault.seq}" if fault.seq else number
    say(f"The first that is bad: {name}: {fault.what} ({first.name}).")
    raise typer.Exit(Exit.FAILED)
