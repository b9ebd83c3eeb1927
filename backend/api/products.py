"""Products 保险产品 and market prices: read by every officer, brought by the insurer's."""

import json
from asyncio import to_thread
from datetime import date, datetime, time
from http import HTTPStatus
from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.params import FromQuery, QueryParameter

from backend.api.auth import Acting
from backend.api.guards import may
from backend.api.keyed import answer_once
from backend.api.web import AnyRequest, Running, Sees
from backend.domain.authority.rule import OFFICERS
from backend.domain.authority.words import Reach, Role
from backend.domain.edges.limited import Limited
from backend.domain.indemnity.product import Product
from backend.domain.parties import Officer
from backend.domain.policy import SHANGHAI
from backend.domain.words import Species
from backend.insight.proposals import proposal_row
from backend.insight.simulation import simulate
from backend.products.check import LARGEST_FILE
from backend.products.writing import document_of
from backend.store import market_prices, products, registers
from backend.store.engine import Transaction
from backend.store.products import Imported
from backend.workflows.four_eyes.hands import a_product
from backend.workflows.importing.prices import import_prices, read_prices
from backend.workflows.products import import_product, read_product

Document = dict[str, object]

_LARGEST_PRICES = 5_000_000


class ProductController(Controller):
    """Products, shipped and imported."""

    path = "/products"
    tags = ("products",)

    @get("/", operation_id="list_products", opt=may(*OFFICERS))
    async def listed(self, parts: Running, sight: Sees) -> Document:
        """Every version of every product, with what its file says."""

        def rows(connection: Transaction) -> list[Document]:
            imported = products.imports(connection)
            catalogue = parts.store.products.catalogue(connection)
            return [_row(product, imported.get(product.label)) for product in catalogue]

        return {"products": await parts.store.read(rows, sight=sight)}

    @post(
        "/",
        operation_id="import_product",
        opt=may(Role.INSURER, counts=Limited.EXPORTS),
        status_code=HTTPStatus.OK,
        request_max_body_size=LARGEST_FILE + 1,
    )
    async def bring(
        self,
        request: AnyRequest,
        parts: Running,
        sight: Sees,
        officer: Acting,
        *,
        dry_run: FromQuery[bool] = False,
        reason: Annotated[str, QueryParameter(max_length=2000)] = "",
    ) -> Response[bytes]:
        """Propose one version; the body is its TOML file. It counts once a second officer of the insurer agrees.

        A version that is known with another content is refused, now and again when it is agreed to.
        """
        content, at = await request.body(), parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            found = import_product(connection, parts.store.products, content, officer, at, dry_run=True)
            told = found | {"dry_run": dry_run, "proposal": None}
            if dry_run or found["outcome"] == "same":
                return HTTPStatus.OK, told
            why = reason.strip() or "a new version of the product"
            draft = a_product(officer, str(found["label"]), content.decode("utf-8-sig"), why)
            proposed = parts.four_eyes.propose(connection, draft, officer, at)
            return HTTPStatus.ACCEPTED, told | {"proposal": proposal_row(proposed, at)}

        if dry_run:
            status, document = await parts.store.read(work, sight=sight)
            return Response(
                json.dumps(document, ensure_ascii=False).encode(),
                status_code=status,
                media_type="application/json",
            )
        return await answer_once(request, officer, parts, work)

    @post(
        "/simulations",
        operation_id="simulate_product",
        opt=may(Role.INSURER, over=Reach.COUNTY, counts=Limited.EXPORTS),
        status_code=HTTPStatus.OK,
        request_max_body_size=LARGEST_FILE + 1,
    )
    async def simulated(
        self,
        request: AnyRequest,
        parts: Running,
        sight: Sees,
        officer: Acting,
        since: FromQuery[date | None] = None,
    ) -> Document:
        """Compute the county's past offers again under a draft, the body: who gets more, who less. Nothing is written.

        `since` is a day in Asia/Shanghai: only claims reported from then on.
        """
        draft = read_product(await request.body())
        begins = None if since is None else datetime.combine(since, time(), SHANGHAI)
        return await parts.store.read(
            lambda connection: simulate(connection, draft, begins, _county(connection, officer)), sight=sight
        )


class MarketPriceController(Controller):
    """Market prices by county and week."""

    path = "/market-prices"
    tags = ("products",)

    @get("/", operation_id="list_market_prices", opt=may(*OFFICERS))
    async def listed(
        self,
        parts: Running,
        sight: Sees,
        county: FromQuery[str | None] = None,
        species: FromQuery[Species | None] = None,
        limit: Annotated[int, QueryParameter(ge=1, le=500)] = 50,
    ) -> Document:
        """Prices, newest week first."""
        found = await parts.store.read(
            lambda connection: market_prices.listed(connection, county, species, limit), sight=sight
        )
        rows = [
            {
                "county": one.county,
                "species": one.species,
                "week": one.week.isoformat(),
                "price_per_kg": str(one.per_kg),
                "source": one.source,
                "published_on": one.published_on.isoformat(),
            }
            for one in found
        ]
        return {"prices": rows}

    @post(
        "/",
        operation_id="import_market_prices",
        opt=may(Role.INSURER, over=Reach.COUNTY, counts=Limited.EXPORTS),
        status_code=HTTPStatus.OK,
        request_max_body_size=_LARGEST_PRICES + 1,
    )
    async def bring(
        self,
        request: AnyRequest,
        parts: Running,
        sight: Sees,
        officer: Acting,
        *,
        dry_run: FromQuery[bool] = False,
    ) -> Response[bytes]:
        """Import prices of the officer's county; the body is CSV. While a row is refused nothing is written."""
        sheet = await to_thread(read_prices, await request.body())
        at = parts.clock()

        def work(connection: Transaction) -> tuple[HTTPStatus, object]:
            county = _county(connection, officer)
            return HTTPStatus.OK, import_prices(connection, sheet, county, officer.id, at, dry_run=dry_run)

        if dry_run:
            status, document = await parts.store.read(work, sight=sight)
            return Response(
                json.dumps(document, ensure_ascii=False).encode(),
                status_code=status,
                media_type="application/json",
            )
        return await answer_once(request, officer, parts, work)


def _row(product: Product, imported: Imported | None) -> Document:
    return {
        "label": product.label,
        "origin": "imported" if imported else "shipped",
        "imported_by": imported and imported.by,
        "imported_at": imported and imported.at.isoformat(),
        "product": document_of(product),
    }


def _shown(answer: tuple[HTTPStatus, object]) -> Response[bytes]:
    status, document = answer
    body = json.dumps(document, ensure_ascii=False).encode()
    return Response(body, status_code=status, media_type="application/json")


def _county(connection: Transaction, officer: Officer) -> str:
    return registers.county_of(connection, officer.organisation)
