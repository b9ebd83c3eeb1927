"""``flashclaim keys``: the keys that sign decisions; administrators approve those of their colleagues."""

from typing import Annotated, Any  # JSON from the server

import typer

from backend.domain.ids import KeyId, OfficerId
from backend.domain.officer_keys.words import KeyStanding, Revocation
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, From, Limit, Note, PlainKey, ProfileName, WhichOfficer, Why
from cli.render import print_json, say

app = typer.Typer(name="keys", help="Keys that sign decisions.", no_args_is_help=True)

KeyName = Annotated[
    str, typer.Argument(metavar="KEY", help="Its fingerprint, whole: as its owner reads it to you by phone.")
]


@app.callback()
def keys() -> None:
    """Keys that sign decisions."""


@app.command("new")
def make_key(
    no_passphrase: PlainKey = False, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False
) -> None:
    """Make a new key on this machine and register its public half; an administrator approves it.

    The private half stays here. A key that signs goes on until
    flashclaim keys use; what it signed stays valid.

    Example: flashclaim keys new
    """
    with at_desk(profile, as_json=as_json) as desk:
        from cli.signing import new_key

        made = new_key(desk.api, desk.profile, is_plain=no_passphrase)
    if as_json:
        print_json(made)
        return
    typer.echo(made["key_id"])
    from cli.signing_in import tell_key

    tell_key(made, f"kept in the {desk.profile.vault} of this machine")


@app.command("use")
def use_new_key(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Sign with the new key, once it is approved, and end the one of before.

    Example: flashclaim keys use
    """
    with at_desk(profile, as_json=as_json) as desk:
        from cli.desk import NoKey
        from cli.signing import id_of, keys_at_server, public_key
        from cli.signing import use_new_key as take

        new, old = public_key(desk.profile, desk.profile.next_key_name), public_key(desk.profile)
        if new is None:
            raise NoKey(f"profile {profile} has no new key on this machine")
        known = keys_at_server(desk.api)
        found = known.get(id_of(new))
        if not found or found["standing"] != KeyStanding.APPROVED:
            raise NoKey(f"the new key {id_of(new)} is {found['standing'] if found else 'not registered'}")
        before = known.get(id_of(old)) if old else None
        take(desk.profile)
        if before and before["standing"] in {KeyStanding.APPROVED, KeyStanding.PENDING}:
            ended = {"reason": Revocation.ROTATED}
            desk.api.post("keys", before["key_id"], "revocation", body=ended)
    if as_json:
        print_json(found)
    else:
        typer.echo(found["key_id"])
        say("Decisions are signed with it from now on; the one of before has ended.")


@app.command("list")
def list_keys(
    officer: WhichOfficer = None, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False
) -> None:
    """List your keys at the server, how each stands, and which one this machine signs with.

    Example: flashclaim keys list --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        from cli.signing import id_of, public_key

        own = public_key(desk.profile)
        here = id_of(own) if own else None
        answer = desk.api.get("keys", of=officer)
        found = [one | {"here": one["key_id"] == here} for one in answer["keys"]]
    if as_json:
        print_json({"officer": answer["officer"], "keys": found})
        return
    for one in found:
        _tell(one, "  signs here" if one["here"] else "")


@app.command("pending")
def pending_keys(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """List keys of your office that wait. An administrator's to see.

    Call the officer on a number that you know, and let them read the fingerprint.

    Example: flashclaim keys pending
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("keys", "pending")
    if as_json:
        print_json(found)
        return
    for one in found["keys"]:
        _tell(one, f"  of {one['officer']}")


@app.command("approve")
def approve_key(key: KeyName, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Say, signed with your own key, that a colleague's key is theirs. An administrator's to do.

    Type what they read to you by phone. Nobody approves their own key, nor that
    of someone whom they invited.

    Example: flashclaim keys approve 5f3a9c1e5b7d4e2a9c6f1d2e3f4a5b6c
    """
    from backend.domain.officer_keys.key import approval_document

    with at_desk(profile, as_json=as_json) as desk:
        key_id = _plain(key)
        waiting = {one["key_id"]: one for one in desk.api.get("keys", "pending")["keys"]}
        owner = waiting.get(key_id, {"officer": ""})["officer"]
        document = approval_document(key_id=KeyId(key_id), officer=OfficerId(owner))
        approved = desk.api.post("keys", key_id, "approval", body=desk.signed(document))
    _told(approved, f"Approved: it signs for {approved['officer']} from now on.", as_json=as_json)


@app.command("refuse")
def refuse_key(
    key: KeyName, reason: Why = "", profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False
) -> None:
    """Refuse a key that waits: it never signs. An administrator's to do.

    Example: flashclaim keys refuse 5f3a9c1e5b7d4e2a9c6f1d2e3f4a5b6c --reason "read another fingerprint"
    """
    with at_desk(profile, as_json=as_json) as desk:
        refused = desk.api.post("keys", _plain(key), "refusal", body={"reason": reason})
    _told(refused, f"Refused: it never signs for {refused['officer']}.", as_json=as_json)


@app.command("revoke")
def revoke_key(
    key: KeyName,
    reason: Annotated[Revocation, typer.Option("--reason", help="Why it ends.")],
    at: From = None,
    note: Note = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """End a key from a time on: yours, or a colleague's as an administrator.

    What it signed before that time stays valid. What it signed since is listed,
    for a person to look at; nothing is void by it.

    Example: flashclaim keys revoke 5f3a9c1e5b7d4e2a9c6f1d2e3f4a5b6c --reason stolen --at 2026-11-25T18:00
    """
    body: dict[str, Any] = {"reason": reason, "note": note}
    body |= {"at": at.astimezone().isoformat()} if at else {}
    with at_desk(profile, as_json=as_json) as desk:
        ended = desk.api.post("keys", _plain(key), "revocation", body=body)
    _told(ended, f"Revoked from {ended['revoked_at'][:16]} UTC on.", as_json=as_json)
    if not as_json:
        _tell_signed(ended)


@app.command("signed")
def signed_since(key: KeyName, profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """List what was signed with a revoked key since the time from which it is revoked.

    Example: flashclaim keys signed 5f3a9c1e5b7d4e2a9c6f1d2e3f4a5b6c
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("keys", _plain(key), "signed")
    if as_json:
        print_json(found)
    else:
        _tell_signed(found)


@app.command("history")
def key_history(
    officer: WhichOfficer = None,
    limit: Limit = 50,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """List who did what about keys, officers and webhooks, newest first.

    An administrator sees the whole office, others see themselves.

    Example: flashclaim keys history --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        found = desk.api.get("keys", "history", of=officer, limit=limit)
    if as_json:
        print_json(found)
        return
    for one in found["events"]:
        about = f" key {one['key_id']}" if one["key_id"] else ""
        place = "" if one["organisation"] else " at the server"
        why = f": {one['reason']}" if one["reason"] else ""
        typer.echo(f"{one['at'][:16]}  {one['deed']}  {one['officer']}{about}  by {one['by']}{place}{why}")


def _plain(key: str) -> str:
    """A fingerprint as people type it: by fours, or not, in any case."""
    return "".join(key.split()).lower()


def _tell(key: dict[str, Any], mark: str) -> None:
    ended = f" from {key['revoked_at'][:16]}, {key['revocation']}" if key["revoked_at"] else ""
    typer.echo(f"{key['fingerprint']}  {key['standing']}{ended}  since {key['registered_at'][:10]}{mark}")


def _tell_signed(key: dict[str, Any]) -> None:
    for one in key["signed_since"]:
        typer.echo(f"{one['claim_number']}  {one['what']}  {one['at'][:16]}  {one['state']}")
    if key["signed_since"]:
        say("Next: look at each of them, flashclaim claim show CLAIM; nothing is void by itself.")


def _told(key: dict[str, Any], words: str, *, as_json: bool) -> None:
    if as_json:
        print_json(key)
    else:
        typer.echo(key["key_id"])
        say(words)
