"""All of the insurer's pages together, below ``/i``."""

from litestar import Router
from litestar.di import Provide

from backend.api.insurer_pages.claim import ClaimPage
from backend.api.insurer_pages.claims import ClaimsPage
from backend.api.insurer_pages.files import page_file
from backend.api.insurer_pages.filtering import provide_filter
from backend.api.insurer_pages.flags import FlagsPage
from backend.api.insurer_pages.forms import provide_sent
from backend.api.insurer_pages.model import ModelPage
from backend.api.insurer_pages.money import MoneyPage
from backend.api.insurer_pages.quality import QualityPage
from backend.api.insurer_pages.reading import PAGES
from backend.api.insurer_pages.refusals import SHOWN, no_page
from backend.api.insurer_pages.regulator import RegulatorPage
from backend.api.insurer_pages.shell import provide_shell
from backend.api.insurer_pages.signing_in import EntryController
from backend.api.insurer_pages.speed import SpeedPage
from backend.api.insurer_pages.stuck import StuckPage
from backend.api.insurer_pages.views import SavedViews

CONTROLLERS = (
    *(EntryController, SpeedPage, StuckPage, QualityPage, SavedViews),
    *(ClaimsPage, ClaimPage, FlagsPage, MoneyPage, ModelPage, RegulatorPage),
)


def insurer_pages() -> Router:
    """The router; refusals below it are pages too."""
    return Router(
        PAGES,
        route_handlers=[*CONTROLLERS, page_file, no_page],
        dependencies={
            "shell": Provide(provide_shell),
            "sent": Provide(provide_sent),
            "asked": Provide(provide_filter),
        },
        exception_handlers=SHOWN,
        include_in_schema=False,
    )
