"""What is secret is compared in constant time, so that no answer's delay says how much of a guess was right."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_SECRET = re.compile(
    r"(^|_)(secret|signature|token|password|passphrase|code_hash|token_hash|mac|hmac)$", re.IGNORECASE
)
# Not given by whoever asks, or no secret: the start looks at its own settings, notices carry a session's number, and a
# lease's number counts up from one.
KNOWN = {
    ("backend/settings.py", "self.bank_secret == SANDBOX_SECRET"),
    ("backend/diagnosis.py", "settings.bank_secret == SANDBOX_SECRET"),
    ("backend/store/postgres_news.py", "token != self._token"),
}


def _named(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _is_column(node: ast.expr) -> bool:
    """``table.c.name``: the database looks a hash up in its index, and no guess comes near."""
    return isinstance(node, ast.Attribute) and _named(node.value) == "c"


def _compared(path: Path) -> set[tuple[str, str]]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq | ast.NotEq):
            continue
        sides = (node.left, *node.comparators)
        if any(map(_is_column, sides)) or any(isinstance(side, ast.Constant) for side in sides):
            continue
        if any(_SECRET.search(_named(side)) for side in sides):
            found.add((path.relative_to(ROOT).as_posix(), ast.unparse(node)))
    return found


def test_no_secret_is_compared_with_an_equals_sign() -> None:
    found = set().union(
        *(_compared(path) for folder in ("backend", "cli") for path in (ROOT / folder).rglob("*.py"))
    )

    assert found == KNOWN
