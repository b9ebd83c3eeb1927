"""``flashclaim logout``: end the session, and forget it on this machine."""

from typing import TYPE_CHECKING

from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.refusals import told
from cli.render import print_json, say

if TYPE_CHECKING:
    from cli.profiles import Profile


def logout(profile: ProfileName = DEFAULT_PROFILE, as_json: AsJson = False) -> None:
    """Sign out: a farmer's session ends on the server, and this machine forgets it.

    An officer's signing key stays on this machine.

    Example: flashclaim logout --profile farmer
    """
    with told(as_json=as_json):
        from cli.profiles import Profile

        who = Profile.load(profile)
        if who.session:
            _end(who)
        who.forget()
    if as_json:
        print_json({"profile": profile, "signed_in": False})
    else:
        say(f"Signed out (profile {profile}).")


def _end(who: "Profile") -> None:
    from cli.client import Api

    with Api(who.server, who.token()) as api:
        api.delete("farmer", "sessions", str(who.session))
