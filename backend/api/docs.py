"""The API's description at ``/docs``: rendered by a vendored Redoc, so that it works without a network."""

from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any  # OpenAPI parts are plain JSON

import msgspec
from litestar import Litestar, Response, get
from litestar.openapi.plugins import RedocRenderPlugin
from litestar.openapi.spec import OpenAPIMediaType, Operation, Reference, RequestBody, Schema

from backend.api.answers import PROBLEM, PROBLEM_SCHEMA
from backend.api.guards import may
from backend.api.schemas import duties, labels, notices, report, review
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
    notices.ContactBody,
    duties.DelegationBody,
    duties.CoverBody,
    duties.TieBody,
    duties.TieEndBody,
    duties.ServiceBody,
    review.SessionBody,
    review.KeyBody,
)


# Redoc's own footer asks a stranger's server for a logo: the page may load what we serve, and nothing else.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; worker-src 'self' blob:"
)
_HEAD = f"""<meta http-equiv="Content-Security-Policy" content="{_POLICY}"><link rel="icon" href="data:,">"""


def offline_docs() -> RedocRenderPlugin:
    """Redoc from our own server: no web fonts, no icon and no logo from elsewhere."""
    return RedocRenderPlugin(js_url=REDOC_URL, google_fonts=False, favicon=_HEAD)


@get(REDOC_URL, opt=may(Role.PUBLIC), include_in_schema=False, cache=True, sync_to_thread=True)
def redoc_script() -> Response[bytes]:
    """The vendored Redoc bundle."""
    content = (files("backend.web") / "static/redoc/redoc.standalone.js").read_bytes()
    return Response(content, media_type="text/javascript")


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
