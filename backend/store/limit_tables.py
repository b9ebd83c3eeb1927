"""What payouts are held to: heads by cover period, money by programme; each row counts what is committed of it.

The two checks stand behind the decisions: a payout that started beyond a limit, by whatever mistake, is not committed.
``*_beyond`` is what the bank paid although it had refused, which is a fact and no decision.
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Integer, String, Table

from backend.store.columns import Fen
from backend.store.tables import metadata

cover_periods = Table(
    "cover_periods",
    metadata,
    Column("policy_number", ForeignKey("policies.number"), primary_key=True),
    Column("incepted", Date, primary_key=True),
    Column("expires", Date, nullable=False),
    # The most generous terms that a claim of the period was reported under, where an endorsement changed them.
    Column("insured_heads", Integer, nullable=False),
    Column("heads_before", Integer, nullable=False),
    Column("heads_committed", Integer, nullable=False),
    Column("heads_beyond", Integer, nullable=False),
    CheckConstraint(
        "heads_before + heads_committed <= insured_heads + heads_beyond", name="ck_cover_periods_heads"
    ),
)

programmes = Table(
    "programmes",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("county", String(12), nullable=False),
    Column("begins", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("most", Fen, nullable=False),
    Column("paid_before", Fen, nullable=False),
    Column("committed", Fen, nullable=False, server_default="0"),
    Column("beyond", Fen, nullable=False, server_default="0"),
    CheckConstraint("paid_before + committed <= most + beyond", name="ck_programmes_money"),
)
