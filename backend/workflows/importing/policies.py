"""Policies 保单 in an import: what they insure, and whom they pay."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any  # what a change or a report tells is any field's value

from backend.domain.indemnity.problems import UnknownProduct
from backend.domain.indemnity.product import Product
from backend.domain.personal.masks import masked, masked_name
from backend.domain.register.fields import Register
from backend.domain.register.judging import Judged, Wrong, judge_policy, judge_policy_change
from backend.domain.register.programmes import judge_membership
from backend.domain.words import PayGate
from backend.products.catalogue import Catalogue
from backend.store import registers
from backend.store.engine import Transaction
from backend.workflows.importing.plan import Plan, Rules, Scope, Values, Wishes, judge_farm

PAYEE_FIELDS = frozenset({"payee_name", "payee_account"})
"""The columns that say whom a policy pays."""


class PolicyRules(Rules):
    """A policy stands on a registered farm and a known product; whom it pays changes only by a word of its own."""

    defaults: Mapping[str, object] = {
        "heads_paid_before": 0,
        "sum_insured": None,
        "deductible_percent": "0",
        "pay_gate": PayGate.HANDOVER,
        "card_hash": None,
        "programme": None,
        "holder_id_number": None,
    }

    def __init__(
        self,
        connection: Transaction,
        scope: Scope,
        wishes: Wishes,
        catalogue: Catalogue,
        standing: Mapping[str, Values],
        farm_ids: list[str],
        programmes: list[str],
    ) -> None:
        self._scope, self._wishes, self._catalogue = scope, wishes, catalogue
        before = [row["farm_id"] for row in standing.values()]
        self._counties = registers.counties_of_farms(connection, list(dict.fromkeys((*farm_ids, *before))))
        self._open_claims = registers.open_claims(connection, list(standing))
        self._periods = registers.cover_periods(connection, list(standing))
        before = [row["programme"] for row in standing.values() if row["programme"]]
        self._programmes = registers.standing(connection, Register.PROGRAMMES, [*programmes, *before])

    def judge(self, row: Values, before: Values | None) -> Judged:
        """The farm, the terms, and what a change means for claims."""
        row["deductible_percent"] = str(row["deductible_percent"])
        if farm := judge_farm(row, before, self._counties, self._scope):
            return Judged((farm,))
        judged = judge_policy(row, self._product(row))
        if stranger := judge_membership(row, self._programmes, self._counties[row["farm_id"]]):
            judged = replace(judged, wrong=(*judged.wrong, stranger))
        if before is None or judged.wrong:
            return judged
        moved = judge_policy_change(
            before,
            row,
            heads_committed=self._committed(row),
            open_claims=self._open_claims.get(row["number"], 0),
        )
        wrong, notes = list(moved.wrong), [*judged.notes, *moved.notes]
        if any(before[name] != row[name] for name in PAYEE_FIELDS):
            if self._wishes.allows_payee_changes:
                notes.append(
                    f"pays {masked_name(row['payee_name'])} …{row['payee_account'][-4:]} from now on"
                )
            else:
                then = "Two officers agree to it: flashclaim policy payee change."
                wrong.append(
                    Wrong("payee_account", "or payee_name differs from whom the policy pays now", then)
                )
        return Judged(tuple(wrong), tuple(notes))

    def shows(self, name: str, value: Any, /) -> str | None:
        """Names, accounts and identity numbers masked."""
        return masked(name, self.tells(value))

    def is_same(self, name: str, before: Any, after: Any, /) -> bool:
        """Percentages are compared as numbers."""
        return (
            bool(Decimal(before) == Decimal(after)) if name == "deductible_percent" else bool(before == after)
        )

    def finish(self, plan: Plan, kept: Mapping[int, Values], /) -> None:
        """Cards go to policies that have none."""
        if self._wishes.makes_tokens:
            renewed = self._wishes.renews_tokens
            plan.tokens_for += [row["number"] for row in kept.values() if renewed or not row["card_hash"]]
        elif plan.new:
            plan.report.note(None, "new policies get no card without --tokens FILE")

    def _committed(self, row: Values) -> int:
        """Heads of cover periods that share a day with the row's; a renewal begins with none."""
        return sum(
            heads
            for incepted, expires, heads in self._periods.get(row["number"], ())
            if incepted <= row["expires"] and expires >= row["incepted"]
        )

    def _product(self, row: Values) -> Product | UnknownProduct:
        try:
            return self._catalogue.find(row["product"], row["incepted"])
        except UnknownProduct as unknown:
            return unknown
