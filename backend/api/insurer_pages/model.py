"""The counter as a page: agreement with officers, unsure share, and what its card says."""

from http import HTTPStatus

from litestar import Controller, Response, get

from backend.api.guards import may
from backend.api.insurer_pages.filtering import Asked
from backend.api.insurer_pages.shell import Around
from backend.api.web import Running, Sees
from backend.domain.authority.rule import OFFICES
from backend.domain.authority.words import Reach
from backend.insight.model import model_figures


class ModelPage(Controller):
    """Model 清点模型."""

    @get("/model", operation_id="model_page", opt=may(*OFFICES, over=Reach.COUNTY, page=True))
    async def figures(self, shell: Around, parts: Running, sight: Sees, asked: Asked) -> Response[bytes]:
        """All together, and by species, network and week."""
        if asked.wrong:
            return shell.page("model.html", HTTPStatus.BAD_REQUEST, asked=asked, told=None)
        now = parts.clock()
        told = await parts.store.read(
            lambda connection: model_figures(connection, asked.wanted, now), sight=sight
        )
        return shell.page("model.html", asked=asked, told=told)
