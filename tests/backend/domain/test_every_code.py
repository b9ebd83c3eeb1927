"""Every reason code that a rule may raise is raised by a case here, and every fact of it is told to the officer."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from backend.domain.claim import Claim
from backend.domain.copies import Changed, Light, NearCopy
from backend.domain.elsewhere import Elsewhere, Together
from backend.domain.findings import Refer
from backend.domain.ids import OfficerId, ProgrammeId
from backend.domain.indemnity.quote import quote_what_is_known
from backend.domain.money import Money
from backend.domain.photos import Capture
from backend.domain.policy import Animal, Loss
from backend.domain.programme import ProgrammeLimit
from backend.domain.rules.raised import RAISED_BESIDE, Effect, effect_of, rules_raising
from backend.domain.rules.rule import Case
from backend.domain.rules.triage import judge, path_for
from backend.domain.rules.versions import CURRENT
from backend.domain.words import Category, Cause, Lane, Path, ReasonCode, Species
from backend.texts.load import Language, raw_tables
from tests.builders import (
    NO_FIX,
    OUTSIDE,
    REPORTED_AT,
    SECOND,
    a_photo,
    a_photo_id,
    a_policy,
    a_report,
    a_scene,
    facts,
    handover,
    photo_checks,
    pigs,
    terms,
)
from tests.stories import a_claim, a_story

R = ReasonCode
EARLIER = ("FC-20261120-0009",)
TAG = "137080012345678"
NEARLY_USED_UP = ProgrammeLimit(ProgrammeId("hunan-pigs"), Money.parse("1000.00"), Money.parse("900.00"))
UNTOLD = {"ref", "missing", "code", "copied_photo"}
"""Facts that say which animal, and what a machine calls it; the sentence may leave them out."""


def judged(claim: Claim, product: str, loss: Loss, **elsewhere: object) -> tuple[Refer, ...]:
    """The doubts about a claim whose loss a report cannot yet tell in full."""
    policy = a_policy(product=product, species=claim.report.species)
    world = facts(policy)
    quote = quote_what_is_known(world.product, world.terms, loss, claim.animals)
    known = Elsewhere(**elsewhere)  # type: ignore[arg-type]
    case = Case(
        claim=claim,
        scene=a_scene(claim.heads),
        quote=quote,
        product=world.product,
        elsewhere=known,
        at=REPORTED_AT,
    )
    return judge(case, CURRENT)


def tagged(tag: str, **world: object) -> tuple[Refer, ...]:
    report = a_report(heads=1, animals=(replace(pigs("95")[0], tag=tag),))
    return a_claim(report=report, world=facts(**world), scene=a_scene(1)).findings  # type: ignore[arg-type]


def known(**what: object) -> tuple[Refer, ...]:
    return a_claim(world=facts(elsewhere=Elsewhere(**what))).findings  # type: ignore[arg-type]


def culled() -> tuple[Refer, ...]:
    policy = a_policy(terms=terms(sum_insured=Money.parse("700.00")))
    return a_claim(report=a_report(cause=Cause.CULL), world=facts(policy)).findings


def few_hens() -> tuple[Refer, ...]:
    report = a_report(species=Species.POULTRY, heads=2, animals=(Animal("1", Species.POULTRY),))
    share = Decimal(50)
    loss = Loss(Cause.DISEASE, REPORTED_AT, deaths=2, age_percent=share, normal_mortality_percent=Decimal(1))
    return judged(a_claim(report=report), "layer-event", loss)


def uninsured_peril() -> tuple[Refer, ...]:
    world = facts()
    return a_claim(world=replace(world, product=replace(world.product, perils=frozenset()))).findings


def old_calf() -> tuple[Refer, ...]:
    calf = Animal("1", Species.CATTLE, category=Category.CALF, age_months=24)
    policy = a_policy(species=Species.CATTLE, product="calf-months")
    report = a_report(species=Species.CATTLE, animals=(calf,), heads=1)
    return a_claim(report=report, world=facts(policy), scene=a_scene(1)).findings


def early_photo() -> tuple[Refer, ...]:
    photo = replace(a_photo(), capture=Capture(taken_at=REPORTED_AT - timedelta(days=9)))
    return a_claim(report=replace(a_report(), photos=(photo,))).findings


def copied_photo() -> tuple[Refer, ...]:
    changed = Changed(mirrored=True, turned=90, tilted=-3, cropped=4, resized=50, light=Light.DARKER)
    copy = NearCopy(EARLIER[0], a_photo_id("photo-9"), Decimal("0.02"), changed)
    claim = a_claim()
    return judged(
        claim,
        "pig-bands",
        Loss(claim.report.cause, claim.report.occurred_at),
        near_copies={a_photo_id(): (copy,)},
    )


def late_photo() -> tuple[Refer, ...]:
    claim = a_claim()
    waiting = replace(claim, photos=tuple(replace(photo, received_at=None) for photo in claim.photos))
    return judged(waiting, "pig-bands", Loss(claim.report.cause, claim.report.occurred_at))


CASES: Mapping[str, Callable[[], tuple[Refer, ...]]] = {
    "cover NOT_IN_FORCE": lambda: (
        a_claim(world=facts(a_policy(terms=terms(expires=date(2026, 4, 1))))).findings
    ),
    "cover OBSERVATION_PERIOD": lambda: (
        a_claim(
            report=a_report(cause=Cause.DISEASE),
            world=facts(a_policy(terms=terms(incepted=date(2026, 11, 10)))),
        ).findings
    ),
    "cover PERIL_EXCLUDED": uninsured_peril,
    "cover SPECIES_NOT_INSURED": lambda: a_claim(report=a_report(species=Species.HORSE)).findings,
    "cover BELOW_MIN_WEIGHT": lambda: a_claim(report=a_report("15", "95")).findings,
    "cover OVER_INSURED_COUNT": lambda: a_claim(world=facts(heads_paid=99)).findings,
    "cover BELOW_LOSS_THRESHOLD": few_hens,
    "cover COVERED_BY_SUBSIDY": culled,
    "cover EVIDENCE_MISSING": lambda: a_claim(report=a_report("95", None)).findings,
    "programme PROGRAMME_LIMIT": lambda: a_claim(world=replace(facts(), programme=NEARLY_USED_UP)).findings,
    "notice LATE_NOTICE": lambda: (
        a_claim(report=a_report(occurred_at=REPORTED_AT - timedelta(days=9))).findings
    ),
    "arrival EVIDENCE_MISSING": late_photo,
    "reuse DUPLICATE_PHOTO": lambda: a_claim(world=facts(sightings={a_photo_id(): EARLIER})).findings,
    "copies DUPLICATE_PHOTO": copied_photo,
    "moments EVIDENCE_MISSING": early_photo,
    "fence OUTSIDE_PREMISES": lambda: a_claim(checks=photo_checks(fence=OUTSIDE)).findings,
    "fence LOCATION_UNKNOWN": lambda: a_claim(checks=photo_checks(fence=NO_FIX)).findings,
    "camera LOCATION_UNKNOWN": lambda: (
        a_claim(checks=photo_checks(signals=("EXIF_CONTRADICTS_FIX (900 m)",))).findings
    ),
    "count COUNT_MISMATCH": lambda: a_claim(scene=a_scene(5)).findings,
    "count COUNT_UNSURE": lambda: (
        a_claim(scene=replace(a_scene(2, low=1, high=3), reasons=("DARK", "CROWDED"))).findings
    ),
    "tags TAG_INVALID": lambda: tagged("nonsense"),
    "tags TAG_SPECIES_MISMATCH": lambda: tagged("237080012345678"),
    "tags DUPLICATE_TAG": lambda: tagged(TAG, tag_claims={TAG: EARLIER}),
    "herd TAG_INVALID": lambda: tagged(TAG, elsewhere=Elsewhere(has_herd_book=True)),
    "weights EVIDENCE_MISSING": lambda: a_claim(report=a_report("88", "95")).findings,
    "ages AGE_OUT_OF_RANGE": old_calf,
    "deaths COUNT_MISMATCH": lambda: known(deaths_before=99),
    "people EVIDENCE_MISSING": lambda: known(
        together=Together(OfficerId("li"), OfficerId("shi"), claims=5, of=6, officers=2)
    ),
    "payee PAYEE_CHANGED": lambda: known(payee_changed_at=REPORTED_AT),
    "payee PAYEE_MISMATCH": lambda: known(is_payee_current=False),
    "shared_payee PAYEE_MISMATCH": lambda: known(payee_farms=40),
}
"""By rule and code a case in which that rule raises that code."""

NOT_YET = {
    ReasonCode.DUPLICATE_ANIMAL: "another photo, the same animal",
}
"""Codes that only people give."""


def test_every_code_of_every_rule_is_raised_by_a_case_here() -> None:
    wanted = {f"{rule.name} {code}" for rule in CURRENT.checks for code in rule.raises}

    assert wanted - set(CASES) == set(), "rules and codes that no test reaches"
    assert set(CASES) - wanted == set(), "no rule says that it raises this"


@pytest.mark.parametrize("name", CASES)
def test_the_rule_raises_its_code_and_the_path_follows(name: str) -> None:
    rule_name, code = name.split()
    (rule,) = [rule for rule in CURRENT.checks if rule.name == rule_name]

    doubts = CASES[name]()

    found = [doubt for doubt in doubts if doubt.code == code]
    assert found, [doubt.key for doubt in doubts]
    assert all(doubt.holds == (code in rule.holds) for doubt in found)
    assert path_for(tuple(found)) is (Path.HOLD if code in rule.holds else Path.ASSISTED)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", CASES)
def test_every_fact_of_a_doubt_stands_in_the_officers_sentence(language: Language, name: str) -> None:
    told = raw_tables(language)["officer"]
    # A count's first reason alone is for the farmer's text message.
    of_farmer = raw_tables(language)["farmer"]

    for doubt in CASES[name]():
        places = set(re.findall(r"\{(\w+)\}", told[doubt.code] + of_farmer[doubt.code]))
        assert set(doubt.facts) - UNTOLD <= places, doubt


def test_a_code_is_raised_by_a_rule_or_says_where_it_comes_from() -> None:
    for code in ReasonCode:
        assert bool(rules_raising(code, CURRENT)) != (code in RAISED_BESIDE), code
        assert (effect_of(code, CURRENT) is Effect.PERSON) == (code in RAISED_BESIDE)


def test_codes_that_the_handover_raises_are_raised_there() -> None:
    waiting = a_claim(approved_by=tuple(Lane), accepted=True)
    story = a_story(approved_by=tuple(Lane), accepted=True)
    story.give(handover(weight_kg="90"))

    raised = {*waiting.carcass_gaps, *story.claim.carcass_gaps}

    assert raised == {R.DISPOSAL_MISSING, R.WEIGHT_MISMATCH}
    assert raised | set(NOT_YET) == set(RAISED_BESIDE)


@pytest.mark.parametrize("language", Language)
def test_every_rule_and_every_other_source_has_its_words(language: Language) -> None:
    named = {rule.name for rule in CURRENT.checks} | set(RAISED_BESIDE)

    assert set(raw_tables(language)["rule"]) == named
    assert set(raw_tables(language)["remedy"]) == set(Effect)
    assert set(raw_tables(language)["path"]) == set(Path)


def test_all_these_doubts_at_once_are_all_told() -> None:
    everything = known(deaths_before=99, payee_farms=40, payee_changed_at=REPORTED_AT + SECOND)

    assert [doubt.code for doubt in everything] == [R.COUNT_MISMATCH, R.PAYEE_CHANGED, R.PAYEE_MISMATCH]
