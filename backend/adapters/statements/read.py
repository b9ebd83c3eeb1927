"""A bank statement's bytes: camt.053 where it is XML, CSV otherwise."""

from backend.adapters.statements.camt import read_camt
from backend.adapters.statements.table import read_table
from backend.domain.problems import FieldError, InvalidInput
from backend.domain.reconciliation import Statement

MOST_BYTES = 20_000_000
MOST_LINES = 200_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_statement(content: bytes) -> Statement:
    """Read a statement of either kind.

    Raises:
        InvalidInput: No statement that can be read at all; single lines that cannot are named in it.
    """
    if len(content) > MOST_BYTES:
        raise InvalidInput(
            "the statement is too big", errors=[FieldError("", f"more than {MOST_BYTES} bytes")]
        )
    is_xml = content.removeprefix(_BYTE_ORDER_MARK).lstrip()[:1] == b"<"
    statement = read_camt(content) if is_xml else read_table(content)
    if len(statement.lines) > MOST_LINES:
        raise InvalidInput(
            "the statement is too long", errors=[FieldError("", f"more than {MOST_LINES} lines")]
        )
    return statement
