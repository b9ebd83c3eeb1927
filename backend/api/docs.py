"""The API's description at ``/docs``: rendered by a vendored Redoc, so that it works without a network."""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any  # OpenAPI parts are plain JSON

import msgspec
from litestar import Litestar, Response, get
from litestar.openapi.plugins import RedocRenderPlugin
from litestar.openapi.spec import OpenAPIMediaType, Operation, Reference, RequestBody, Schema

from backend.api.answers import PROBLEM, PROBLEM_SCHEMA
from backend.api.guards import may
from backend.api.headers import may_run
from backend.api.schemas import (
    assistances,
    audit,
    duties,
    farmers,
    flags,
    labels,
    notices,
    officers,
    personal,
    ratings,
    report,
    review,
    visits,
    webhooks,
)
from backend.api.web import AnyRequest
from backend.domain.authority.words import Role

REDOC_URL = "/static/redoc.js"
BODIES = (
    report.ReportBody,
    report.EvidenceBody,
    review.DecisionBody,
    review.AssessmentBody,
    review.AcceptanceBody,
    review.CodeBody,
    review.HandoverBody,
    review.CertificateBody,
    review.HoldBody,
    review.ReasonBody,
    review.RetryBody,
    labels.LabelBody,
    labels.ConsentBody,
    flags.FlagBody,
    notices.ContactBody,
    duties.DelegationBody,
    duties.NudgeBody,
    duties.AssignmentBody,
    duties.CoverBody,
    duties.TieBody,
    duties.TieEndBody,
    duties.ServiceBody,
    visits.VisitBody,
    visits.HereBody,
    visits.VisitEndBody,
    assistances.AssistanceCodeBody,
    assistances.AssistanceBody,
    assistances.AgentSessionBody,
    farmers.CodeAskedBody,
    farmers.FarmerSessionBody,
    farmers.RefreshBody,
    farmers.CardBody,
    farmers.LinkBody,
    farmers.PayeeRequestBody,
    farmers.PayeeCodeBody,
    farmers.DeviceBody,
    farmers.QuoteBody,
    officers.SessionBody,
    officers.KeySessionBody,
    officers.KeyBody,
    officers.KeyApprovalBody,
    officers.RevocationBody,
    officers.InvitationBody,
    officers.SuspensionBody,
    officers.AdministratorBody,
    officers.RegulatorBody,
    ratings.RatingBody,
    ratings.TicketAssignmentBody,
    ratings.TicketClosingBody,
    officers.PayeeBody,
    audit.CosignatureBody,
    personal.LookBody,
    personal.PersonBody,
    webhooks.WebhookBody,
    webhooks.ReplayBody,
)


_INLINE = re.compile(rb"<script[^>]*>([^<].*?)</script>", re.DOTALL)


class OfflineRedoc(RedocRenderPlugin):
    """Redoc under a policy that names the page's one inline script by its hash.

    Redoc's own footer asks a stranger's server for a logo: the page may load what we serve, and nothing else. Its
    styles are written while it runs, so that no hash can name them.
    """

    def render(self, request: AnyRequest, openapi_schema: dict[str, Any]) -> bytes:
        """The page."""
        page = super().render(request, openapi_schema)
        hashes = " ".join(f"'sha256-{_base64_sha256(script)}'" for script in _INLINE.findall(page))
        may_run(
            request,
            f"default-src 'none'; script-src 'self' {hashes}; style-src 'unsafe-inline'; img-src 'self' data:; "
            "font-src data:; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )
        return page


def offline_docs() -> OfflineRedoc:
    """Redoc from our own server: no web fonts, no icon and no logo from elsewhere."""
    return OfflineRedoc(js_url=REDOC_URL, google_fonts=False, favicon='<link rel="icon" href="data:,">')


def _base64_sha256(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


@get(REDOC_URL, opt=may(Role.PUBLIC), include_in_schema=False, cache=True, sync_to_thread=True)
def redoc_script() -> Response[bytes]:
    """The vendored Redoc bundle."""
    content = (files("backend.web") / "static/redoc/redoc.standalone.js").read_bytes()
    return Response(content, media_type="text/javascript", headers={"Cache-Control": "public, max-age=86400"})


def body_of(kind: type[msgspec.Struct]) -> type[Operation]:
    """An operation whose JSON body is *kind*: handlers read the raw body, to name all wrong fields at once."""

    @dataclass
    class WithBody(Operation):
        request_body: RequestBody | Reference | None = field(
            default_factory=lambda: RequestBody(
                content={
                    "application/json": OpenAPIMediaType(
                        schema=Reference(ref=f"#/components/schemas/{kind.__name__}")
                    )
                },
                required=True,
            )
        )

        def __post_init__(self) -> None:
            # Litestar passes None for handlers without a ``data`` argument.
            if self.request_body is None:
                self.request_body = type(self)().request_body

    return WithBody


def describe_bodies(app: Litestar) -> None:
    """Add the schemas of all bodies, and of refusals, to the description.

    Litestar replaces the components it was configured with by those that it generates, so they are added after it.
    """
    _, schemas = msgspec.json.schema_components(BODIES, ref_template="#/components/schemas/{name}")
    described = app.openapi_schema.components
    raw = schemas | {PROBLEM: PROBLEM_SCHEMA}
    described.schemas = {name: _RawSchema(schema) for name, schema in raw.items()} | described.schemas


class _RawSchema(Schema):
    """A JSON schema that msgspec wrote, passed through as it is."""

    def __init__(self, raw: dict[str, Any]) -> None:
        super().__init__()
        self._raw = raw

    def to_schema(self) -> dict[str, Any]:
        """The schema as JSON."""
        return self._raw
