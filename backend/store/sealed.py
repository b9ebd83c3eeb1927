"""Every column that is sealed, once: what rotation goes through, and what docs/personal-data.md has to name."""

from dataclasses import dataclass

from sqlalchemy import Table

from backend.store import tables
from backend.store.authority_tables import proposals
from backend.store.farmer_tables import farmer_messages, payee_requests
from backend.store.personal_tables import personal_values
from backend.store.visit_tables import visits
from backend.store.webhook_tables import webhook_endpoints

PAYEE_NAME = "policies.payee_name"
PAYEE_ACCOUNT = "policies.payee_account"
HOLDER_ID_NUMBER = "policies.holder_id_number"
PHONE = "farm_contacts.phone"
ANSWER = "requests.answer"
BEFORE, AFTER = "import_changes.before", "import_changes.after"
BANK_FILE = "bank_files.content"
BESIDE = "personal_values.sealed"
PROPOSED = "proposals.document"
ASKED_NAME, ASKED_ACCOUNT = "payee_requests.payee_name", "payee_requests.payee_account"
LETTER_PHONE = "farmer_messages.phone"
WHEREABOUTS = "visits.whereabouts"
WEBHOOK_SECRET, FORMER_WEBHOOK_SECRET = "webhook_endpoints.secret", "webhook_endpoints.former_secret"


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """``name`` is the first part of each value's place, the row's key the rest; ``index`` the column that finds it."""

    name: str
    table: Table
    column: str
    index: str | None = None


COLUMNS = (
    SealedColumn(PAYEE_NAME, tables.policies, "payee_name"),
    SealedColumn(PAYEE_ACCOUNT, tables.policies, "payee_account", "payee_account_index"),
    SealedColumn(HOLDER_ID_NUMBER, tables.policies, "holder_id_number"),
    SealedColumn(PHONE, tables.farm_contacts, "phone", "phone_index"),
    SealedColumn(ANSWER, tables.requests, "answer"),
    SealedColumn(BEFORE, tables.import_changes, "before"),
    SealedColumn(AFTER, tables.import_changes, "after"),
    SealedColumn(BANK_FILE, tables.bank_files, "content"),
    SealedColumn(BESIDE, personal_values, "sealed"),
    SealedColumn(PROPOSED, proposals, "document"),
    SealedColumn(ASKED_NAME, payee_requests, "payee_name"),
    SealedColumn(ASKED_ACCOUNT, payee_requests, "payee_account"),
    SealedColumn(LETTER_PHONE, farmer_messages, "phone"),
    SealedColumn(WHEREABOUTS, visits, "whereabouts"),
    SealedColumn(WEBHOOK_SECRET, webhook_endpoints, "secret"),
    SealedColumn(FORMER_WEBHOOK_SECRET, webhook_endpoints, "former_secret"),
)
