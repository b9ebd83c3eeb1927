"""A claim is replayed under the rules it was judged by: events of 2026-11, written by the release that had them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any  # what the corpus holds is plain JSON

import pytest

from backend.domain.claim import Claim
from backend.domain.decisions.facts import Facts
from backend.domain.decisions.offering import basis_of, loss_of, quote_for
from backend.domain.elsewhere import Elsewhere
from backend.domain.events import ClaimTriaged, Recorded
from backend.domain.evidence import evidence_hash
from backend.domain.fold import apply
from backend.domain.ids import PhotoId
from backend.domain.parties import MACHINE
from backend.domain.rules.rule import Case
from backend.domain.rules.thresholds import Thresholds, sources
from backend.domain.rules.triage import judge, path_for
from backend.domain.rules.versions import CURRENT, VERSIONS, UnknownRules, rules_of
from backend.store.codec import decode_event
from tests.builders import facts
from tests.stories import a_claim, a_story

CORPUS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("judged_2026_11.json").read_text(encoding="utf-8")
)


def case_of(told: dict[str, Any]) -> tuple[Case, ClaimTriaged]:
    """The claim as its first triage met it, what that triage knew, and what it recorded."""
    claim: Claim | None = None
    for entry in told["events"]:
        event = decode_event(entry["type"], entry["payload"])
        at = datetime.fromisoformat(entry["at"])
        if isinstance(event, ClaimTriaged):
            assert claim is not None
            world: Facts = facts(claim.report.policy, heads_paid=told["heads_paid"])
            basis = basis_of(world, loss_of(claim))
            quote = quote_for(world.product, basis, claim.report.species, claim.heads, claim.animals)
            known = Elsewhere(
                by_photo={PhotoId(photo): tuple(numbers) for photo, numbers in told["by_photo"].items()},
                by_tag={tag: tuple(numbers) for tag, numbers in told["by_tag"].items()},
            )
            case = Case(
                claim=claim,
                scene=event.scene,
                quote=quote,
                product=world.product,
                elsewhere=known,
                at=at,
            )
            return case, event
        claim = apply(claim, Recorded(entry["seq"], at, MACHINE, event))
    raise AssertionError("the corpus holds triaged claims")


@pytest.mark.parametrize("told", CORPUS, ids=lambda told: told["case"])
def test_a_claim_of_the_first_rules_is_judged_again_as_it_was(told: dict[str, Any]) -> None:
    case, recorded = case_of(told)

    doubts = judge(case, rules_of(recorded.rule_version))

    assert [[one.code.value, one.subject, one.holds, one.facts] for one in doubts] == told["findings"]
    assert doubts == recorded.findings
    assert path_for(doubts) is recorded.path
    assert evidence_hash(case.claim, doubts, case.scene) == told["evidence_hash"]


@pytest.mark.parametrize("told", CORPUS, ids=lambda told: told["case"])
def test_a_triage_from_before_it_was_recorded_says_that_nothing_is_known_beside_it(
    told: dict[str, Any],
) -> None:
    _, recorded = case_of(told)

    assert recorded.elsewhere is None


def test_todays_rules_find_more_in_the_same_case() -> None:
    told = next(one for one in CORPUS if one["case"] == "more than the stock")
    case, _ = case_of(told)

    old, new = (judge(case, rules) for rules in (rules_of("2026-11"), CURRENT))

    assert {one.key for one in new} - {one.key for one in old} == {"COUNT_MISMATCH:stock"}


def test_a_triage_records_its_rules_and_all_that_they_knew() -> None:
    known = Elsewhere(has_herd_book=True, deaths_before=3, payee_farms=2)

    story = a_story(world=facts(elsewhere=known))

    (triaged,) = [entry.event for entry in story.events if isinstance(entry.event, ClaimTriaged)]
    assert triaged.rule_version == CURRENT.version
    assert triaged.elsewhere == known


def test_a_recorded_triage_is_judged_again_from_its_events_alone() -> None:
    known = Elsewhere(deaths_before=200, payee_farms=9)
    story = a_story(world=facts(elsewhere=known))
    before: Claim | None = None
    for entry in story.events:
        if isinstance(entry.event, ClaimTriaged):
            break
        before = apply(before, entry)

    assert before is not None
    assert isinstance(entry.event, ClaimTriaged)
    assert entry.event.elsewhere is not None
    world = facts(before.report.policy)
    basis = basis_of(world, loss_of(before))
    quote = quote_for(world.product, basis, before.report.species, before.heads, before.animals)
    case = Case(
        claim=before,
        scene=entry.event.scene,
        quote=quote,
        product=world.product,
        elsewhere=entry.event.elsewhere,
        at=entry.at,
    )
    assert judge(case, rules_of(entry.event.rule_version)) == entry.event.findings != ()


def test_unknown_rules_are_named_with_those_that_are_known() -> None:
    with pytest.raises(UnknownRules, match="no rules of version 2031-01; this release has 2026-11"):
        rules_of("2031-01")


def test_versions_follow_one_another_and_the_last_judges() -> None:
    days = [rules.since for rules in VERSIONS.values()]

    assert days == sorted(days)
    assert rules_of(CURRENT.version) is CURRENT
    assert list(VERSIONS)[-1] == CURRENT.version


def test_every_figure_names_its_day_and_its_source() -> None:
    for name, (value, since, source) in sources(Thresholds()).items():
        assert value, name
        assert since <= CURRENT.since, name
        assert len(source) > 10, name


def test_every_rule_has_a_name_of_its_own() -> None:
    for rules in VERSIONS.values():
        names = [rule.name for rule in rules.checks]
        assert len(set(names)) == len(names)
        for rule in rules.checks:
            assert {*rule.holds, *rule.stops_payment} <= set(rule.raises)


def test_a_clean_claim_is_clean_under_every_version() -> None:
    claim = a_claim()

    assert claim.findings == ()
