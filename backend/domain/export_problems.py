"""Why a claim cannot be exported."""

from http import HTTPStatus

from backend.domain.problems import Problem


class NotPaid(Problem):
    """A core system books what was paid; this claim has not been, or the money came back."""

    type = "/problems/not-paid"
    status = HTTPStatus.CONFLICT
    title = "Nothing of this claim is paid"
    next = "Wait until the bank has confirmed the payout (claim show), then export again."
