"""What the bank does with an order while the payer waits: same key, payee's name, refusal, acceptance."""

from backend.sandbox.ledger import Booking, Ledger, Order, Reason, State
from backend.sandbox.switches import SwitchBoard

REFUSED_BY_BANK = Reason("REFUSED_BY_BANK", "the bank refused the transfer")
ACCOUNT_CLOSED = Reason("ACCOUNT_CLOSED", "the payee's bank sent it back: the account is closed")
PAYEE_MISMATCH = Reason("PAYEE_MISMATCH", "the payee's name is not the account holder's")


class KeyTakenError(Exception):
    """The key stands for another order, which stays as it is."""


class Counter:
    """Takes orders and ends them; every decision and its callback are in the books in one transaction."""

    def __init__(self, ledger: Ledger, board: SwitchBoard, *, tells_payer: bool) -> None:
        self._ledger = ledger
        self._board = board
        self._tells_payer = tells_payer

    def take(self, order: Order, *, now_ms: int) -> tuple[Booking, bool]:
        """Return the order's booking and whether it is new.

        Raises:
            KeyTakenError: The key was used for another amount, payee, account or reference.
        """
        known = self._ledger.find(order.key)
        if known is not None:
            if known.order != order:
                raise KeyTakenError(order.key)
            return known, False
        with self._ledger.transaction():
            booking = self._ledger.accept(order, at_ms=now_ms, due_ms=now_ms + self._board.now.settle_ms)
            reason = self._refusal(order)
            if reason is not None:
                self._end(booking, reason, now_ms)
        return self._ledger.find(order.key) or booking, True

    def end_due(self, *, now_ms: int) -> bool:
        """End the accepted transfers whose time has come, and bring others back; return whether there were any."""
        due, coming_back = self._ledger.to_end(now_ms), self._ledger.to_return(now_ms)
        if due or coming_back:
            with self._ledger.transaction():
                for booking in due:
                    self._end(booking, REFUSED_BY_BANK if self._board.use("refuse_later") else None, now_ms)
                for booking in coming_back:
                    self._ledger.bring_back(booking.serial, at_ms=now_ms, reason=ACCOUNT_CLOSED)
                    self._tell(booking, State.RETURNED, now_ms)
        return bool(due or coming_back)

    def _refusal(self, order: Order) -> Reason | None:
        holder = self._ledger.holder(order.account)
        is_wrong_name = holder is not None and holder != order.payee_name
        if is_wrong_name and self._board.now.wrong_payee_name == "refuse":
            return PAYEE_MISMATCH
        return REFUSED_BY_BANK if self._board.use("refuse") else None

    def _end(self, booking: Booking, reason: Reason | None, now_ms: int) -> None:
        self._ledger.end(booking.serial, at_ms=now_ms, reason=reason)
        if reason is None and self._board.use("return_later"):
            self._ledger.plan_return(booking.serial, due_ms=now_ms + self._board.now.return_ms)
        self._tell(booking, State.REFUSED if reason else State.SETTLED, now_ms)

    def _tell(self, booking: Booking, state: State, now_ms: int) -> None:
        if not self._tells_payer or self._board.use("lose_callbacks"):
            return
        switches = self._board.now
        is_delayed = not switches.reorder_callbacks or booking.serial % 2 == 1
        due_ms = now_ms + (switches.delay_callbacks_ms if is_delayed else 0)
        self._ledger.owe_callback(booking.serial, state, due_ms=due_ms, copies=switches.duplicate_callbacks)
