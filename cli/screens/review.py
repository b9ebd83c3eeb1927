"""The screen of ``flashclaim review``: a claim's facts beside its photo, in 80 by 24 cells."""

from collections.abc import Sequence

from rich.columns import Columns
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from backend.domain.words import ReasonCode
from backend.texts.load import Language, sentence
from backend.texts.load import Table as Sentences
from cli.review_case import Case
from cli.screens.claim import headline, review_facts
from cli.screens.pictures import picture
from cli.screens.writing import text

KEYS = "a approve  e assess  q ask  r reject  s skip  o open photo  ? help  x quit"
HELP = """
a  approve in your lane, signed over exactly what is on screen
e  assess again: heads and weights (the insurer's to do); the offer changes
q  ask the farmer for more
r  reject, with a reason code and a note for the farmer
s  skip for now
o  open the next photo, here and in a viewer
x  quit

A claim with doubts (ASSISTED) needs its photos opened and a note typed
before it can be approved. An empty line takes a step back. What changes while
you read is shown at once; a decision then takes its key twice.

Any key goes back."""
_PICTURE_COLUMNS = 28
_NARROWEST = 78


def review_screen(screen: Console, case: Case, language: Language, *, rows: int) -> RenderableType:
    """The facts with the photo beside them; the facts alone where there is no room for both."""
    head = headline(case.shown, language)
    facts = review_facts(case.shown, language)
    content = next(iter(case.photos.values()), None) if case.thumbnail is None else case.thumbnail
    if content is None or screen.width < _NARROWEST:
        return Group(head, facts)
    beside = Table.grid(padding=(0, 1), expand=True)
    beside.add_column(ratio=1)
    beside.add_column(width=_PICTURE_COLUMNS)
    beside.add_row(facts, picture(content, columns=_PICTURE_COLUMNS, rows=rows - 2))
    both = Group(head, beside)
    return both if len(screen.render_lines(both)) <= rows else Group(head, facts)


def codes_screen(codes: Sequence[ReasonCode], language: Language) -> RenderableType:
    """Every reason with its number, in two columns."""
    named = [
        f"{place:>2}  {sentence(language, Sentences.REASON, code)}" for place, code in enumerate(codes, 1)
    ]
    return Group(
        Text("Why is it rejected?", "bold"), Columns(map(text, named), column_first=True, padding=(0, 3))
    )
