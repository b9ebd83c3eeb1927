"""A collector sets out, says where they are and arrives, on the command line."""

import pytest

from backend.domain.problems import InvalidInput
from cli.visit import minutes_of
from tests.cli.conftest import County


def test_a_trip_from_the_first_word_to_the_last(county: County) -> None:
    number, shell = county.report(), county.shell
    lon, lat = county.world.policy()["inside"]

    begun = shell.ok("visit", "start", number, "--eta", "40m", profile="collector")
    here = shell.ok(
        "visit", "here", "--at", f"{lon},{lat + 0.03}", "--language", "en", profile="collector"
    ).out
    listed = shell.json("visit", "list", profile="insurer")["visits"]
    done = shell.ok("visit", "done", number, profile="collector").out
    over = shell.run("visit", "done", number, profile="collector")
    nobody = shell.run("visit", "here", "--at", f"{lon},{lat}", profile="collector")

    assert f"{number}: on the way, there at" in begun.out
    assert "km in a straight line to the north" in here
    [own] = [one for one in listed if one["number"] == number]
    assert (own["kind"], own["expected_from"]) == ("collection", "said")
    assert done == f"{number}: arrived\n"
    assert (over.code, nobody.code) == (5, 5)


def test_a_vet_drives_to_no_farm_and_a_time_is_told_in_hours_and_minutes(county: County) -> None:
    number = county.report()

    vet = county.shell.run("visit", "start", number, profile="veterinary")
    late = county.shell.run("visit", "start", number, "--eta", "soon", profile="veterinary")

    assert (vet.code, late.code) == (4, 2)
    assert [minutes_of(one) for one in ("", "40m", "40", "1h", "1h20m", "5h")] == [None, 40, 40, 60, 80, 300]
    for wrong in ("soon", "0m", "6h", "-5m", "m"):
        with pytest.raises(InvalidInput, match="cannot be used"):
            minutes_of(wrong)
