"""Events to rows and back: nothing is lost, nothing unknown is read, nothing can change unseen."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain import commands as c
from backend.domain.canonical import canonical
from backend.domain.decisions.facts import Clocks
from backend.domain.duties.offices import Offices
from backend.domain.events import Recorded
from backend.domain.ids import ClaimId, OrganisationId
from backend.domain.parties import Actor
from backend.domain.photos import PhotoRefused
from backend.domain.plain import canonical_text, plain
from backend.domain.tickets.owner import Candidate
from backend.domain.visits.words import ExpectedFrom, VisitEnd
from backend.domain.words import ActorKind, Lane, Posture, State
from backend.store.codec import EVENT_TYPES, decode_event, encode_payload, leaf_hash
from backend.timetables.load import timetable
from tests.builders import (
    CLAIM_ID,
    OUTSIDE,
    a_consent,
    a_flag_judgement,
    a_hold,
    a_label,
    a_photo_id,
    a_release,
    a_report,
    a_retry,
    a_scene,
    an_officer,
    assessment,
    certificate,
    evidence,
    facts,
    photo_checks,
    returned_by_bank,
    under_way,
)
from tests.stories import a_story, a_story_in
from tests.voices import SERVICE, a_rating, closing, taking


def recorded_of_every_kind() -> Iterator[Recorded]:
    """What stories through all states record, and the odd things beside them."""
    for state in State:
        yield from a_story_in(state).events
    reused = a_story(
        report=a_report("95", None, occurred_at=a_report().occurred_at + timedelta(microseconds=1)),
        world=facts(sightings={a_photo_id(): ("FC-20261120-0009",)}),
        checks=photo_checks(fence=OUTSIDE, refused=PhotoRefused("not-a-photo", "不是照片", 'say "no"\n')),
    )
    reused.give(a_release())
    reused.give(a_hold())
    reused.give(a_release())
    reused.give(assessment("95", "88.5"))
    reused.give(evidence("photo-2", note="another \U0001f437 lies behind the shed"))
    yield from reused.events
    failed = a_story_in(State.PAYMENT_FAILED)
    failed.give(a_retry())
    failed.give(certificate())
    failed.pay(confirmed=False)
    failed.give(under_way(failed.claim))
    failed.give(returned_by_bank(failed.claim))
    failed.give(a_consent())
    failed.give(a_label(posture=Posture.MIXED, dead=True, note="两头 lie behind the others"))
    failed.give(a_label(heads=0))
    failed.give(a_consent(given=False))
    yield from failed.events
    late = a_story(world=facts(clocks=Clocks(timetable=timetable())))
    late.facts = replace(late.facts, offices=Offices(asked=Lane.VETERINARY))
    vet, neighbour = an_officer(Lane.VETERINARY), OrganisationId("org-next-county")
    late.give(c.RecordDeadlines(), after=timedelta(minutes=12))
    late.give(c.RecordDeadlines(), after=timedelta(minutes=3))
    late.give(c.Recuse(officer=vet, reason="my brother's farm"))
    doubted = a_story(scene=a_scene(7))
    doubted.give(a_flag_judgement("COUNT_MISMATCH:"))
    yield from doubted.events
    insurer = an_officer(Lane.INSURER)
    late.facts = replace(late.facts, holders=(vet.id,), named=insurer)
    late.give(c.Nudge(officer=insurer, note="两天了"))
    late.give(c.AssignLane(officer=insurer, to=insurer.id, reason="on leave"))
    late.give(c.DelegateLane(officer=vet, lane=Lane.VETERINARY, to=neighbour, reason="our vet is ill"))
    late.facts = replace(late.facts, office_county=late.claim.report.policy.county, offices=Offices())
    expected = late.at + timedelta(minutes=40)
    late.give(c.StartVisit(officer=insurer, expected_at=expected, expected_from=ExpectedFrom.SAID))
    late.give(c.EndVisit(how=VisitEnd.ARRIVED, officer=insurer))
    yield from late.events
    heard = a_story_in(State.PAID)
    timed = facts(clocks=Clocks(timetable=timetable()))
    heard.facts = replace(timed, candidates=(Candidate(SERVICE.id, 1, 0),))
    heard.give(a_rating(payment=1, words="没人说清楚"))
    colleague = an_officer(Lane.INSURER, name="ma")
    heard.give(taking(to=colleague))
    heard.give(closing(colleague, words="called, and explained the sum"))
    yield from heard.events


EVERY_KIND = tuple(recorded_of_every_kind())


def test_the_examples_show_every_kind_of_event() -> None:
    assert {entry.event.type for entry in EVERY_KIND} == set(EVENT_TYPES)


@pytest.mark.parametrize("kind", EVENT_TYPES)
def test_an_event_reads_back_as_it_was_written(kind: str) -> None:
    for event in (entry.event for entry in EVERY_KIND if entry.event.type == kind):
        payload = encode_payload(event)

        assert decode_event(kind, payload) == event
        assert encode_payload(decode_event(kind, payload)) == payload


def test_a_payload_is_the_canonical_form_of_the_plain_event() -> None:
    for entry in EVERY_KIND:
        assert encode_payload(entry.event).encode() == canonical(plain(entry.event))


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(codec="utf-8"))
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.datetimes(timezones=st.timezones())
    | st.uuids()
    | st.sampled_from(State),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(st.characters(codec="utf-8")), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(values)
def test_one_pass_writes_what_two_passes_write(value: object) -> None:
    assert canonical_text(value).encode() == canonical(plain(value))


@pytest.mark.parametrize(
    "wrong", [1.5, [1.5], b"bytes", {1, 2}, 2**53, a_report().occurred_at.replace(tzinfo=None)]
)
def test_one_pass_refuses_what_has_no_exact_form(wrong: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        canonical_text(wrong)


def test_a_report_from_before_there_was_consent_lends_nothing() -> None:
    event = a_story().events[0].event
    older = encode_payload(event).replace('"photos_may_teach":false,', "")
    assert older != encode_payload(event)

    assert decode_event(event.type, older) == event


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown event type claim-blessed"):
        decode_event("claim-blessed", "{}")


@pytest.mark.parametrize("payload", ["{}", '{"photo_id":1,"bytes":2}', "[]", "not json"])
def test_a_payload_that_does_not_fit_its_type_is_refused(payload: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's and msgspec's errors have no words in common
        decode_event("photo-received", payload)


def test_the_leaf_is_the_canonical_form_of_its_record() -> None:
    for entry in EVERY_KIND:
        payload = encode_payload(entry.event)
        record = {
            "claim_id": str(CLAIM_ID),
            "seq": entry.seq,
            "at": plain(entry.at),
            "type": entry.event.type,
            "actor": plain(entry.actor),
            "payload": payload,
        }

        leaf = hashlib.sha256(b"\x00" + canonical(record)).hexdigest()

        assert leaf_hash(CLAIM_ID, entry, payload) == leaf


def test_the_leaf_hash_covers_every_field_of_a_record() -> None:
    entry = a_story().events[0]
    payload = encode_payload(entry.event)
    officer = an_officer(None)
    others = [
        (CLAIM_ID, replace(entry, seq=2), payload),
        (CLAIM_ID, replace(entry, at=entry.at + timedelta(microseconds=1)), payload),
        (CLAIM_ID, replace(entry, actor=replace(entry.actor, id="someone else")), payload),
        (CLAIM_ID, replace(entry, actor=replace(entry.actor, kind=ActorKind.MACHINE)), payload),
        (
            CLAIM_ID,
            replace(entry, actor=Actor(entry.actor.kind, entry.actor.id, officer.organisation)),
            payload,
        ),
        (CLAIM_ID, replace(entry, actor=replace(entry.actor, organisation=OrganisationId("o"))), payload),
        (CLAIM_ID, replace(entry, event=a_story_in(State.WITHDRAWN).events[-1].event), payload),
        (CLAIM_ID, entry, payload + " "),
        (ClaimId(uuid4()), entry, payload),
    ]

    hashes = {leaf_hash(CLAIM_ID, entry, payload), *(leaf_hash(*other) for other in others)}

    assert len(hashes) == 1 + len(others)


FIRST_MEETING = """
import sys
from backend.store import codec

def watch(frame, event, argument):
    if event == "call" and frame.f_code.co_name.endswith("_info") and "msgspec" in frame.f_code.co_filename:
        print(frame.f_code.co_name)

sys.setprofile(watch)
for line in sys.stdin:
    event_type, payload = line.rstrip("\\n").split(" ", 1)
    codec.decode_event(event_type, payload)
"""


def test_no_thread_is_the_first_to_meet_an_events_type() -> None:
    """Two that are, at once, crash the process: a worker that has just started has several threads."""
    written = "".join(f"{one.event.type} {encode_payload(one.event)}\n" for one in recorded_of_every_kind())

    reading = subprocess.run(
        [sys.executable, "-c", FIRST_MEETING], input=written, capture_output=True, text=True, check=True
    )

    assert reading.stdout == ""
