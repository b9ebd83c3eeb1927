"""The counter beside the offices: what agreement is told of, and what is left unsaid."""

import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

from backend.domain import commands as c
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.claim import Claim
from backend.domain.ids import ClaimId
from backend.domain.words import Lane
from backend.insight.card import card_of
from backend.insight.model import model_figures
from backend.insight.wanted import Wanted
from models.manifest import SHIPPED, read_manifest
from tests.backend.store.county import County
from tests.builders import FARMER, a_report, a_scene, assessment, decision, photo_checks, rejection


def told(county: County, **wanted: Any) -> dict[str, Any]:
    return county.store.engine.read(
        lambda connection: model_figures(connection, Wanted(**wanted), county.clock()), EVERYWHERE
    )


def counted(county: County, heads: int, *, unsure: bool = False, photo: str) -> Claim:
    """Two pigs are reported, and so many are counted."""
    report = a_report(claim_id=ClaimId(uuid4()), photos=(photo,))
    untagged = replace(report, animals=tuple(replace(one, tag=None) for one in report.animals))
    claim = county.report(untagged)
    claim_id = claim.report.claim_id
    [photo_id] = claim.missing_photos
    county.give(c.ReceivePhoto(photo_id=photo_id, bytes=90_000, by=FARMER), claim_id)
    county.give(c.RecordPhotoChecks(photo_id=photo_id, checks=photo_checks()), claim_id)
    scene = replace(a_scene(heads), unsure=unsure)
    return county.give(c.Triage(scene=scene), claim_id).claim


def approved(county: County, claim: Claim) -> Claim:
    for lane in Lane:
        claim = county.give(decision(claim, lane), claim.report.claim_id).claim
    return claim


def test_before_any_claim_nothing_is_shared_out(county: County) -> None:
    found = told(county)

    assert found["together"]["claims"] == 0
    assert found["together"]["exact_share"] is None
    assert found["together"]["wrong_share_interval"] is None
    assert found["by_week"] == []


def test_agreement_is_told_of_claims_that_all_offices_approved(county: County) -> None:
    approved(county, counted(county, 2, photo="a"))
    approved(county, counted(county, 3, photo="b"))
    approved(county, counted(county, 1, unsure=True, photo="c"))
    counted(county, 2, photo="d")

    together = told(county)["together"]

    assert (together["claims"], together["agreed"], together["exact"]) == (4, 3, 1)
    assert (together["unsure"], together["unsure_share"]) == (1, 0.25)
    assert (together["sure"], together["wrong"], together["wrong_share"]) == (2, 1, 0.5)
    assert together["heads_off"] == round(2 / 3, 4)
    low, high = together["wrong_share_interval"]
    assert low < 0.5 < high


def test_heads_that_an_officer_assessed_are_what_counts_and_are_said_to_be_corrected(county: County) -> None:
    claim = counted(county, 1, photo="a")
    claim = county.give(assessment("95"), claim.report.claim_id).claim

    open_still = told(county)["together"]["agreed"]
    approved(county, claim)
    together = told(county)["together"]

    assert open_still == 0
    assert (together["exact"], together["corrected"], together["heads"]) == (1, 1, 1)


def test_a_rejected_claim_says_nothing_of_the_counter(county: County) -> None:
    claim = counted(county, 2, photo="a")
    county.give(rejection(claim), claim.report.claim_id)

    assert told(county)["together"]["agreed"] == 0


def test_figures_are_told_apart_by_species_network_and_week(county: County) -> None:
    claim = approved(county, counted(county, 2, photo="a"))
    model = (
        claim.photos[0].checks.count.model if claim.photos[0].checks and claim.photos[0].checks.count else ""
    )

    found = told(county)

    assert [row["group"] for row in found["by_species"]] == ["pig"]
    assert [row["group"] for row in found["by_model"]] == [model]
    assert [row["group"] for row in found["by_week"]] == ["2026-11-23"]
    assert told(county, species="cattle")["by_model"] == []


def test_the_card_speaks_of_the_network_that_was_measured_and_of_no_other() -> None:
    measured = json.loads((SHIPPED / "figures.json").read_text())["changed"]["as they are"]

    card = card_of(read_manifest(SHIPPED).full_name)

    assert card is not None
    assert (card["wrong"], card["answered"]) == (measured["wrong"], measured["answered"])
    assert card_of("another@1") is None
