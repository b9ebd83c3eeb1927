"""The officer's table: one claim on screen, one key a move."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path
from typing import Any  # the claim's document, as the API sends it

from backend.domain.problems import InvalidInput, Problem
from backend.domain.words import Decision, Lane, ReasonCode
from cli.claim_assessing import asked_assessment
from cli.claim_deciding import decide
from cli.desk import Desk
from cli.exits import Exit
from cli.keys_pressed import Keyboard
from cli.refusals import Refused
from cli.review_case import Case, changes, has_differing_receipt
from cli.review_queue import Waiting, fetch
from cli.screens.labels import label
from cli.screens.pictures import picture
from cli.screens.review import HELP, KEYS, codes_screen, review_screen
from cli.screens.writing import console, text
from cli.viewer import open_outside

_KEYBAR_ROWS = 2
_DECISIONS = frozenset("aeqr")
_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/heic": ".heic"}


class Then(Enum):
    """What follows a key."""

    STAY = auto()
    NEXT = auto()
    QUIT = auto()


class Table:
    """Works through one lane's queue."""

    def __init__(self, desk: Desk, lane: Lane | None) -> None:
        self._desk = desk
        self._lane = lane
        self._screen = console()
        self._keyboard = Keyboard()
        self._said = ""
        self._own_lane = lane or desk.profile.own_lane
        self._change = ""
        """What a decision rests on has changed on the screen so, and the officer has not answered to it yet."""
        self._moves: dict[str, Callable[[Case], tuple[Then, Case]]] = {
            "a": self._approve,
            "e": self._assess,
            "q": self._ask,
            "r": self._reject,
            "s": lambda case: (Then.NEXT, case),
            "o": self._open,
            "?": self._help,
            "x": lambda case: (Then.QUIT, case),
        }

    def work_through(self) -> int:
        """Show claim after claim until the queue is empty or the officer quits; returns how many were shown."""
        shown = 0
        with (
            tempfile.TemporaryDirectory(prefix="flashclaim-") as folder,
            self._keyboard,
            Waiting(self._desk, self._lane, self._keyboard.ring) as self._waiting,
        ):
            self._folder = Path(folder)
            while case := self._waiting.take_next():
                shown += 1
                # A key that was meant for the last claim decides nothing on this one.
                self._keyboard.forget()
                if self._settle(case) is Then.QUIT:
                    break
        self._screen.print(text(self._said or "Done."))
        return shown

    def _settle(self, case: Case) -> Then:
        """Keep one claim on screen until a key moves on."""
        self._change = ""
        while True:
            self._draw(case)
            key = self._keyboard.wait()
            if fresh := self._waiting.take_fresh():
                case = self._renewed(case, fresh)
            if key is None:
                continue
            if not case.waits_for(self._own_lane):
                return Then.QUIT if key == "x" else Then.NEXT
            if self._change and key in _DECISIONS:
                # It may have been meant for what was on screen a moment ago.
                self._said, self._change = f"{self._change} Press {key} again to decide on this.", ""
                continue
            then, case = self._moved(case, key.lower())
            if then is not Then.STAY:
                return then

    def _moved(self, case: Case, key: str) -> tuple[Then, Case]:
        self._said = ""
        move = self._moves.get(key)
        if move is None:
            self._said = f"Keys: {KEYS}"
            return Then.STAY, case
        try:
            return move(case)
        except (Refused, Problem) as refusal:
            refused = refusal if isinstance(refusal, Refused) else Refused(refusal)
            return Then.STAY, self._refused(case, refused)

    def _renewed(self, case: Case, fresh: Case) -> Case:
        """The claim as it has become while the officer read, and words about what matters of it."""
        differs = list(changes(case, fresh))
        if not fresh.waits_for(self._own_lane):
            self._said = f"It no longer waits for your lane: now {fresh.shown['state']}. Any key goes on."
        elif differs:
            self._said = self._change = f"Changed while you read: {', '.join(differs)}."
        return case.renewed(fresh)

    def _draw(self, case: Case) -> None:
        waiting = f"{len(self._waiting)} {label('waiting', self._desk.language)}"
        said = text(self._said, "bold yellow") if self._said else text(waiting, "dim")
        room = self._screen.height - _KEYBAR_ROWS - len(self._screen.render_lines(said))
        self._screen.clear()
        self._screen.print(review_screen(self._screen, case, self._desk.language, rows=room))
        self._screen.print(said)
        self._screen.print(text(KEYS, "reverse"))

    def _approve(self, case: Case) -> tuple[Then, Case]:
        note = ""
        if case.is_doubted:
            if case.unopened:
                self._said = f"A doubt is shown: open the photos first (o), {len(case.unopened)} to go."
                return Then.STAY, case
            note = self._typed("Why is it right all the same?")
            if not note:
                return Then.STAY, case
        return self._decided(case, Decision.APPROVE, note=note)

    def _ask(self, case: Case) -> tuple[Then, Case]:
        note = self._typed("What should the farmer send?")
        return self._decided(case, Decision.ASK, note=note) if note else (Then.STAY, case)

    def _reject(self, case: Case) -> tuple[Then, Case]:
        codes = list(ReasonCode)
        self._screen.clear()
        self._screen.print(codes_screen(codes, self._desk.language))
        named = self._typed("Number or code of the reason?").upper()
        code = codes[int(named) - 1] if named.isdecimal() and 0 < int(named) <= len(codes) else None
        code = ReasonCode(named) if named in set(codes) else code
        if code is None:
            self._said = f"{named} is no reason; nothing was sent." if named else "Nothing was sent."
            return Then.STAY, case
        note = self._typed("What should the farmer know?")
        return self._decided(case, Decision.REJECT, note=note, reason=code) if note else (Then.STAY, case)

    def _decided(
        self, case: Case, decision: Decision, *, note: str, reason: ReasonCode | None = None
    ) -> tuple[Then, Case]:
        moved = decide(self._desk, case.shown, decision, lane=self._lane, note=note, reason=reason)
        self._waiting.done(moved)
        if decision is Decision.REJECT and moved.get("rejection_waits"):
            self._said = f"{moved['number']}: above the sum for one officer, a colleague has to agree."
        else:
            self._said = f"{moved['number']}: {decision} is recorded, now {moved['state']}."
        return Then.NEXT, case

    def _assess(self, case: Case) -> tuple[Then, Case]:
        shown = case.shown
        body = self._from_receipt(shown) if has_differing_receipt(shown) else None
        if body is None:
            try:
                body = asked_assessment(shown, self._typed)
            except InvalidInput:
                body = {"reason": ""}
        if not body["reason"]:
            self._said = "Nothing was sent: heads are a number, and a reason is needed."
            return Then.STAY, case
        moved = self._desk.api.post("claims", shown["id"], "assessments", body=body)
        self._said = "Assessed. Look at the new offer, then decide."
        return Then.STAY, self._laid(replace(case, shown=moved))

    def _from_receipt(self, shown: dict[str, Any]) -> dict[str, Any] | None:
        """The receipt's total shared out among the animals, if the officer wants that."""
        receipt = shown["handover"]
        total = f"{receipt['weight_kg']} kg of receipt {receipt['receipt_number']}"
        if self._typed(f"Share the {total} out among the heads? [y/N]").lower() != "y":
            return None
        return {
            "heads": receipt["heads"],
            "animals": shown["animals"],
            "reason": self._typed("Why does it differ?"),
            "from_handover": True,
        }

    def _open(self, case: Case) -> tuple[Then, Case]:
        """Open the next unopened photo, or the first one again."""
        if not case.received:
            self._said = "No photo has arrived."
            return Then.STAY, case
        wanted = (case.unopened or tuple(photo["sha256"] for photo in case.received))[0]
        content = case.photos.get(wanted) or self._desk.api.content(
            "claims", case.shown["id"], "photos", wanted
        )
        kind = next(photo["media_type"] for photo in case.received if photo["sha256"] == wanted)
        file = self._folder / f"{wanted[:16]}{_SUFFIXES.get(kind, '')}"
        file.write_bytes(content)
        self._screen.clear()
        size = self._screen.size
        self._screen.print(picture(content, columns=size.width, rows=size.height - _KEYBAR_ROWS - 1))
        self._screen.print(text(f"{file} ({'opened' if open_outside(file) else 'no viewer here'})"))
        self._screen.print(text("Any key goes back.", "reverse"))
        self._any_key()
        return Then.STAY, case.with_photo(wanted, content)

    def _help(self, case: Case) -> tuple[Then, Case]:
        self._screen.clear()
        self._screen.print(text(HELP))
        self._any_key()
        return Then.STAY, case

    def _typed(self, question: str) -> str:
        """A line from the officer; empty takes the step back."""
        with self._keyboard.lines():
            try:
                return input(f"{question} ").strip()
            except EOFError:
                return ""

    def _any_key(self) -> None:
        while self._keyboard.wait() is None:
            pass  # what changed meanwhile is told when the claim is on screen again

    def _laid(self, case: Case) -> Case:
        """The case, watched for changes from here on."""
        self._waiting.put(case)
        return case

    def _refused(self, case: Case, refused: Refused) -> Case:
        """Say why; what changed meanwhile is fetched again, so that nobody signs what is not on screen."""
        if refused.exit_code is Exit.NETWORK:
            raise refused
        self._said = f"{refused.body['title']}: {refused.body['detail']}. {refused.body['next']}"
        if refused.exit_code is not Exit.CONFLICT:
            return case
        return self._laid(case.renewed(fetch(self._desk, case.id, case)))
