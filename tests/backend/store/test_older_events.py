"""Events of earlier forms, written by the releases that had them, are read as today's; what is unknown is refused."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from backend.domain.events import PhotoChecked, Recorded
from backend.domain.fold import fold
from backend.domain.ids import OrganisationId
from backend.domain.parties import Actor
from backend.domain.photos import CountFound
from backend.domain.words import ActorKind, LaneState, State
from backend.store.codec import decode_event, leaf_hash
from backend.store.upcast import STEPS, unknown_field, upcast
from tests.builders import CLAIM_ID
from tests.replayed import made_again

FORMS = sorted((Path(__file__).parent / "older_events").glob("*.jsonl"))
"""Each the history of one paid and certified claim; made by ``encode_payload`` as it stood before what names the file.

before_weights: offers' lines had no weight (b198686); before_returns: payouts had no file (2d5c953); before_consent: no
word on teaching (4427048); before_overlap: scenes without reasons (0fe34a8); before_basis: no basis, nothing beside
the claim, no steps (3f82c76); before_attestations: the installation signed nothing (52c7a5d).
"""
WITHOUT_WEIGHTS = Path(__file__).parent / "older_events" / "before_weights.jsonl"
WITHOUT_A_BASIS = [
    one for one in FORMS if one.stem in {"before_returns", "before_consent", "before_overlap", "before_basis"}
]
DOUBTFUL = (
    '{"checks":{"count":{"boxes":[{"confidence":"0.9000","species":"pig","xyxy":[10,10,18,30]}],"count":2,"doubtful":1,'
    '"model":"shipped-1","reasons":["CROWDED"],"unsure":true},"fence":{"accuracy_m":"8.000","decision":"INSIDE",'
    '"direction":null,"distance_m":"40.000","nearest":null,"premises":"farm-1","probability_inside":"0.9990",'
    '"signals":[]},"format":"JPEG","height":960,"location_grade":"B","refused":null,"signals":[],"taken_at":null,'
    '"width":1280},"photo_id":"' + "a" * 64 + '"}'
)
"""A photo's checks as 59846e7 wrote them: more animals in doubt, where today an interval stands."""


def rows(form: Path) -> Iterator[tuple[Recorded, str, str]]:
    """Each event with its text and its leaf hash."""
    for line in form.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        who = row["actor"]
        organisation = who["organisation"] and OrganisationId(who["organisation"])
        actor = Actor(ActorKind(who["kind"]), who["id"], organisation)
        event = decode_event(row["type"], row["payload"])
        yield (
            Recorded(row["seq"], datetime.fromisoformat(row["at"]), actor, event),
            row["payload"],
            row["leaf_hash"],
        )


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_a_claim_of_an_older_form_is_read_whole(form: Path) -> None:
    history = [entry for entry, _, _ in rows(form)]

    claim = fold(history)

    assert claim.state is State.CLOSED
    assert [record.state for record in claim.lanes.values()] == [LaneState.APPROVED] * 3
    assert claim.payout
    assert str(claim.payout.amount) == "1400.00"


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_its_leaf_hashes_still_cover_what_was_written_then(form: Path) -> None:
    for entry, payload, leaf in rows(form):
        assert leaf_hash(CLAIM_ID, entry, payload) == leaf


@pytest.mark.parametrize("form", WITHOUT_A_BASIS, ids=lambda form: form.stem)
def test_what_it_does_not_say_is_folded_and_counted(form: Path) -> None:
    again, differences = made_again(entry for entry, _, _ in rows(form))

    assert differences == []
    assert again.made == 1  # the payout: its amount is the offer's
    assert again.folded == [
        "sum shown with a report of an older form",
        "sum of an offer of an older form",
        "findings of a triage of an older form",
        "heads left at a payout of an older form",
    ]


def test_an_acceptance_from_before_weights_were_bound_is_named() -> None:
    """Offers' hashes have covered weights since: what the farmer agreed to then is no longer this offer's hash."""
    _, differences = made_again(entry for entry, _, _ in rows(WITHOUT_WEIGHTS))

    assert [one.replayed for one in differences] == ["nothing: the claim was OFFERED"]


def test_animals_in_doubt_become_an_interval() -> None:
    event = decode_event("photo-checked", DOUBTFUL)

    assert isinstance(event, PhotoChecked)
    assert event.checks.count
    found: CountFound = event.checks.count
    assert (found.count, found.low, found.high) == (2, 2, 3)
    assert replace(found, boxes=()).reasons == ("CROWDED",)


def test_every_step_is_of_a_type_that_there_is() -> None:
    for event_type in STEPS:
        with pytest.raises(ValueError, match=f"no {event_type} of any form"):
            decode_event(event_type, "{}")
    assert upcast("claim-reported", "{}") is None


def test_a_field_of_a_newer_release_is_found_wherever_it_stands() -> None:
    recorded = {"a": [{"b": 1}, {"b": 2, "new": 3}], "c": None}

    assert unknown_field(recorded, {"a": [{"b": 1}, {"b": 2}], "c": None, "later": 1}) == "/a/1/new"
    assert unknown_field(recorded, recorded) is None
