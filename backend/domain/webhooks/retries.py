"""How often an endpoint that fails is tried: the schedule of the Standard Webhooks specification."""

from datetime import timedelta

RETRIES = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""Pauses after the first failure, the second and so on (specification, "Deliverability and reliability"): 75 hours."""

LONGEST_ASKED_WAIT = timedelta(hours=1)


def pause_after(failures: int, *, asked: timedelta | None) -> timedelta | None:
    """How long to wait after so many failed attempts (from 1); None: it was the last.

    Args:
        failures: Attempts that failed, this one too.
        asked: ``Retry-After``, where the endpoint said it; a longer wait of ours stands.
    """
    if failures > len(RETRIES):
        return None
    planned = RETRIES[failures - 1]
    return planned if asked is None else max(planned, min(asked, LONGEST_ASKED_WAIT))
