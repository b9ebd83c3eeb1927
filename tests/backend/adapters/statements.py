"""Statements for tests, as banks write them."""

from collections.abc import Sequence

HEADER = "记账日期,借贷标志,金额,币种,附言,流水号"


def csv_of(*rows: str, header: str = HEADER, encoding: str = "utf-8") -> bytes:
    return ("\r\n".join([header, *rows]) + "\r\n").encode(encoding)


def entry(
    reference: str,
    amount: str = "1400.00",
    *,
    side: str = "DBIT",
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    currency: str = "CNY",
    returned: str = "",
    number: str = "SB1",
) -> str:
    reason = f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{status}'
        f"<BookgDt><Dt>2026-11-25</Dt></BookgDt><AcctSvcrRef>{number}</AcctSvcrRef><BkTxCd/>"
        f"<NtryDtls><TxDtls><Refs><EndToEndId>{reference}</EndToEndId></Refs>{reason}</TxDtls></NtryDtls></Ntry>"
    )


def camt_of(entries: Sequence[str], *, version: str = "08", before: str = "", period: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>'
        f"<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-26T01:00:00+08:00</CreDtTm></GrpHdr>"
        f"<Stmt><Id>S1</Id>{period}{''.join(entries)}</Stmt></BkToCstmrStmt></Document>"
    ).encode()
