from pathlib import Path
from uuid import uuid4

import pytest

from cli.exits import Exit
from cli.manifest import media_type
from tests.cli.conftest import County, Shell


def loss(county: County, **changes: str) -> list[str]:
    """The options of a report."""
    options = {
        "--policy": county.world.policy("pig")["policy_number"],
        "--heads": "1",
        "--species": "pig",
        "--cause": "accident",
    } | changes
    return [part for pair in options.items() for part in pair]


def test_a_report_answers_with_the_fields_of_the_contract(county: County) -> None:
    photos = [str(county.a_photo()), str(county.a_photo())]

    done = county.shell.run("claim", "report", *loss(county), "--json", *photos, profile="farmer")

    answer = done.document
    assert done.code == Exit.OK
    assert answer.keys() >= {"id", "number", "state", "due_at", "payee", "photos"}
    assert [photo["received"] for photo in answer["photos"]] == [True, True]
    assert "Photo 2 of 2 received" in done.err
    county.world.wait(answer["id"], "JOINT_REVIEW")


def test_without_json_the_number_alone_is_on_stdout(county: County) -> None:
    done = county.shell.ok("claim", "report", *loss(county), str(county.a_photo()), profile="farmer")

    assert done.out.strip() == county.world.show(done.out.strip())["number"]
    assert "account ending in" in done.err


def test_an_officer_reports_for_a_farmer(county: County) -> None:
    done = county.shell.ok("claim", "report", *loss(county), str(county.a_photo()), profile="veterinary")

    assert county.world.show(done.out.strip())["state"] != "WITHDRAWN"


def test_a_report_that_was_cut_short_goes_on_as_the_same_claim(county: County) -> None:
    photo, claim_id, moment = str(county.a_photo()), str(uuid4()), "2026-11-01T08:00:00+08:00"
    again = loss(county, **{"--claim-id": claim_id, "--occurred-at": moment})
    first = county.shell.json("claim", "report", *again, photo, profile="farmer")

    second = county.shell.json("claim", "report", *again, photo, profile="farmer")

    assert second["number"] == first["number"]
    assert second["id"] == claim_id


def test_another_loss_under_the_same_claim_id_is_a_conflict(county: County) -> None:
    photo, claim_id, moment = str(county.a_photo()), str(uuid4()), "2026-11-01T08:00:00+08:00"
    options = {"--claim-id": claim_id, "--occurred-at": moment}
    county.shell.ok("claim", "report", *loss(county, **options), photo, profile="farmer")

    done = county.shell.run(
        *("claim", "report", *loss(county, **options | {"--heads": "2"}), "--json", photo),
        profile="veterinary",
    )

    assert done.code == Exit.CONFLICT
    assert done.document["code"] == "claim-differs"


def test_a_lost_line_says_how_to_go_on_with_the_same_report(county: County, tmp_path: Path) -> None:
    profile = (county.shell.folder / "farmer.profile.json").read_text()
    cut_off = Shell(tmp_path, "")
    (tmp_path / "farmer.profile.json").write_text(profile.replace(county.world.url, "http://127.0.0.1:9"))
    (tmp_path / "farmer.tokens").write_text((county.shell.folder / "farmer.tokens").read_text())

    done = cut_off.run("claim", "report", *loss(county), str(county.a_photo()), profile="farmer")

    assert done.code == Exit.NETWORK
    assert "repeat the command with --claim-id " in done.err
    assert " --occurred-at " in done.err


def test_a_photo_that_cannot_be_read_does_not_keep_the_others_waiting(county: County) -> None:
    whole = county.a_photo()
    cut = whole.with_name("cut.jpg")
    cut.write_bytes(county.a_photo().read_bytes()[:-200])

    done = county.shell.run("claim", "report", *loss(county), str(cut), str(whole), profile="farmer")

    number = done.out.strip() or done.err.split("FC-")[1][:13]
    shown = county.world.wait(number if number.startswith("FC-") else f"FC-{number}", "JOINT_REVIEW")
    assert done.code == Exit.USAGE
    assert "photo-truncated" in done.err
    assert [photo["received"] for photo in shown["photos"]] == [True, True]
    assert [photo["error"] is None for photo in shown["photos"]] == [False, True]


def test_weights_and_tags_describe_the_animals_in_their_order(county: County) -> None:
    policy = county.world.policy("pig")
    tags = [county.world.fresh_tag(policy), county.world.fresh_tag(policy)]
    described = ["--weight", "95.5", "--weight", "35", "--tag", tags[0], "--tag", tags[1]]

    number = county.shell.json(
        "claim",
        "report",
        *loss(county, **{"--heads": "2"}),
        *described,
        str(county.a_photo()),
        profile="farmer",
    )["number"]

    animals = county.world.show(number)["animals"]
    assert [(one["ref"], one["tag"], one["weight_kg"]) for one in animals] == [
        ("1", tags[0], "95.5"),
        ("2", tags[1], "35"),
    ]


def test_an_agreement_in_advance_needs_no_code_later(county: County) -> None:
    claim = county.report_by_command("--advance")

    for lane in ("insurer", "veterinary", "inspection"):
        county.shell.ok("claim", "approve", claim, profile=lane)

    shown = county.world.show(claim)
    assert shown["acceptance"]["method"] == "in_advance"
    assert shown["state"] == "ACCEPTED"


def test_every_file_that_is_no_photo_is_named_before_anything_is_reported(
    county: County, tmp_path: Path
) -> None:
    words = tmp_path / "notes.txt"
    words.write_text("no photo")
    before = county.shell.json("claim", "list", profile="farmer")["claims"]

    done = county.shell.run(
        *("claim", "report", *loss(county), "--json", str(words), str(tmp_path / "gone.jpg"), str(tmp_path)),
        profile="farmer",
    )

    assert done.code == Exit.USAGE
    assert [error["pointer"] for error in done.document["errors"]] == ["/photos/0", "/photos/1", "/photos/2"]
    assert county.shell.json("claim", "list", profile="farmer")["claims"] == before


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--at", "here"),
        ("--at", "1,2,3"),
        ("--occurred-at", "yesterday"),
        ("--occurred-at", "2026-11-01T08:00:00"),
    ],
)
def test_a_place_or_time_that_is_none_is_refused(county: County, option: str, value: str) -> None:
    done = county.shell.run(
        *("claim", "report", *loss(county), option, value, "--json", str(county.a_photo())), profile="farmer"
    )

    assert done.code == Exit.USAGE
    assert value in done.err


def test_an_unknown_policy_ends_with_3(county: County) -> None:
    done = county.shell.run(
        *("claim", "report", *loss(county, **{"--policy": "P-none"}), str(county.a_photo())),
        profile="veterinary",
    )

    assert done.code == Exit.NOT_FOUND


def test_another_policy_is_not_there_for_a_farmer(county: County) -> None:
    other = county.world.policy("cattle")["policy_number"]

    done = county.shell.run(
        *("claim", "report", *loss(county, **{"--policy": other}), str(county.a_photo())), profile="farmer"
    )

    assert done.code == Exit.NOT_FOUND


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\x00\x00\x00\x18ftypisom", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_the_first_bytes_say_what_a_photo_is(content: bytes, kind: str | None) -> None:
    assert media_type(content) == kind
