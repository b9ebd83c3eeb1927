"""Declared weights near edges, pictures, and the truck's scale against the claim."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.decide import decide
from backend.domain.docket import claimed_weight, shared_out
from backend.domain.findings import Pass, Unknown
from backend.domain.policy import Animal, as_said
from backend.domain.problems import HandoverMissing, InvalidInput
from backend.domain.rules.weights import judge_weight
from backend.domain.size_bands import SizeBand
from backend.domain.words import Lane, LaneState, Path, Species, State, WeightSource
from backend.products.load import products
from tests.builders import ALL_THREE, REPORTED_AT, a_policy, a_report, assessment, handover, pigs
from tests.stories import a_story

BANDS = products().find("pig-bands@1", a_policy().terms.incepted)
PER_KG = products().find("pig-per-kg@1", a_policy().terms.incepted)
PICTURE = SizeBand("pig-thigh", Decimal(60), Decimal(90))


def a_pig(kg: str, source: WeightSource | None = None, band: SizeBand | None = None) -> Animal:
    return Animal("1", Species.PIG, weight_kg=Decimal(kg), weight_source=source, size_band=band)


@pytest.mark.parametrize(
    ("kg", "asks"),
    [
        ("85.49", False),
        ("85.5", True),
        ("90", True),
        ("94.5", True),
        ("94.51", False),
        ("19", True),
        ("50", False),
    ],
)
def test_within_five_percent_of_an_edge_inclusive_the_scale_photo_is_asked_for(
    kg: str, *, asks: bool
) -> None:
    found = judge_weight(a_pig(kg, WeightSource.DECLARED_BAND), BANDS)

    assert isinstance(found, Unknown if asks else Pass)


@pytest.mark.parametrize("source", [WeightSource.SCALE_PHOTO, WeightSource.OFFICER, WeightSource.DOCKET])
def test_a_weight_that_someone_read_is_never_asked_about(source: WeightSource) -> None:
    assert judge_weight(a_pig("90", source), BANDS) == Pass()


def test_a_picture_asks_only_where_it_cannot_tell_what_is_paid() -> None:
    fitting = a_pig("75", WeightSource.DECLARED_BAND, PICTURE)
    across = a_pig("75", WeightSource.DECLARED_BAND, SizeBand("wide", Decimal(50), Decimal(100)))

    assert judge_weight(fitting, BANDS) == Pass()
    assert isinstance(judge_weight(across, BANDS), Unknown)
    assert isinstance(judge_weight(fitting, PER_KG), Unknown)


def test_a_near_edge_leaves_every_lane_open() -> None:
    story = a_story(report=a_report("88", "95"))

    assert (story.claim.path, story.state) == (Path.ASSISTED, State.JOINT_REVIEW)
    assert story.claim.open_lanes == ALL_THREE


@pytest.mark.parametrize(
    ("kg", "fits"), [("59.9", False), ("60", True), ("90", True), ("90.1", False), ("67.5", True)]
)
def test_a_pictures_whole_range_is_what_was_claimed(kg: str, *, fits: bool) -> None:
    claimed = claimed_weight([a_pig("75", WeightSource.DECLARED_BAND, PICTURE)], 1)

    assert claimed is not None
    assert claimed.fits(Decimal(kg)) is fits


@pytest.mark.parametrize(("kg", "fits"), [("85.4", False), ("85.5", True), ("104.5", True), ("104.6", False)])
def test_a_weight_in_kilograms_has_ten_percent_and_no_more(kg: str, *, fits: bool) -> None:
    claimed = claimed_weight(pigs("95"), 1)

    assert claimed is not None
    assert claimed.fits(Decimal(kg)) is fits


@settings(max_examples=50)
@given(
    weights=st.lists(st.none() | st.decimals("0.5", "900", places=2), min_size=1, max_size=30),
    total=st.decimals("40", "40000", places=3),
)
def test_a_shared_total_adds_up_exactly_and_each_head_has_its_share(
    weights: list[Decimal | None], total: Decimal
) -> None:
    animals = [Animal(str(place), Species.PIG, weight_kg=kg) for place, kg in enumerate(weights)]
    known = [kg for kg in weights if kg is not None]
    mean = sum(known) / len(known) if known else Decimal(1)
    whole = sum(mean if kg is None else kg for kg in weights)

    shared = [animal.weight_kg or Decimal(0) for animal in shared_out(animals, total)]

    assert sum(shared) == total
    for kg, part in zip(weights, shared, strict=True):
        assert abs(part - total * (mean if kg is None else kg) / whole) < Decimal("0.011")


def test_an_assessment_from_the_receipt_shares_its_total_and_voids_what_was_agreed() -> None:
    story = a_story(report=a_report("100", "60"), approved_by=ALL_THREE, accepted=True)
    story.give(handover(2, "120"))

    waits = story.state
    story.give(replace(assessment("100", "60", reason="the truck's scale"), from_handover=True))

    told = story.claim.assessments[-1]
    assert waits is State.ACCEPTED
    assert [animal.weight_kg for animal in story.claim.animals] == [Decimal("75.00"), Decimal("45.00")]
    assert {animal.weight_source for animal in story.claim.animals} == {WeightSource.DOCKET}
    # 700 + 560 before; [60, 90) 80 % and [40, 60) 60 % of 700 after.
    assert (str(told.amount_before), str(told.amount_after)) == ("1260.00", "980.00")
    assert [(one.lane, str(one.amount)) for one in told.voided] == [(lane, "1260.00") for lane in Lane]
    assert {record.state for record in story.claim.lanes.values()} == {LaneState.VOID}
    assert not story.claim.has_differing_receipt


def test_a_receipt_that_is_not_there_or_has_other_heads_is_named() -> None:
    story = a_story(report=a_report("100", "60"))
    command = replace(assessment("100", "60"), from_handover=True)

    with pytest.raises(HandoverMissing):
        decide(story.claim, command, story.facts, REPORTED_AT)
    story.give(handover(1, "60"))
    with pytest.raises(InvalidInput) as refused:
        decide(story.claim, command, story.facts, REPORTED_AT)

    assert [error.pointer for error in refused.value.errors] == ["/heads"]


def test_a_picture_that_nobody_picked_is_unsaid_in_hashes() -> None:
    plain, picked = as_said([a_pig("75"), a_pig("75", band=PICTURE)])

    assert "size_band" not in plain
    assert picked["size_band"] == {"code": "pig-thigh", "from_kg": "60", "to_kg": "90"}
