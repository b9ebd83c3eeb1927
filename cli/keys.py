"""``flashclaim keys``: the keys that sign an officer's decisions."""

import typer

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.render import print_json, say

app = typer.Typer(name="keys", help="Keys that sign your decisions.", no_args_is_help=True)


@app.callback()
def keys() -> None:
    """Keys that sign your decisions."""


@app.command("new")
def make_key(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Make a new key on this machine and register its public half.

    The private half stays here. What earlier keys signed stays valid.

    Example: flashclaim keys new
    """
    with at_desk(profile, as_json=as_json) as desk:
        from cli.signing import new_key

        made = new_key(desk.api, desk.profile)
    if as_json:
        print_json({"key_id": made, "officer": desk.profile.officer})
    else:
        typer.echo(made)
        say(f"Registered for {desk.profile.officer}; decisions are signed with it from now on.")


@app.command("list")
def list_keys(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """List your keys at the server, and which one this machine signs with.

    Example: flashclaim keys list --json
    """
    with at_desk(profile, as_json=as_json) as desk:
        from cli.signing import key_id, load_key

        own = load_key(desk.profile)
        here = key_id(own) if own else None
        found = [one | {"here": one["key_id"] == here} for one in desk.api.get("keys")["keys"]]
    if as_json:
        print_json({"officer": desk.profile.officer, "keys": found})
        return
    for one in found:
        ended = f"  revoked {one['revoked_at'][:10]}" if one["revoked_at"] else ""
        mark = "  signs here" if one["here"] else ""
        typer.echo(f"{one['key_id']}  since {one['registered_at'][:10]}{ended}{mark}")
