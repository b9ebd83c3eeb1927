"""How one reads the pages: in which language and appearance; kept in cookies that say nothing of anybody."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from litestar.datastructures import Cookie

from backend.api.web import AnyRequest
from backend.texts.load import Language

LANGUAGE, THEME = "flashclaim_language", "flashclaim_theme"
PAGES = "/i"
_KEPT_FOR = timedelta(days=365)


class Theme(StrEnum):
    """Appearance 外观."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's choice."""

    language: Language
    theme: Theme = Theme.AUTO

    @property
    def cookies(self) -> list[Cookie]:
        """The choice as a browser keeps it."""
        said = {LANGUAGE: self.language.value, THEME: self.theme.value}
        length = int(_KEPT_FOR.total_seconds())
        return [
            Cookie(key=name, value=value, path=PAGES, max_age=length, httponly=True, samesite="strict")
            for name, value in said.items()
        ]


def reading_of(request: AnyRequest, default: Language) -> Reading:
    """What this reader chose; else the first language of ours that the browser asks for."""
    chosen, theme = request.cookies.get(LANGUAGE, ""), request.cookies.get(THEME, "")
    language = Language(chosen) if chosen in set(Language) else _asked(request) or default
    return Reading(language, Theme(theme) if theme in set(Theme) else Theme.AUTO)


def _asked(request: AnyRequest) -> Language | None:
    for part in request.headers.get("accept-language", "").split(","):
        named = part.split(";")[0].strip().lower().split("-")[0]
        if named in set(Language):
            return Language(named)
    return None
