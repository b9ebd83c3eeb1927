"""A farmer's tokens on this machine: refreshed shortly before they end, by one command at a time."""

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any  # JSON from the server

from cli.client import Api
from cli.vault import cli_folder

if TYPE_CHECKING:
    from cli.profiles import Profile

_EARLY_S = 60
"""A command that begins now ends before its token does."""
_LOCK_S = 120


def fresh(profile: "Profile") -> str:
    """An access token that is good for a while.

    Raises:
        NotSignedIn: The vault has lost the tokens.
        Refused: The session has ended, or the server cannot be reached.
    """
    kept = _read(profile)
    if _is_good(kept):
        return str(kept["access"])
    from filelock import FileLock

    # Two commands with one refresh token would look like a theft, and end the session.
    with FileLock(cli_folder() / f"{profile.name}.tokens.lock", timeout=_LOCK_S, mode=0o600):
        kept = _read(profile)
        if not _is_good(kept):
            with Api(profile.server) as api:
                answer = api.post_repeated(
                    "farmer", "sessions", "refresh", body={"refresh_token": kept["refresh"]}
                )
            profile.secrets.write(profile.refresh_name, written(answer))
            kept = _read(profile)
    return str(kept["access"])


def written(answer: Mapping[str, Any]) -> str:
    """Tokens as the vault keeps them; the moment is this machine's own, whatever its clock says."""
    until = time.time() + answer["access_seconds"] - _EARLY_S
    tokens = {"access": answer["access_token"], "refresh": answer["refresh_token"], "until": until}
    return json.dumps(tokens)


def _read(profile: "Profile") -> dict[str, Any]:
    return dict(json.loads(profile.kept(profile.refresh_name)))


def _is_good(kept: Mapping[str, Any]) -> bool:
    return bool(time.time() < kept["until"])
