"""The Litestar application: controllers, problems, documentation without a network."""

import os
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager

from litestar import Litestar, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig

from backend.api.auth import provide_person, provide_reader
from backend.api.claims import ClaimController
from backend.api.docs import describe_bodies, offline_docs, redoc_script
from backend.api.operations import OperationsController
from backend.api.payouts import PayoutController
from backend.api.photos import PhotoController
from backend.api.problems import answer_bug, answer_http, answer_problem
from backend.api.reviews import QueueController, ReviewController
from backend.api.sessions import SessionController
from backend.api.settlement import SettlementController
from backend.api.web import refuse_nul
from backend.bootstrap import Parts, assemble
from backend.domain.problems import Problem
from backend.logs import configure_logs
from backend.settings import Settings

CONTROLLERS = (
    SessionController,
    ClaimController,
    PhotoController,
    QueueController,
    ReviewController,
    SettlementController,
    PayoutController,
    OperationsController,
)


def create_app(parts: AbstractContextManager[Parts], *, with_worker: bool) -> Litestar:
    """Build the application around *parts*, which are opened at start-up and closed at shutdown.

    Args:
        parts: As ``bootstrap.assemble`` gives them.
        with_worker: Carry out effects in this process too.
    """
    opened: dict[str, Parts] = {}

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        with parts as running:
            opened["parts"] = running
            if with_worker:
                running.worker.start()
            try:
                async with running.resumable.sweeping():
                    yield
            finally:
                if with_worker:
                    running.worker.stop()

    app = Litestar(
        route_handlers=[Router("/api/v1", route_handlers=list(CONTROLLERS)), redoc_script],
        dependencies={
            "parts": Provide(lambda: opened["parts"], sync_to_thread=False),
            "person": Provide(provide_person),
            "reader": Provide(provide_reader),
        },
        before_request=refuse_nul,
        exception_handlers={
            Problem: answer_problem,
            HTTPException: answer_http,
            Exception: answer_bug,
        },
        openapi_config=OpenAPIConfig(
            title="flashclaim",
            version="1",
            description=(
                "Instant claims for livestock insurance 闪赔. Sign in with `Authorization: Bearer`: an officer's "
                "session token, or a policy's report token. What creates or decides carries an `Idempotency-Key`. "
                "Refusals are `application/problem+json` and name every wrong field at once."
            ),
            use_handler_docstrings=True,
            path="/docs",
            render_plugins=[offline_docs()],
        ),
        # structlog speaks for us; Litestar would set up the root logger of the whole process.
        logging_config=None,
        lifespan=[lifespan],
    )
    describe_bodies(app)
    return app


def app_from_environment() -> Litestar:
    """What ``flashclaim server run`` hands to uvicorn.

    Raises:
        SettingUnusable: A FLASHCLAIM_ variable cannot be used.
    """
    configure_logs()
    settings = Settings.from_environment(os.environ)
    return create_app(assemble(settings), with_worker=settings.embedded_worker)
