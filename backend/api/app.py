"""The Litestar application: controllers, problems, documentation without a network."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AbstractContextManager, asynccontextmanager

import structlog
from litestar import Litestar, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.types import ExceptionHandlersMap

from backend.api.agents import AgentController
from backend.api.answers import describe_answers
from backend.api.assistances import AssistanceController
from backend.api.audit import AuditController, ProofController
from backend.api.auth import (
    provide_claim_id,
    provide_officer,
    provide_person,
    provide_phone,
    provide_reader,
    provide_sight,
)
from backend.api.bounded import Bounded
from backend.api.cards import CardController
from backend.api.claim_files import ClaimFileController
from backend.api.claim_help import ClaimHelpController
from backend.api.claims import ClaimController
from backend.api.devices import DeviceController
from backend.api.docs import describe_bodies, offline_docs, redoc_script
from backend.api.duties import CoverController, DutyController, ServiceController, TieController
from backend.api.exports import ExportController
from backend.api.farmer_page import FARMER_PAGE
from backend.api.farmers import FarmerController
from backend.api.flags import ClaimFlagController, FlagController
from backend.api.guards import guard, may, require_rules
from backend.api.headers import Hardened
from backend.api.herds import HerdController
from backend.api.imports import ImportController
from backend.api.insight import InsightController
from backend.api.insurer_pages.router import insurer_pages
from backend.api.labels import LabelController
from backend.api.limits import Counting
from backend.api.links import LinkController
from backend.api.live.controller import StreamController
from backend.api.live.stopping import told_of_stopping
from backend.api.live.switchboard import Switchboard
from backend.api.notices import NoticeController
from backend.api.officer_keys import KeyController
from backend.api.officers import OfficerController
from backend.api.operations import OperationsController
from backend.api.own_policies import OwnPolicyController, QuoteController
from backend.api.payee_requests import PayeeRequestController
from backend.api.payouts import PayoutController
from backend.api.personal import HolderController, LookController, PersonController
from backend.api.photos import PhotoController
from backend.api.problems import answer_bug, answer_http, answer_problem
from backend.api.products import MarketPriceController, ProductController
from backend.api.programmes import ProgrammeController
from backend.api.proposals import PayeeController, ProposalController
from backend.api.ratings import ClaimTicketController, RatingController, TicketController
from backend.api.regulators import RegulatorController
from backend.api.reviews import QueueController, ReviewController
from backend.api.sessions import SessionController
from backend.api.settlement import SettlementController
from backend.api.size_bands import SizeBandController, size_picture
from backend.api.statements import StatementController
from backend.api.treasury import LedgerController, TreasuryController
from backend.api.visits import ClaimVisitController, VisitController
from backend.api.watched import Watched
from backend.api.watching import WatchController
from backend.api.webhooks import FeedController, WebhookController
from backend.bootstrap import Parts, assemble
from backend.domain.authority.words import Role
from backend.domain.problems import Problem
from backend.logs import configure_logs
from backend.settings import Settings
from backend.workflows.readiness import Duty

log = structlog.get_logger()

CONTROLLERS = (
    SessionController,
    FarmerController,
    AgentController,
    AssistanceController,
    DeviceController,
    OwnPolicyController,
    QuoteController,
    CardController,
    PayeeRequestController,
    KeyController,
    OfficerController,
    RegulatorController,
    ProposalController,
    PayeeController,
    ClaimController,
    ClaimHelpController,
    LinkController,
    ClaimFileController,
    ExportController,
    PhotoController,
    QueueController,
    ReviewController,
    DutyController,
    CoverController,
    TieController,
    ServiceController,
    ClaimVisitController,
    VisitController,
    RatingController,
    TicketController,
    ClaimTicketController,
    LabelController,
    FlagController,
    ClaimFlagController,
    StreamController,
    SettlementController,
    NoticeController,
    HolderController,
    LookController,
    PersonController,
    PayoutController,
    TreasuryController,
    StatementController,
    LedgerController,
    ImportController,
    HerdController,
    ProductController,
    MarketPriceController,
    ProgrammeController,
    OperationsController,
    InsightController,
    SizeBandController,
    AuditController,
    ProofController,
    WebhookController,
    FeedController,
)
EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    Problem: answer_problem,
    HTTPException: answer_http,
    Exception: answer_bug,
}


def create_app(parts: AbstractContextManager[Parts], *, with_worker: bool) -> Litestar:
    """Build the application around *parts*, which are opened at start-up and closed at shutdown.

    Args:
        parts: As ``bootstrap.assemble`` gives them.
        with_worker: Carry out effects in this process too.
    """
    opened: dict[str, Parts] = {}
    live: dict[str, Switchboard] = {}
    duty = Duty(serves=True, works=with_worker)
    app = Litestar(
        route_handlers=[
            Router("/api/v1", route_handlers=list(CONTROLLERS)),
            WatchController,
            redoc_script,
            size_picture,
            *FARMER_PAGE,
            insurer_pages(),
        ],
        dependencies={
            "parts": Provide(lambda: opened["parts"], sync_to_thread=False),
            "live": Provide(lambda: live["switchboard"], sync_to_thread=False),
            "duty": Provide(lambda: duty, sync_to_thread=False),
            "person": Provide(provide_person),
            "officer": Provide(provide_officer),
            "phone": Provide(provide_phone),
            "sight": Provide(provide_sight),
            "claim_id": Provide(provide_claim_id),
            "reader": Provide(provide_reader),
        },
        guards=[guard(lambda: opened["parts"])],
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=OpenAPIConfig(
            title="flashclaim",
            version="1",
            description=(
                "Instant claims for livestock insurance 闪赔. Sign in with `Authorization: Bearer`: an officer's "
                "session token, a farmer's access token, or the token of a claim link. What creates or decides carries "
                "an `Idempotency-Key`. "
                "Refusals are `application/problem+json` and name every wrong field at once."
            ),
            use_handler_docstrings=True,
            openapi_router=Router("/docs", route_handlers=[], include_in_schema=False, opt=may(Role.PUBLIC)),
            render_plugins=[offline_docs()],
        ),
        # structlog speaks for us; Litestar would set up the root logger of the whole process.
        logging_config=None,
        lifespan=[_lifespan(parts, opened, duty), lambda _app: _arriving_and_live(opened, live)],
    )
    require_rules(app)
    describe_bodies(app)
    describe_answers(app)
    app.asgi_handler = Watched(
        Hardened(
            Bounded(app.asgi_handler, lambda: opened["parts"].settings),
            lambda: _behind_tls(opened),
        )
    )
    return app


def create_worker_app(parts: AbstractContextManager[Parts]) -> Litestar:
    """Carry out effects, and answer nothing but whether that goes well."""
    opened: dict[str, Parts] = {}
    duty = Duty(serves=False, works=True)
    app = Litestar(
        route_handlers=[WatchController],
        dependencies={
            "parts": Provide(lambda: opened["parts"], sync_to_thread=False),
            "duty": Provide(lambda: duty, sync_to_thread=False),
        },
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
        lifespan=[_lifespan(parts, opened, duty)],
    )
    app.asgi_handler = Watched(Hardened(app.asgi_handler, lambda: False))
    return app


def _behind_tls(opened: dict[str, Parts]) -> bool:
    return "parts" in opened and opened["parts"].settings.public_url.startswith("https://")


def _lifespan(
    parts: AbstractContextManager[Parts], opened: dict[str, Parts], duty: Duty
) -> Callable[[Litestar], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Litestar) -> AsyncIterator[None]:
        with parts as running:
            opened["parts"] = running
            app.state.counting = Counting(running)
            running.readers.warm()
            if duty.works:
                running.worker.start()
                running.post_room.start()
            log.info("server.started", serves=duty.serves, works=duty.works, pid=os.getpid())
            try:
                yield
            finally:
                log.info("server.stopping", pid=os.getpid())
                if duty.works:
                    running.post_room.stop()
                    running.worker.stop()
        log.info("server.stopped", pid=os.getpid())

    return lifespan


@asynccontextmanager
async def _arriving_and_live(opened: dict[str, Parts], live: dict[str, Switchboard]) -> AsyncIterator[None]:
    """While the parts are open: stale uploads are swept, and streams told of changes, and of a stop."""
    running = opened["parts"]
    switchboard = live["switchboard"] = Switchboard(running.store, running.clock, running.settings)
    async with running.resumable.sweeping(), switchboard.open():
        with told_of_stopping(switchboard.stop):
            yield


def app_from_environment() -> Litestar:
    """What ``flashclaim server run`` hands to uvicorn.

    Raises:
        SettingUnusable: A FLASHCLAIM_ variable cannot be used.
    """
    settings = _settings_and_logs()
    return create_app(assemble(settings), with_worker=settings.embedded_worker)


def worker_from_environment() -> Litestar:
    """What ``flashclaim server worker`` hands to uvicorn where FLASHCLAIM_WORKER_ADDRESS names an address.

    Raises:
        SettingUnusable: A FLASHCLAIM_ variable cannot be used.
    """
    return create_worker_app(assemble(_settings_and_logs()))


def _settings_and_logs() -> Settings:
    settings = Settings.from_environment(os.environ)
    configure_logs(settings.log_format, settings.log_level)
    return settings
