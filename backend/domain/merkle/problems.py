"""Refusals about the audit log, its checkpoints and what was taken out of it."""

from http import HTTPStatus

from backend.domain.problems import NotFound, Problem


class NotInLogYet(Problem):
    """The claim's newest events have no place in the log, or no checkpoint is over them yet."""

    type = "/problems/not-in-log-yet"
    status = HTTPStatus.CONFLICT
    title = "The audit log has not reached this yet"
    next = (
        "Ask for a checkpoint (flashclaim audit cosign --now, or POST /api/v1/audit/checkpoints), then again."
    )
    retry_after_s = 1


class CheckpointUnknown(NotFound):
    """The installation has no checkpoint of this size and root: what was to be co-signed is not its history."""

    type = "/problems/checkpoint-unknown"
    title = "There is no such checkpoint"
    next = "Fetch the newest one and look whether it follows yours: flashclaim audit cosign."


class HistoryRewritten(Problem):
    """What the server shows now does not follow what was kept here: records were changed, removed or put in."""

    type = "/problems/history-rewritten"
    status = HTTPStatus.CONFLICT
    title = "THE SERVER'S HISTORY IS NOT THE ONE KEPT HERE"
    next = (
        "Co-sign nothing. Keep this machine's audit folder, tell the other two offices, and have the database "
        "compared at the server: flashclaim audit verify --against FILE."
    )


class InstallationUnknown(Problem):
    """Another installation, or another key that nobody who was known vouches for, signs now."""

    type = "/problems/installation-unknown"
    status = HTTPStatus.CONFLICT
    title = "The installation's key is not the one kept here"
    next = "Ask the operator, by phone, for the new key's id and why; then flashclaim audit cosign --accept-key KEY."


class ProofUnreadable(Problem):
    """A file that was to be verified is none of ours, or damaged."""

    type = "/problems/proof-unreadable"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = "This file cannot be read as what it should be"
    next = "Give the file that flashclaim audit export, or audit checkpoint --save, wrote; fetch it again."
