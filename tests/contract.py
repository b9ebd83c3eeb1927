"""The fields of formats.md, written down: what outside scripts rely on. A document may have more."""

SHOW = {
    "number",
    "id",
    "state",
    "path",
    "holds",
    "reasons",
    "heads_claimed",
    "heads_counted",
    "fence",
    "offer",
    "evidence_hash",
    "lanes",
    "acceptance",
    "handover",
    "payout",
    "due_at",
}
FENCE = {"decision", "distance_m", "probability_inside", "accuracy_m", "premises", "nearest", "signals"}
OFFER = {"amount", "currency", "offer_hash"}
LANE = {"state", "by", "at"}
PAYOUT = {"state", "amount", "reference"}
TIMELINE = {"number", "events", "stages", "seconds_to_paid"}
EVENT = {"seq", "at", "type", "actor", "organisation", "text"}
STAGE = {"stage", "seconds", "held_by", "open"}
