"""Refusals about officers' keys, invitations and sign-ins, each with what to do next."""

from http import HTTPStatus

from backend.domain.problems import NotAllowed, NotSignedIn, Problem


class KeyPending(NotAllowed):
    """The key waits for a second administrator: it signs nothing yet."""

    type = "/problems/key-pending"
    title = "This key has not been approved yet"
    next = (
        "Read your fingerprint (flashclaim keys list) to an administrator of your office by phone; "
        "they run flashclaim keys approve KEY."
    )


class KeyRefused(NotAllowed):
    """An administrator refused the key: it never signs."""

    type = "/problems/key-refused"
    title = "This key was refused"
    next = "Make another one, flashclaim keys new, and read its fingerprint to an administrator by phone."


class KeyRevoked(NotAllowed):
    """The key had ended when this was signed; what it signed before stays valid."""

    type = "/problems/key-revoked"
    title = "This key has been revoked"
    next = "Make a new one, flashclaim keys new, and let an administrator of your office approve it."


class KeyDecided(Problem):
    """Someone has approved, refused or revoked it already."""

    type = "/problems/key-decided"
    status = HTTPStatus.CONFLICT
    title = "This key has been decided on"
    next = "Look at its history: flashclaim keys history."


class ColleagueApproves(NotAllowed):
    """The server's shell stands in only where an organisation has nobody who could approve."""

    type = "/problems/colleague-approves"
    title = "An administrator of the organisation approves this key"
    next = "They run flashclaim keys approve KEY, after comparing the fingerprint by phone."


class ServerNameUnknown(NotSignedIn):
    """The sign-in names a host that this server cannot know to be its own: somebody may be passing it on."""

    type = "/problems/server-name-unknown"
    title = "This server does not know itself by that name"
    next = "The operator sets FLASHCLAIM_PUBLIC_URL to the address that officers dial."


class KeyNeeded(NotAllowed):
    """A login token alone proves nobody: the colleague who made it could be the one who came with it."""

    type = "/problems/key-needed"
    title = "This needs a sign-in with your approved key"
    next = "Sign in with it: flashclaim login. A new key is approved by an administrator first."


class OfficerSuspended(NotAllowed):
    """停职: the officer has been suspended, or has left."""

    type = "/problems/officer-suspended"
    title = "You are suspended"
    next = "Ask an administrator of your office; they can reinstate you."


class InvitationOver(NotSignedIn):
    """The login token was used, withdrawn, or not used in time."""

    type = "/problems/invitation-over"
    title = "This invitation is over"
    next = "Sign in with your key, flashclaim login, or ask an administrator of your office for a new invitation."
