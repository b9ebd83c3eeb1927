"""A signed-in person at work: the server, the profile, the language, the key."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any  # JSON from the server

from backend.domain.problems import NotAllowed
from backend.texts.load import Language
from cli.refusals import Refused, told

if TYPE_CHECKING:
    from cli.client import Api
    from cli.profiles import Profile


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command of a signed-in person needs."""

    api: "Api"
    profile: "Profile"
    language: Language

    def show(self, claim: str) -> dict[str, Any]:
        """The claim as it stands."""
        return dict(self.api.get("claims", claim))

    def signed(self, document: bytes) -> dict[str, str]:
        """``key_id`` and ``signature`` over a canonical document, ready for a request's body.

        Raises:
            Refused: This machine holds no key of the officer.
        """
        from cli.signing import id_of, load_key

        key = load_key(self.profile)
        if key is None:
            raise Refused(NoKey(f"profile {self.profile.name} has no key on this machine"))
        return {"key_id": id_of(key.public_key()), "signature": base64.b64encode(key.sign(document)).decode()}


class NoKey(NotAllowed):
    """Decisions are signed, and there is nothing to sign with."""

    type = "/problems/no-key"
    title = "There is no key to sign with"
    next = "Make and register one: flashclaim keys new."


@contextmanager
def at_desk(profile: str, language: Language | None = None, *, as_json: bool = False) -> Iterator[Desk]:
    """Open the connection of a profile; a refusal inside ends the command with words and its exit code."""
    with told(as_json=as_json):
        from cli.profiles import Profile

        who = Profile.load(profile)
        token = who.token()
        from cli.client import Api

        reads = language or terminal_language()
        with Api(who.server, token, reads) as api:
            yield Desk(api, who, reads)


def terminal_language() -> Language:
    """Chinese where the terminal's locale is Chinese, else English."""
    named = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return Language.ZH if named.lower().startswith("zh") else Language.EN
