"""Rules that judge: one test a branch. None refuses; each doubt says what it is about."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from backend.domain.claim import Claim
from backend.domain.events import SceneFound
from backend.domain.findings import Pass, Refer, Unknown
from backend.domain.photos import CountFound, FenceFound, Photo, PhotoChecks, PhotoRefused
from backend.domain.policy import SHANGHAI, Animal
from backend.domain.rules.count import compare_heads, judge_count, judge_named_heads, judge_species
from backend.domain.rules.photos import judge_arrival, judge_reuse
from backend.domain.rules.place import judge_camera, judge_place, worst_fence
from backend.domain.rules.tags import judge_tag
from backend.domain.rules.triage import path_for
from backend.domain.words import Cause, Path, ReasonCode, Species, Verdict
from tests.builders import (
    INSIDE,
    NO_FIX,
    OUTSIDE,
    REPORTED_AT,
    a_count,
    a_photo,
    a_policy,
    a_report,
    a_scene,
    facts,
    photo_checks,
    pigs,
    terms,
)
from tests.stories import a_claim

PIG_TAG, CATTLE_TAG, SHEEP_TAG = "137080012345678", "237080012345678", "337080012345678"
WITHIN = replace(INSIDE, decision="INSIDE_WITHIN_UNCERTAINTY", distance_m=Decimal("-4.000"))


def a_looked_at_photo(checks: PhotoChecks | None = None, name: str = "photo-1") -> Photo:
    return Photo(a_photo(name), REPORTED_AT, checks or photo_checks())


def doubts(claim: Claim) -> list[tuple[ReasonCode, str]]:
    return [(doubt.code, doubt.subject) for doubt in claim.findings]


def codes(claim: Claim) -> list[ReasonCode]:
    return [doubt.code for doubt in claim.findings]


def test_a_sure_and_equal_count_passes() -> None:
    assert judge_count(a_claim(), a_scene(2)) == Pass()


@pytest.mark.parametrize(
    ("scene", "code"),
    [
        (a_scene(2, low=1, high=3), ReasonCode.COUNT_UNSURE),
        (a_scene(5, low=4, high=6), ReasonCode.COUNT_UNSURE),
        (replace(a_scene(3), low=2, high=3), ReasonCode.COUNT_UNSURE),
        (a_scene(1), ReasonCode.COUNT_MISMATCH),
        (a_scene(3), ReasonCode.COUNT_MISMATCH),
    ],
    ids=["equal but unsure", "other and unsure", "other but may agree", "fewer", "more"],
)
def test_any_other_count_is_looked_at_by_people(scene: object, code: ReasonCode) -> None:
    finding = judge_count(a_claim(), scene)  # type: ignore[arg-type]

    assert isinstance(finding, Refer)
    assert finding.code is code
    assert not finding.holds
    assert finding.facts["claimed"] == "2"


@pytest.mark.parametrize(
    ("scene", "claimed", "verdict"),
    [
        (a_scene(3), 3, Verdict.AGREE),
        (replace(a_scene(3), high=6), 3, Verdict.AGREE),
        (replace(a_scene(3), high=6), 5, Verdict.UNSURE),
        (replace(a_scene(3), high=6), 7, Verdict.DISAGREE),
        (replace(a_scene(3), high=6), 2, Verdict.DISAGREE),
        (a_scene(3, low=3), 3, Verdict.UNSURE),
        (a_scene(3, low=3), 9, Verdict.UNSURE),
        (a_scene(None), 3, Verdict.UNSURE),
    ],
)
def test_a_scene_agrees_disagrees_or_is_unsure(scene: SceneFound, claimed: int, verdict: Verdict) -> None:
    assert compare_heads(scene, claimed) is verdict


def test_an_unsure_count_is_referred_with_its_reasons() -> None:
    finding = judge_count(a_claim(), replace(a_scene(2, low=1), reasons=("DARK", "CONTRADICTED")))

    assert isinstance(finding, Refer)
    assert finding.facts["because"] == "DARK, CONTRADICTED"
    assert finding.facts["mainly"] == "DARK"


def test_a_scene_that_could_not_be_counted_is_unknown() -> None:
    finding = judge_count(a_claim(), a_scene(None))

    assert isinstance(finding, Unknown)
    assert finding.code is ReasonCode.COUNT_UNSURE


def counted_as(**heads: int) -> PhotoChecks:
    """What was found on a photo that shows so many animals of each species."""
    boxes = tuple(box for species, many in heads.items() for box in a_count(many, species=species).boxes)
    return photo_checks(count=replace(a_count(), boxes=boxes))


@pytest.mark.parametrize("checks", [counted_as(pig=2), counted_as(pig=2, cattle=1)])
def test_enough_animals_of_the_claimed_species_pass_also_beside_others(checks: PhotoChecks) -> None:
    assert judge_named_heads(a_claim(checks=checks), a_scene(2)) == Pass()


def test_no_box_says_nothing_about_the_species() -> None:
    assert judge_named_heads(a_claim(checks=photo_checks(count=a_count(0))), a_scene(0)) == Pass()


@pytest.mark.parametrize(
    ("checks", "seen"), [(counted_as(sheep=2), "sheep"), (counted_as(pig=1, goat=1), "goat, pig")]
)
def test_heads_that_other_species_fill_up_are_a_doubt(checks: PhotoChecks, seen: str) -> None:
    claim = a_claim(checks=checks)

    assert judge_count(claim, a_scene(2)) == Pass()
    assert judge_named_heads(claim, a_scene(2)) == Refer(
        ReasonCode.COUNT_UNSURE, {"claimed": "pig", "seen": seen}, "species"
    )


def photographed(*photos: PhotoChecks) -> Claim:
    """The two pigs of the usual claim on several photos."""
    found = tuple(a_looked_at_photo(checks, f"photo-{number}") for number, checks in enumerate(photos))
    return replace(a_claim(), photos=found)


def test_two_photos_that_each_show_a_part_of_the_ground_add_up() -> None:
    parts = photographed(counted_as(pig=1), counted_as(pig=1), counted_as(sheep=1))
    ground = tuple(photo.id for photo in parts.photos[:2])

    assert judge_named_heads(parts, replace(a_scene(2), overlapping=(ground,))) == Pass()
    assert judge_named_heads(parts, a_scene(2)) != Pass()


def test_the_same_two_animals_on_many_photos_are_no_more_of_the_claimed_species() -> None:
    again = photographed(*[counted_as(pig=1, goat=1)] * 3)
    ground = tuple(photo.id for photo in again.photos)

    for scene in (a_scene(2), replace(a_scene(2), overlapping=(ground,))):
        assert judge_count(again, scene) == Pass()
        assert judge_named_heads(again, scene) != Pass()


def test_animals_misnamed_on_one_photo_and_named_on_another_pass() -> None:
    seen = photographed(counted_as(sheep=2), counted_as(pig=2))

    assert judge_named_heads(seen, a_scene(2)) == Pass()


def test_until_november_26_one_animal_of_the_claimed_species_was_enough() -> None:
    assert judge_species(a_claim(checks=counted_as(pig=1, goat=1))) == Pass()
    assert judge_species(a_claim(checks=counted_as(sheep=2))) != Pass()


@pytest.mark.parametrize("fence", [INSIDE, WITHIN])
def test_inside_and_inside_within_the_fixs_own_accuracy_pass(fence: FenceFound) -> None:
    assert judge_place(a_looked_at_photo(photo_checks(fence=fence))) == Pass()


def test_outside_says_how_far_and_where() -> None:
    photo = a_looked_at_photo(photo_checks(fence=OUTSIDE))

    assert judge_place(photo) == Refer(
        ReasonCode.OUTSIDE_PREMISES, {"metres": "900", "direction": "NE"}, photo.id
    )


def test_outside_by_an_unknown_distance_is_outside_too() -> None:
    photo = a_looked_at_photo(photo_checks(fence=replace(OUTSIDE, distance_m=None, direction=None)))

    assert judge_place(photo) == Refer(ReasonCode.OUTSIDE_PREMISES, {"direction": ""}, photo.id)


def test_no_usable_position_is_unknown_with_its_signals() -> None:
    finding = judge_place(a_looked_at_photo(photo_checks(fence=NO_FIX)))

    assert isinstance(finding, Unknown)
    assert finding.code is ReasonCode.LOCATION_UNKNOWN
    assert finding.facts == {"signals": "NO_FIX"}


def test_a_photo_that_nobody_looked_at_has_no_place_and_no_camera() -> None:
    photo = Photo(a_photo())

    assert judge_place(photo) == Pass()
    assert judge_camera(photo) == Pass()


def test_missing_camera_exif_is_neutral_and_contradicting_exif_is_not() -> None:
    told = a_looked_at_photo(photo_checks(signals=("EXIF_STRIPPED", "EXIF_CONTRADICTS_DEVICE")))

    assert judge_camera(a_looked_at_photo(photo_checks(signals=("EXIF_STRIPPED",)))) == Pass()
    assert judge_camera(told) == Refer(
        ReasonCode.LOCATION_UNKNOWN, {"signals": "EXIF_CONTRADICTS_DEVICE"}, f"exif {told.id}"
    )


@pytest.mark.parametrize(
    ("found", "worst"),
    [
        ((INSIDE, WITHIN), WITHIN),
        ((INSIDE, NO_FIX, WITHIN), NO_FIX),
        ((NO_FIX, OUTSIDE, INSIDE), OUTSIDE),
    ],
)
def test_the_least_favourable_fence_stands_for_the_claim(
    found: Iterable[FenceFound], worst: FenceFound
) -> None:
    photos = tuple(
        a_looked_at_photo(photo_checks(fence=fence), f"photo-{n}") for n, fence in enumerate(found)
    )

    assert worst_fence(replace(a_claim(), photos=photos)) == worst


def test_a_claim_without_checked_photos_has_no_fence() -> None:
    assert worst_fence(a_claim(verified=False)) is None


def test_a_photo_that_came_and_can_be_read_passes() -> None:
    assert judge_arrival(a_looked_at_photo()) == Pass()


def test_a_photo_that_never_came_is_missing_evidence() -> None:
    finding = judge_arrival(Photo(a_photo()))

    assert isinstance(finding, Unknown)
    assert finding.code is ReasonCode.EVIDENCE_MISSING


def test_a_photo_that_cannot_be_read_is_missing_evidence_with_the_reason() -> None:
    broken = PhotoRefused("photo-truncated", "The photo is damaged", "Send it again.")

    finding = judge_arrival(a_looked_at_photo(replace(photo_checks(), count=None, refused=broken)))

    assert isinstance(finding, Unknown)
    assert finding.facts == {"what": "photo", "code": "photo-truncated"}


def test_a_new_photo_passes_and_one_of_another_claim_holds() -> None:
    photo = a_looked_at_photo()

    assert judge_reuse(photo, ()) == Pass()
    assert judge_reuse(photo, ("FC-1", "FC-2")) == Refer(
        ReasonCode.DUPLICATE_PHOTO, {"claims": "FC-1, FC-2"}, photo.id, holds=True
    )


@pytest.mark.parametrize(
    ("species", "tag"),
    [
        (Species.PIG, PIG_TAG),
        (Species.CATTLE, CATTLE_TAG),
        (Species.SHEEP, SHEEP_TAG),
        (Species.GOAT, SHEEP_TAG),
        (Species.PIG, None),
    ],
)
def test_a_fitting_tag_and_no_tag_pass(species: Species, tag: str | None) -> None:
    assert judge_tag(Animal("1", species, tag=tag), ()) == Pass()


@pytest.mark.parametrize(
    "tag", ["", "123", "437080012345678", PIG_TAG + "9", f" {PIG_TAG}", "13708001234567８", PIG_TAG + "\n"]
)
def test_a_malformed_tag_is_a_doubt_and_no_hold(tag: str) -> None:
    finding = judge_tag(Animal("1", Species.PIG, tag=tag), ())

    assert finding == Refer(ReasonCode.TAG_INVALID, {"tag": tag}, "1")


@pytest.mark.parametrize(
    ("species", "tag"),
    [
        (Species.PIG, CATTLE_TAG),
        (Species.CATTLE, SHEEP_TAG),
        (Species.GOAT, PIG_TAG),
        (Species.POULTRY, PIG_TAG),
    ],
)
def test_a_tag_of_another_species_is_a_doubt(species: Species, tag: str) -> None:
    assert judge_tag(Animal("1", species, tag=tag), ()) == Refer(
        ReasonCode.TAG_SPECIES_MISMATCH, {"tag": tag}, "1"
    )


def test_a_tag_of_another_claim_holds() -> None:
    finding = judge_tag(Animal("1", Species.PIG, tag=PIG_TAG), ("FC-1",))

    assert finding == Refer(ReasonCode.DUPLICATE_TAG, {"tag": PIG_TAG, "claims": "FC-1"}, PIG_TAG, holds=True)


def test_a_clean_claim_has_no_doubt_and_is_fast() -> None:
    claim = a_claim()

    assert claim.findings == ()
    assert claim.path is Path.FAST


def test_a_species_that_is_not_insured_is_named_once_for_the_whole_claim() -> None:
    cattle = (Animal("1", Species.CATTLE), Animal("2", Species.CATTLE))

    claim = a_claim(report=a_report(species=Species.CATTLE, animals=cattle))

    found = [doubt for doubt in claim.findings if doubt.code is ReasonCode.SPECIES_NOT_INSURED]
    assert [(doubt.subject, doubt.facts) for doubt in found] == [("", {"species": "cattle"})]


def test_one_animal_of_another_species_among_insured_ones_is_a_doubt_about_that_animal() -> None:
    mixed = (pigs("95")[0], Animal("2", Species.CATTLE))

    claim = a_claim(report=a_report(animals=mixed))

    assert doubts(claim) == [(ReasonCode.SPECIES_NOT_INSURED, "2")]
    assert claim.path is Path.ASSISTED


def test_a_loss_outside_the_cover_period_is_a_doubt_about_the_whole_claim() -> None:
    claim = a_claim(report=a_report(occurred_at=datetime(2025, 7, 1, 8, tzinfo=SHANGHAI)))

    assert doubts(claim) == [(ReasonCode.NOT_IN_FORCE, ""), (ReasonCode.LATE_NOTICE, "")]


def test_disease_in_the_observation_period_is_a_doubt_and_an_accident_is_not() -> None:
    young = facts(a_policy(terms=terms(incepted=date(2026, 11, 10))))

    sick = a_claim(report=a_report(cause=Cause.DISEASE), world=young)
    hurt = a_claim(report=a_report(cause=Cause.ACCIDENT), world=young)

    assert codes(sick) == [ReasonCode.OBSERVATION_PERIOD]
    assert codes(hurt) == []


def test_heads_beyond_the_insured_ones_are_a_doubt_each() -> None:
    claim = a_claim(report=a_report("95", "95", "95"), world=facts(heads_paid=98))

    assert doubts(claim) == [(ReasonCode.OVER_INSURED_COUNT, "3")]


def test_an_unknown_weight_and_an_unlisted_animal_are_missing_evidence() -> None:
    claim = a_claim(report=a_report("95", None, heads=3), scene=a_scene(3))

    assert doubts(claim) == [
        (ReasonCode.EVIDENCE_MISSING, "weight 2"),
        (ReasonCode.EVIDENCE_MISSING, "weight unlisted-3"),
        (ReasonCode.EVIDENCE_MISSING, "animals"),
    ]


def test_all_rules_run_so_that_every_reason_is_heard_at_once() -> None:
    tagged = (replace(pigs("15")[0], tag="nonsense"), pigs("95", None)[1])
    checks = photo_checks(fence=OUTSIDE, count=a_count(species="sheep"), signals=("EXIF_CONTRADICTS_DEVICE",))

    claim = a_claim(
        report=a_report(animals=tagged, photos=("photo-1",)),
        world=facts(sightings={a_photo().photo_id: ("FC-1",)}),
        checks=checks,
        scene=a_scene(5),
    )

    assert codes(claim) == [
        ReasonCode.BELOW_MIN_WEIGHT,
        ReasonCode.EVIDENCE_MISSING,
        ReasonCode.DUPLICATE_PHOTO,
        ReasonCode.OUTSIDE_PREMISES,
        ReasonCode.LOCATION_UNKNOWN,
        ReasonCode.COUNT_MISMATCH,
        ReasonCode.COUNT_UNSURE,
        ReasonCode.TAG_INVALID,
    ]
    assert claim.path is Path.HOLD


def test_the_path_follows_from_the_doubts() -> None:
    doubt = Refer(ReasonCode.COUNT_UNSURE)

    assert path_for(()) is Path.FAST
    assert path_for((doubt,)) is Path.ASSISTED
    assert path_for((doubt, replace(doubt, holds=True))) is Path.HOLD


def test_an_unsure_count_of_a_photo_is_told_by_the_scene_not_by_a_rule_of_its_own() -> None:
    unsure = CountFound("shipped-1", 2, 1, 3, unsure=True, reasons=("OVERLAP",))

    claim = a_claim(checks=photo_checks(count=unsure), scene=a_scene(2, low=1, high=3))

    assert codes(claim) == [ReasonCode.COUNT_UNSURE]
