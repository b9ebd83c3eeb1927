"""``claim answer``: an officer asks, the farmer answers in words or photos."""

from pathlib import Path

from cli.exits import Exit
from tests.cli.conftest import LANES, County


def asked(county: County) -> str:
    """A claim that the insurer approved before the veterinary office asked for more."""
    claim = county.report()
    county.shell.ok("claim", "approve", claim, profile="insurer")
    county.shell.ok("claim", "ask", claim, "--note", "one photo of the tag", profile="veterinary")
    return claim


def test_an_answer_with_a_photo_brings_the_claim_back_to_be_approved_again(county: County) -> None:
    claim = asked(county)
    lon, lat = county.world.policy("pig")["inside"]
    place = ("--at", f"{lon},{lat}", "--accuracy", "8")

    done = county.shell.ok(
        *("claim", "answer", claim, "--note", "left ear", *place, str(county.a_photo())), profile="farmer"
    )

    back = county.world.wait(claim, "JOINT_REVIEW")
    assert "Photo 1 of 1 received" in done.err
    assert "Sent: the note 'left ear' and 1 photo." in done.err
    assert done.out.startswith(f"{claim}: ")
    assert [photo["received"] for photo in back["photos"]] == [True, True]
    assert (back["asked"], back["notes"][-1]) == (None, "left ear")
    assert [back["lanes"][lane]["state"] for lane in LANES] == ["void", "open", "open"]
    for lane in LANES:
        county.shell.ok("claim", "approve", claim, profile=lane)
    assert county.world.show(claim)["state"] == "OFFERED"


def test_an_answer_in_words_alone_is_one_too(county: County) -> None:
    claim = asked(county)

    county.shell.ok("claim", "answer", claim, "--note", "it was born on Sunday", profile="farmer")

    assert county.world.wait(claim, "JOINT_REVIEW")["notes"] == ["it was born on Sunday"]


def test_the_same_answer_again_adds_nothing(county: County) -> None:
    claim, photo = asked(county), str(county.a_photo())
    answer = ("claim", "answer", claim, "--note", "left ear", photo)
    county.shell.ok(*answer, profile="farmer")
    first = county.world.wait(claim, "JOINT_REVIEW")

    again = county.shell.json(*answer, profile="farmer")

    assert again["evidence_hash"] == first["evidence_hash"]
    assert (len(again["photos"]), again["notes"]) == (2, ["left ear"])


def test_an_answer_without_note_and_photo_is_refused(county: County) -> None:
    claim = asked(county)

    done = county.shell.run("claim", "answer", claim, "--note", " ", "--json", profile="farmer")

    assert done.code == Exit.USAGE
    assert done.document["errors"] == [
        {"pointer": "/note", "detail": "give --note TEXT or the names of photos"}
    ]
    assert county.world.show(claim)["state"] == "EVIDENCE_REQUESTED"


def test_a_file_that_is_no_photo_is_refused_before_anything_is_added(county: County, tmp_path: Path) -> None:
    claim, words = asked(county), tmp_path / "notes.txt"
    words.write_text("no photo")

    done = county.shell.run("claim", "answer", claim, "--note", "see file", str(words), profile="farmer")

    assert done.code == Exit.USAGE
    assert county.world.show(claim)["notes"] == []


def test_another_policys_farmer_cannot_answer(county: County) -> None:
    policy = county.world.policy("cattle")
    county.shell.ok("login", "--card", policy["card"], profile="neighbour")

    done = county.shell.run("claim", "answer", asked(county), "--note", "mine", profile="neighbour")

    assert done.code == Exit.NOT_FOUND


def test_a_claim_that_waits_for_an_answer_names_the_command_on_one_line(county: County) -> None:
    claim = asked(county)

    shown = county.shell.ok("claim", "show", claim, profile="farmer").out

    assert f"flashclaim claim answer {claim} --note TEXT PHOTO..." in shown
