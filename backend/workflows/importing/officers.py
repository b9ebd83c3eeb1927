"""Officers 工作人员 in an import, and at the server the offices that they belong to."""

from collections.abc import Mapping

from backend.domain.register.judging import Judged, Wrong
from backend.store import registers
from backend.store.engine import Transaction
from backend.workflows.importing.plan import Plan, Rules, Scope, Values, Wishes

_OFFICE = ("organisation_name", "lane", "county")


class OfficerRules(Rules):
    """An office registers its own people; other offices are founded at the server only.

    Whoever hands out login tokens can sign in with them: an insurer who could register veterinary officers would
    approve in two lanes.
    """

    defaults: Mapping[str, object]

    def __init__(
        self, connection: Transaction, scope: Scope, wishes: Wishes, standing: Mapping[str, Values]
    ) -> None:
        self._scope, self._wishes = scope, wishes
        self._offices = registers.organisations(connection)
        self._founded: dict[str, Values] = {}
        self._never_in = registers.never_signed_in(connection, list(standing))
        self.defaults = {"organisation_id": scope.organisation, "is_administrator": False}

    def judge(self, row: Values, before: Values | None) -> Judged:
        """Whose officer it is."""
        office = row["organisation_id"]
        if office is None:
            return Judged((Wrong("organisation_id", "is missing", "Write the office's id."),))
        own = self._scope.organisation
        if own is not None and (office != own or (before and before["organisation_id"] != own)):
            why = f"is another office than yours, {own}"
            return Judged((Wrong("organisation_id", why, "Every office registers its own officers."),))
        if before and before["organisation_id"] != office:
            why = f"was {before['organisation_id']}: what the officer signed was signed there"
            return Judged((Wrong("organisation_id", why, "Register the officer under a new id."),))
        was = bool(before and before["is_administrator"])
        if own is not None and row["is_administrator"] != was:
            why = "is named by one administrator and agreed to by another"
            return Judged(
                (Wrong("is_administrator", why, "Leave it out; flashclaim officer administrator ID."),)
            )
        if office not in self._offices:
            if wrong := self._found(office, row):
                return Judged((wrong,))
        elif differs := self._differing(self._offices[office], row):
            return Judged(notes=(f"the office keeps its {', '.join(differs)} as registered",))
        return Judged()

    def finish(self, plan: Plan, kept: Mapping[int, Values], /) -> None:
        """Found the offices, and give login tokens to officers who can have none yet."""
        plan.organisations += self._founded.values()
        for row in kept.values():
            for name in _OFFICE:
                row.pop(name, None)
        if self._wishes.makes_tokens:
            new = {row["id"] for row in plan.new} | self._never_in
            plan.tokens_for += [
                row["id"] for row in kept.values() if self._wishes.renews_tokens or row["id"] in new
            ]
        elif plan.new:
            plan.report.note(
                None, "new officers cannot sign in without a login token: --tokens FILE writes them"
            )

    def _found(self, office: str, row: Values) -> Wrong | None:
        """Found an office that the file describes."""
        if self._scope.organisation is not None:
            return Wrong("organisation_id", "is no registered office", "Offices are founded at the server.")
        if office not in self._founded:
            missing = [name for name in ("organisation_name", "county") if not row.get(name)]
            if missing:
                why = f"is no registered office, and the row has no {' and no '.join(missing)}"
                return Wrong("organisation_id", why, "Describe the office in the row of its first officer.")
            self._founded[office] = {
                "id": office,
                "name": row["organisation_name"],
                "lane": row.get("lane"),
                "county": row["county"],
            }
        return None

    def _differing(self, registered: Values, row: Values) -> list[str]:
        pairs = (("organisation_name", "name"), ("lane", "lane"), ("county", "county"))
        return [ours for theirs, ours in pairs if row.get(theirs) not in {None, registered[ours]}]
