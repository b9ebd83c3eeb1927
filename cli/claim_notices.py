"""``flashclaim claim notices``: what people were told about a claim."""

from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ClaimName, ProfileName, Reading
from cli.render import print_json, say


def notices(
    claim: ClaimName,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show every message about a claim: when, over which channel, and whether it arrived.

    One-time codes are hidden. What was given up is tried again with
    flashclaim effect retry.

    Example: flashclaim claim notices FC-20261123-0042 --json
    """
    with at_desk(profile, language, as_json=as_json) as desk:
        told = desk.api.get("claims", claim, "notices")
    if as_json:
        print_json(told)
    elif told["notices"]:
        from cli.screens.notices import notices_table
        from cli.screens.writing import console

        console().print(notices_table(told["notices"], desk.language))
    else:
        say("Nobody was told anything yet.")
