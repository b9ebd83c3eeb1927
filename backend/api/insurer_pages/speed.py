"""The first page: how fast claims are paid with those still open counted, and whose minutes pass."""

from http import HTTPStatus

from litestar import Controller, Response, get

from backend.api.guards import may
from backend.api.insurer_pages.filtering import Asked
from backend.api.insurer_pages.shell import Around
from backend.api.web import Running, Sees
from backend.domain.authority.rule import OFFICERS
from backend.domain.authority.words import Reach
from backend.insight.figures import insight


class SpeedPage(Controller):
    """Speed 时效."""

    @get("/", operation_id="speed_page", opt=may(*OFFICERS, over=Reach.COUNTY, page=True))
    async def speed(self, shell: Around, parts: Running, sight: Sees, asked: Asked) -> Response[bytes]:
        """Quantiles, share within 15 minutes and minutes by holder."""
        now = parts.clock()
        if asked.wrong:
            return shell.page("speed.html", HTTPStatus.BAD_REQUEST, asked=asked, told=None, now=now)
        told = await parts.store.read(lambda connection: insight(connection, asked.wanted, now), sight=sight)
        return shell.page("speed.html", asked=asked, told=told, now=now)
