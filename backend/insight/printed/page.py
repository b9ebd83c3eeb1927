"""Lays the claim file out as one self-contained HTML page for A4: nothing is asked of any other address."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, Template

from backend.domain.ids import PhotoId
from backend.domain.policy import SHANGHAI
from backend.insight.printed import ground
from backend.insight.printed.document import ClaimFile
from backend.texts.load import Language
from backend.texts.printed import labels, word


def _read(name: str) -> str:
    return (files("backend.web") / "printed" / name).read_text(encoding="utf-8")


STYLE = _read("claim_file.css")
POLICY = (
    "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; "
    f"style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"
)
"""Content-Security-Policy of the page, said in it too: it runs nothing, loads nothing and has one style, wherever it
is opened. Who may frame it is said by the header alone."""


@dataclass(frozen=True, slots=True)
class Printing:
    """Who has the file made, and when."""

    by: str
    at: datetime
    language: Language


def page(file: ClaimFile, pictures: Mapping[PhotoId, bytes | str], printing: Printing) -> str:
    """The whole page.

    Args:
        file: What it shows.
        pictures: JPEGs by photo, or instead the label (``printed.toml``) that says why there is none.
        printing: Stands at its head.
    """
    embedded = {
        photo_id: f"data:image/jpeg;base64,{base64.b64encode(picture).decode()}"
        for photo_id, picture in pictures.items()
        if isinstance(picture, bytes)
    }
    return _template().render(
        policy=POLICY,
        style=STYLE,
        t=labels(printing.language),
        word=partial(word, printing.language),
        local=_local,
        percent=_percent,
        language=printing.language,
        printing=printing,
        shown=file.shown,
        findings=file.findings,
        told=file.told,
        claim=file.claim,
        signed=file.signed,
        ground=file.ground,
        has_boundary=file.has_boundary,
        names=file.names,
        leaves=file.leaves,
        log=file.log,
        embedded=embedded,
        missing={photo_id: said for photo_id, said in pictures.items() if isinstance(said, str)},
        frame=(ground.WIDTH, ground.HEIGHT),
    )


@cache
def _template() -> Template:
    # Everything a stranger wrote is escaped: farmers' notes, officers' reasons, names, the camera's words.
    environment = Environment(
        loader=FunctionLoader(_read),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("claim_file.html")


def _local(moment: datetime | str | None) -> str:
    """A moment as the clocks in Asia/Shanghai show it, to the second."""
    if moment is None:
        return "–"
    at = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _percent(share: str) -> str:
    return f"{Decimal(share) * 100:.0f} %"
