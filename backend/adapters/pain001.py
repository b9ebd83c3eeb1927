"""A payment file: ISO 20022 pain.001.001.09, the customer credit transfer initiation that banks take by upload.

Version 09 (2019) is what banks ask for since the ISO migration of 2023-2025; 03 is its predecessor of 2009. Accounts in
China have no IBAN and stand as Othr/Id, a bank as its BIC or its 12-digit CNAPS number. The same batch gives the same
bytes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from backend.adapters.bank import Transfer
from backend.domain.money import Money
from backend.domain.policy import SHANGHAI

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
CURRENCY = "CNY"
PURPOSE = "INSC"
"""Payment of an insurance claim, in ISO's external purpose codes."""
MOST_NAME, MOST_ACCOUNT = 140, 34
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_CNAPS = re.compile(r"[0-9]{12}")
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold."""


@dataclass(frozen=True, slots=True)
class Payer:
    """The insurer as its bank knows it. ``bank`` is a BIC or a 12-digit CNAPS number, or empty.

    Raises:
        ValueError: A name or account that no payment file can hold, or another kind of bank number.
    """

    name: str
    account: str
    bank: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.name) <= MOST_NAME:
            raise ValueError(f"the payer's name needs 1 to {MOST_NAME} characters")
        if not 0 < len(self.account) <= MOST_ACCOUNT:
            raise ValueError(f"the payer's account needs 1 to {MOST_ACCOUNT} characters")
        if self.bank and not (_BIC.fullmatch(self.bank) or _CNAPS.fullmatch(self.bank)):
            raise ValueError(f"{self.bank!r} is neither a BIC nor a 12-digit CNAPS number")


def pain001(
    message_id: str, made_at: datetime, execute_on: date, payer: Payer, transfers: Sequence[Transfer]
) -> str:
    """Write *transfers* as one batch.

    Args:
        message_id: Names the file at the bank, at most 35 characters; never used twice.
        made_at: An aware moment; written in Shanghai's time, to the second.
        execute_on: The day on which the bank is asked to pay.
        payer: Whose account is debited.
        transfers: At least one.

    Raises:
        ValueError: No transfer at all.
    """
    if not transfers:
        raise ValueError("a payment file holds at least one transfer")
    total = str(Money.total(one.amount for one in transfers))
    document = Element("Document", xmlns=NAMESPACE)
    message = SubElement(document, "CstmrCdtTrfInitn")
    header = SubElement(message, "GrpHdr")
    _put(header, "MsgId", message_id)
    _put(header, "CreDtTm", made_at.astimezone(SHANGHAI).isoformat(timespec="seconds"))
    _put(header, "NbOfTxs", str(len(transfers)))
    _put(header, "CtrlSum", total)
    _put(header, "InitgPty/Nm", payer.name)
    batch = SubElement(message, "PmtInf")
    _put(batch, "PmtInfId", message_id)
    _put(batch, "PmtMtd", "TRF")
    # One line a payout on the statement, or nothing could be reconciled.
    _put(batch, "BtchBookg", "false")
    _put(batch, "NbOfTxs", str(len(transfers)))
    _put(batch, "CtrlSum", total)
    _put(batch, "ReqdExctnDt/Dt", execute_on.isoformat())
    _put(batch, "Dbtr/Nm", payer.name)
    _put(batch, "DbtrAcct/Id/Othr/Id", payer.account)
    _bank(SubElement(batch, "DbtrAgt"), payer.bank)
    for transfer in transfers:
        _transfer(SubElement(batch, "CdtTrfTxInf"), transfer)
    indent(document)
    return tostring(document, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="UTF-8"?>\n', "\n")
    )


def _transfer(one: Element, transfer: Transfer) -> None:
    ids = SubElement(one, "PmtId")
    # The key without its hyphens: an id has 35 characters, a UUID 36.
    _put(ids, "InstrId", transfer.key.hex)
    _put(ids, "EndToEndId", transfer.reference)
    _put(one, "Amt/InstdAmt", str(transfer.amount)).set("Ccy", CURRENCY)
    _put(one, "Cdtr/Nm", transfer.payee_name[:MOST_NAME])
    _put(one, "CdtrAcct/Id/Othr/Id", transfer.account)
    _put(one, "Purp/Cd", PURPOSE)
    _put(one, "RmtInf/Ustrd", transfer.reference)


def _bank(agent: Element, bank: str) -> None:
    if _BIC.fullmatch(bank):
        _put(agent, "FinInstnId/BICFI", bank)
    elif bank:
        member = SubElement(SubElement(agent, "FinInstnId"), "ClrSysMmbId")
        _put(member, "ClrSysId/Cd", "CNAPS")
        _put(member, "MmbId", bank)
    else:
        # What ISO's users write where the file goes to the very bank that holds the account.
        _put(agent, "FinInstnId/Othr/Id", "NOTPROVIDED")


def _put(parent: Element, path: str, text: str) -> Element:
    for name in path.split("/"):
        parent = SubElement(parent, name)
    parent.text = _UNWRITABLE.sub("", text)
    return parent
