"""``claim show`` and ``timeline``: the documents of formats.md, and screens of 80 columns."""

from rich.cells import cell_len

from tests.cli.conftest import County
from tests.contract import SHOW


def test_show_has_every_field_of_the_contract(county: County) -> None:
    claim = county.report(away_m=900)

    shown = county.shell.json("claim", "show", claim, "--language", "en", profile="insurer")

    assert shown.keys() >= SHOW
    assert shown["number"] == claim
    assert shown["path"] == "ASSISTED"
    assert [reason["code"] for reason in shown["reasons"]] == ["OUTSIDE_PREMISES"]
    assert shown["reasons"][0]["text"].startswith("The photo was taken")
    assert shown["offer"].keys() >= {"amount", "currency", "offer_hash"}
    assert list(shown["lanes"]) == ["insurer", "veterinary", "inspection"]
    assert all(lane.keys() >= {"state", "by", "at"} for lane in shown["lanes"].values())
    assert shown["fence"]["decision"] == "OUTSIDE"
    assert shown["fence"]["distance_m"] < 0


def test_timeline_has_every_field_of_the_contract(county: County) -> None:
    claim = county.report()

    told = county.shell.json("claim", "timeline", claim, profile="insurer")

    assert told.keys() >= {"number", "events", "stages", "seconds_to_paid"}
    assert told["seconds_to_paid"] is None
    assert told["events"][0].keys() >= {"seq", "at", "type", "actor", "organisation", "text"}
    assert [event["seq"] for event in told["events"]] == list(range(1, len(told["events"]) + 1))
    assert told["stages"][-1] | {"seconds": 0} == {
        "stage": "joint_review",
        "seconds": 0,
        "held_by": "insurer+veterinary+inspection",
        "open": True,
    }


def test_a_claim_is_found_by_number_and_by_id(county: County) -> None:
    claim = county.report()
    by_number = county.shell.json("claim", "show", claim, profile="insurer")

    by_id = county.shell.json("claim", "show", by_number["id"], profile="insurer")

    assert by_id == by_number


def test_the_terminals_locale_chooses_the_language(county: County) -> None:
    claim = county.report(away_m=900)

    chinese = county.shell.run("claim", "show", claim, profile="insurer", LC_ALL="zh_CN.UTF-8")
    english = county.shell.run("claim", "show", claim, profile="insurer")

    assert "拍摄位置在养殖场界外" in chinese.out
    assert "下一步" in chinese.out
    assert "The photo was taken" in english.out


def test_the_farmer_reads_the_farmers_sentences(county: County) -> None:
    claim = county.report(away_m=900)

    shown = county.shell.json("claim", "show", claim, "--language", "en", profile="farmer")

    assert "Please tell us why" in shown["reasons"][0]["text"]


def test_the_screens_of_a_claim_fit_80_columns_and_say_what_is_next(county: County) -> None:
    claim = county.report(away_m=900)

    shown = county.shell.ok("claim", "show", claim, profile="insurer").out
    told = county.shell.ok("claim", "timeline", claim, profile="insurer").out

    assert "700.00 CNY" in shown
    assert "≥ 90 kg: 100 % of 700.00 = 700.00" in shown
    assert "lanes still to decide: insurer, veterinary, inspection" in shown
    assert "not paid yet" in told
    assert "█" in told
    assert max(cell_len(line) for line in (shown + told).splitlines()) <= 80
    assert len(shown.splitlines()) <= 24


def test_a_note_cannot_steer_the_terminal(county: County) -> None:
    claim = county.report(note="look \x1b[31mhere\x07")

    shown = county.shell.ok("claim", "show", claim, profile="insurer").out

    assert "\x1b[31m" not in shown
    assert "\x07" not in shown
    assert "look" in shown


def test_the_list_goes_on_after_its_page(county: County) -> None:
    claims = {county.report(), county.report()}

    first = county.shell.json("claim", "list", "--limit", "1", profile="insurer")
    after = county.shell.json("claim", "list", "--limit", "1", "--after", first["next"], profile="insurer")

    found = [page["claims"][0]["number"] for page in (first, after)]
    assert set(found) == claims
    assert found == sorted(found, reverse=True)


def test_every_reason_code_has_its_two_sentences_without_a_server(county: County) -> None:
    told = county.shell.json("reason", "list", "--language", "en")

    assert len(told["reasons"]) == 25
    assert all(reason["officer"] and reason["farmer"] for reason in told["reasons"])
    assert {reason["code"]: reason["name"] for reason in told["reasons"]}[
        "DUPLICATE_TAG"
    ] == "Ear tag used before"
