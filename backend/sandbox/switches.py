"""How the bank is told, at run time, to behave badly."""

from typing import Annotated, Literal

import msgspec

_LONGEST_MS = 86_400_000
_MOST = 1_000_000

Milliseconds = Annotated[int, msgspec.Meta(ge=0, le=_LONGEST_MS)]
Times = Annotated[int, msgspec.Meta(ge=0, le=_MOST)] | Literal["all"]
"""How many of the next ones: 0 for none, or ``"all"`` until switched off."""

CountedSwitch = Literal["refuse", "refuse_later", "return_later", "lose_answers", "lose_callbacks"]


class Switches(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One setting of the bank's behaviour; the default is a bank that works."""

    settle_ms: Milliseconds = 50
    """From accepting a new transfer to its end."""
    slow_ms: Milliseconds = 0
    """Waits before answering about a transfer, after having done what was asked."""
    down: bool = False
    """Answers 503 about transfers and does nothing."""
    refuse: Times = 0
    """New transfers refused in the answer, ``REFUSED_BY_BANK``."""
    refuse_later: Times = 0
    """Accepted transfers that end refused instead of settled, ``REFUSED_BY_BANK``."""
    return_later: Times = 0
    """Settled transfers that come back after ``return_ms``: ``ACCOUNT_CLOSED``."""
    return_ms: Milliseconds = 50
    """From settling a transfer to its return."""
    lose_answers: Times = 0
    """POSTed transfers that are handled, whereupon the connection is cut without an answer."""
    wrong_payee_name: Literal["refuse", "pay"] = "refuse"
    """A payee's name that is not the known account holder's: ``PAYEE_MISMATCH``, or paid all the same."""
    lose_callbacks: Times = 0
    """Ended or returned transfers of which the payer is not told."""
    duplicate_callbacks: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0
    """Copies sent on top of each callback."""
    delay_callbacks_ms: Milliseconds = 0
    """From the end of a transfer to its first callback."""
    reorder_callbacks: bool = False
    """Delays only every other callback, so that neighbours change places."""


class SwitchBoard:
    """The switches as they stand; those with a count run down as they are used."""

    def __init__(self, switches: Switches) -> None:
        self.now = switches

    def change(self, patch: bytes) -> Switches:
        """Set the switches that the JSON object *patch* names and leave the others.

        Raises:
            msgspec.ValidationError: An unknown switch or a value out of range; nothing is changed.
            msgspec.DecodeError: Not a JSON object.
        """
        named = msgspec.json.decode(patch, type=dict[str, object])
        self.now = msgspec.convert(msgspec.to_builtins(self.now) | named, Switches)
        return self.now

    def use(self, name: CountedSwitch) -> bool:
        """Whether the switch applies this time; counts it down."""
        left: Times = getattr(self.now, name)
        if left == "all":
            return True
        if left == 0:
            return False
        self.now = msgspec.structs.replace(self.now, **{name: left - 1})
        return True
