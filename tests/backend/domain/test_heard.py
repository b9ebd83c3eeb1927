"""Ratings and tickets of many claims come to three figures of the index; of too few answers they come to none."""

import pytest

from backend.domain.quality.figure import weighed_mean
from backend.domain.quality.heard import Heard
from backend.domain.ratings.words import RatedStage
from backend.service_index.load import weights


def raw(heard: Heard) -> dict[str, float | None]:
    return heard.raw(weights())


def test_net_promoters_are_those_who_recommend_less_those_who_warn() -> None:
    heard = Heard()
    for figure in (10, 9, 8, 7, 6, 0, 9, 10):
        heard.add_recommendation(figure)

    assert raw(heard)["nps"] == pytest.approx(100 * (4 - 2) / 8)


def test_the_rating_is_the_mean_over_all_stages() -> None:
    heard = Heard(rated=5)
    heard.add_score("reporting", 3, 15)
    heard.add_score("payment", 2, 5)

    assert raw(heard)["rating"] == 4.0


def test_open_tickets_that_are_not_due_count_neither_way() -> None:
    assert raw(Heard(in_time=6, late=2, waiting=90))["tickets_in_time"] == 0.75
    assert raw(Heard(waiting=90))["tickets_in_time"] is None


def test_one_farmer_who_scores_five_stages_is_one_voice() -> None:
    heard = Heard(rated=1)
    for stage in RatedStage:
        heard.add_score(stage.value, 1, 1)

    assert raw(heard)["rating"] is None


def test_four_answers_say_nothing_of_a_service() -> None:
    heard = Heard(in_time=4, rated=4)
    heard.add_score("reporting", 4, 4)
    heard.add_recommendation(0, 4)

    assert raw(heard) == {"rating": None, "nps": None, "tickets_in_time": None}


def test_the_weights_come_to_a_hundred_and_the_best_of_all_is_a_hundred() -> None:
    assert sum(one.weight for one in weights()) == 100
    assert weighed_mean([(one, one.best) for one in weights()]) == 100.0
    assert weighed_mean([(one, one.worst) for one in weights()]) == 0.0
    assert weighed_mean([(one, None) for one in weights()]) is None
