"""The officer's table: one claim on screen, one key a move."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from enum import Enum, auto
from pathlib import Path

import typer

from backend.domain.problems import Problem
from backend.domain.words import Decision, Lane, ReasonCode
from cli.claim_assessing import assessed_animals
from cli.claim_deciding import decide
from cli.desk import Desk
from cli.exits import Exit
from cli.refusals import Refused
from cli.review_queue import Case, cases, fetch
from cli.screens.pictures import picture
from cli.screens.review import HELP, KEYS, codes_screen, review_screen
from cli.screens.writing import console, text
from cli.viewer import open_outside

_KEYBAR_ROWS = 3
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
        self._said = ""
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
        with tempfile.TemporaryDirectory(prefix="flashclaim-") as folder:
            self._folder = Path(folder)
            for case in cases(self._desk, self._lane):
                shown += 1
                if self._settle(case) is Then.QUIT:
                    break
        self._screen.print(text(self._said or "Done."))
        return shown

    def _settle(self, case: Case) -> Then:
        """Keep one claim on screen until a key moves on."""
        while True:
            self._draw(case)
            move = self._moves.get(typer.getchar().lower())
            self._said = ""
            if move is None:
                self._said = f"Keys: {KEYS}"
                continue
            try:
                then, case = move(case)
            except (Refused, Problem) as refusal:
                case = self._refused(case, refusal if isinstance(refusal, Refused) else Refused(refusal))
                continue
            if then is not Then.STAY:
                return then

    def _draw(self, case: Case) -> None:
        self._screen.clear()
        room = self._screen.height - _KEYBAR_ROWS
        self._screen.print(review_screen(self._screen, case, self._desk.language, rows=room))
        self._screen.print(text(self._said, "bold yellow"))
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
        self._said = f"{moved['number']}: {decision} is recorded, now {moved['state']}."
        return Then.NEXT, case

    def _assess(self, case: Case) -> tuple[Then, Case]:
        shown = case.shown
        heads = self._typed(f"Dead heads? [{shown['heads_assessed']}]")
        weights = {}
        for animal in shown["animals"]:
            was = animal["weight_kg"] or "unknown"
            weights[animal["ref"]] = self._typed(
                f"Weight of {animal['ref']} {animal['tag'] or ''} in kg? [{was}]"
            )
        reason = self._typed("Why does it differ?")
        if not reason or not (heads or str(shown["heads_assessed"])).isdecimal():
            self._said = "Nothing was sent: heads are a number, and a reason is needed."
            return Then.STAY, case
        given = {ref: weight_kg for ref, weight_kg in weights.items() if weight_kg}
        body = {
            "heads": int(heads or shown["heads_assessed"]),
            "animals": assessed_animals(shown["animals"], given, ()),
            "reason": reason,
        }
        moved = self._desk.api.post("claims", shown["id"], "assessments", body=body)
        self._said = "Assessed. Look at the new offer, then decide."
        return Then.STAY, replace(case, shown=moved)

    def _open(self, case: Case) -> tuple[Then, Case]:
        """Open the next unopened photo, or the first one again."""
        if not case.received:
            self._said = "No photo has arrived."
            return Then.STAY, case
        wanted = (case.unopened or tuple(photo["sha256"] for photo in case.received))[0]
        is_whole = wanted in case.opened
        content = (
            case.photos[wanted]
            if is_whole
            else self._desk.api.content("claims", case.shown["id"], "photos", wanted)
        )
        kind = next(photo["media_type"] for photo in case.received if photo["sha256"] == wanted)
        file = self._folder / f"{wanted[:16]}{_SUFFIXES.get(kind, '')}"
        file.write_bytes(content)
        self._screen.clear()
        size = self._screen.size
        self._screen.print(picture(content, columns=size.width, rows=size.height - _KEYBAR_ROWS))
        self._screen.print(text(f"{file} ({'opened' if open_outside(file) else 'no viewer here'})"))
        self._screen.print(text("Any key goes back.", "reverse"))
        typer.getchar()
        return Then.STAY, case.with_photo(wanted, content)

    def _help(self, case: Case) -> tuple[Then, Case]:
        self._screen.clear()
        self._screen.print(text(HELP))
        typer.getchar()
        return Then.STAY, case

    def _typed(self, question: str) -> str:
        """A line from the officer; empty takes the step back."""
        try:
            return input(f"{question} ").strip()
        except EOFError:
            return ""

    def _refused(self, case: Case, refused: Refused) -> Case:
        """Say why; what changed meanwhile is fetched again, so that nobody signs what is not on screen."""
        if refused.exit_code is Exit.NETWORK:
            raise refused
        self._said = f"{refused.body['title']}: {refused.body['detail']}. {refused.body['next']}"
        if refused.exit_code is not Exit.CONFLICT:
            return case
        again = fetch(self._desk, case.shown["id"])
        return replace(again, place=case.place, waiting=case.waiting)
