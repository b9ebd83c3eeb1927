"""The page of the service quality index 服务质量指数: the formula, the weights, and every raw figure."""

from dataclasses import replace
from http import HTTPStatus

from litestar import Controller, Response, get

from backend.api.guards import may
from backend.api.insurer_pages.filtering import Asked
from backend.api.insurer_pages.shell import Around
from backend.api.web import Running, Sees
from backend.domain.authority.rule import OFFICERS
from backend.domain.authority.words import Reach
from backend.insight.quality import quality
from backend.insight.wanted import By


class QualityPage(Controller):
    """Quality."""

    @get("/quality", operation_id="quality_page", opt=may(*OFFICERS, over=Reach.COUNTY, page=True))
    async def quality(self, shell: Around, parts: Running, sight: Sees, asked: Asked) -> Response[bytes]:
        """The index as ``GET /api/v1/insight/quality`` gives it."""
        now = parts.clock()
        if asked.wrong:
            return shell.page("quality.html", HTTPStatus.BAD_REQUEST, asked=asked, told=None)
        wanted = replace(asked.wanted, by=asked.wanted.by or By.WEEK)
        told = await parts.store.read(lambda connection: quality(connection, wanted, now), sight=sight)
        return shell.page("quality.html", asked=asked, told=told)
