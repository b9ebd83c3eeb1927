"""What every refusal looks like (formats.md, HTTP)."""

from typing import Any

import httpx

KEYS = {"type", "title", "status", "detail", "code", "next", "errors"}


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The refusal's body, after a look at everything that callers rely on."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(body) == KEYS
    assert (body["status"], body["code"], body["type"]) == (status, code, f"/problems/{code}")
    assert all(isinstance(body[name], str) and body[name] for name in ("title", "detail", "next"))
    assert all(set(error) == {"pointer", "detail"} for error in body["errors"])
    return body


def pointers(body: dict[str, Any]) -> list[str]:
    return sorted(error["pointer"] for error in body["errors"])
