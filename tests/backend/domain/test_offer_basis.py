"""What an offer rested on is in its event: the sum can be computed again from the events alone."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.decisions.offering import quote_again
from backend.domain.events import ClaimTriaged
from backend.domain.fold import fold
from backend.domain.indemnity.market import MarketPrice, market_week
from backend.domain.money import Money
from backend.domain.words import Cause, ReasonCode, Species
from backend.store.codec import decode_event, encode_payload
from tests.builders import DIED_AT, a_policy, a_report, assessment, facts, terms
from tests.stories import Story, a_story

PRICE = MarketPrice(
    county="370800",
    species=Species.PIG,
    week=date(2026, 11, 23),
    per_kg=Decimal("14.20"),
    source="county bureau",
    published_on=date(2026, 11, 25),
)


def by_price(price: MarketPrice | None) -> Story:
    """A triaged claim of two pigs of 60 kg whose product pays 70 % of the market price."""
    policy = a_policy(product="pig-price-weight", terms=terms(sum_insured=Money.parse("800.00")))
    story = Story(facts=replace(facts(policy), market_price=price))
    story.give(a_report("60", "60"))
    story.verify()
    return story


def test_the_week_of_a_death_is_counted_in_shanghai() -> None:
    assert DIED_AT.isoformat() == "2026-11-22T22:00:00+00:00"  # a Monday morning there

    assert market_week(DIED_AT) == date(2026, 11, 23)


def test_a_claim_takes_the_price_of_its_week_and_says_where_it_is_from() -> None:
    claim = by_price(PRICE).claim

    assert claim.offer is not None
    assert claim.offer.basis is not None
    assert claim.offer.amount == Money.parse("1192.80")  # 2 × 14.20 × 70 % × 60
    assert claim.offer.basis.market_price == PRICE
    assert claim.report.lowest_sum_shown == claim.offer.amount


def test_a_missing_market_price_is_named_and_people_look() -> None:
    claim = by_price(None).claim

    missing = [doubt for doubt in claim.findings if doubt.code is ReasonCode.EVIDENCE_MISSING]
    assert [(doubt.facts["what"], doubt.facts["week"]) for doubt in missing] == [
        ("market_price", "2026-11-23")
    ]
    assert claim.rejection is None
    assert claim.offer is not None
    assert not claim.offer.complete


@given(
    heads_paid=st.integers(0, 100),
    stock=st.integers(1, 300),
    weights=st.lists(st.sampled_from(["19", "25", "59.5", "90", None]), min_size=1, max_size=4),
    cause=st.sampled_from(Cause),
)
def test_the_events_alone_come_to_the_same_sum(
    heads_paid: int, stock: int, weights: list[str | None], cause: Cause
) -> None:
    story = Story(facts=facts(a_policy(terms=terms(stock=stock)), heads_paid=heads_paid))
    story.give(a_report(*weights, cause=cause))
    story.verify()

    replayed = fold(story.events)
    again = quote_again(replayed, story.facts.product)

    assert replayed.offer is not None
    assert (again.payable, [line.working for line in again.lines]) == (
        replayed.offer.amount,
        [line.working for line in replayed.offer.lines],
    )


def test_an_assessment_keeps_what_it_rested_on_too() -> None:
    story = a_story()
    story.facts = replace(story.facts, terms=replace(story.facts.terms, heads_paid=99))

    story.give(assessment("95", "55"))

    assert story.claim.offer is not None
    assert story.claim.offer.basis is not None
    assert story.claim.offer.basis.terms.heads_paid == 99
    assert quote_again(story.claim, story.facts.product).payable == story.claim.offer.amount


def test_an_assessment_that_changes_nothing_but_its_basis_records_nothing() -> None:
    story = a_story()
    story.facts = replace(story.facts, terms=replace(story.facts.terms, heads_paid=5))

    assert story.give(assessment("95", "95")) == story.give(assessment("95", "95"))


def test_an_offer_from_before_the_basis_was_kept_is_still_read() -> None:
    story = a_story()
    triaged = next(entry.event for entry in story.events if isinstance(entry.event, ClaimTriaged))
    recorded = json.loads(encode_payload(triaged))
    del recorded["offer"]["basis"]

    read = decode_event(triaged.type, json.dumps(recorded))

    assert isinstance(read, ClaimTriaged)
    assert read.offer == replace(triaged.offer, basis=None)
    assert read.offer.hash_for(story.claim.report.claim_id) == story.claim.offer_hash
    with pytest.raises(ValueError, match="computed from"):
        quote_again(replace(story.claim, offer=read.offer), story.facts.product)
