"""Whatever the server says no with, a farmer reads what happened and what to do, in Chinese and in English."""

import re
from typing import get_args

import pytest

from backend.domain.commands import AcceptOffer, AddEvidence, Command, RateClaim, ReceivePhoto, Report
from backend.texts.farmer_page import words
from backend.texts.load import Language
from scripts.generate_docs import problem_classes, refusals_of

OFFICES_ALONE = {
    "a colleague's, an office's or the installation's business": """
        already-proposed first-hand-gone proposal-over same-person another-offices-part cannot-be-assigned
        cannot-stand-in nobody-to-nudge nudged-already office-not-named officer-has-recused second-look-needed
        tied-to-farm colleague-approves key-decided key-needed key-pending key-refused key-revoked
        officer-suspended server-name-unknown no-such-colleague ticket-is-closed ticket-of-another words-needed
        form-not-ours page-link-over views-full erasure-refused assisted-by-you nothing-to-visit no-visit-under-way""",
    "a decision's, a handover's or a payout's": """
        certificate-already-recorded forged-signature handover-already-recorded handover-missing hold-not-set
        lane-already-decided leaves-through-gateway note-needed one-person-one-lane payments-stopped payout-under-way
        reason-needed wrong-lane wrong-payout not-paid""",
    "the bank's": """
        bank-answer-unusable bank-key-conflict bank-trouble bank-unanswered bank-unreachable stale-callback
        unsigned-callback""",
    "of files, copies, backups, registers and logs": """
        backup-damaged backup-missing backup-too-new backup-unwritable copy-differs copy-unfinished database-in-use
        database-unusable target-not-empty dataset-folder-taken dataset-unwritable import-refused import-too-big
        import-unreadable no-room-for-file register-busy prices-refused product-file-wrong product-version-fixed
        checkpoint-unknown history-rewritten installation-unknown not-in-log-yet proof-unreadable cursor-unknown
        cursor-unusable comparison-needed""",
    "of the command line and of who runs the server": """
        data-folder-unusable network-name-taken network-not-installed predictor-not-installed key-locked no-passphrase
        metrics-not-allowed metrics-token-missing no-browser printing-failed no-key photo-file-unreadable
        server-unreachable""",
}
"""Types that no route of the phone page answers with, by whose they are."""
NOT_OF_A_CLASS = {"internal-error"}


def told(language: Language) -> dict[str, str]:
    """The sentences of the page about refusals, by the code of the type."""
    said = words(language).items()
    return {
        name.removeprefix("problem_").replace("_", "-"): sentence
        for name, sentence in said
        if name.startswith("problem_")
    }


def test_every_refusal_is_said_to_farmers_or_is_for_offices_alone() -> None:
    kinds = {kind.type.removeprefix("/problems/") for kind in problem_classes()}
    elsewhere = [code for listed in OFFICES_ALONE.values() for code in listed.split()]
    said = told(Language.ZH).keys()

    assert kinds - said - set(elsewhere) == set(), (
        "say it in farmer_problems.toml, or name who alone meets it"
    )
    assert (said - NOT_OF_A_CLASS) - kinds == set(), "nothing answers with these any more"
    assert set(elsewhere) - kinds == set(), "nothing answers with these any more"
    assert len(elsewhere) == len(set(elsewhere))
    assert said & set(elsewhere) == set()


def test_what_may_refuse_a_farmers_own_commands_is_said_to_farmers() -> None:
    by_class = {kind.__name__: kind.type.removeprefix("/problems/") for kind in problem_classes()}

    for command in (Report, ReceivePhoto, AddEvidence, AcceptOffer, RateClaim):
        assert command in get_args(Command)
        named = {by_class[name] for names, _ in refusals_of(command) for name in names}
        assert named <= told(Language.ZH).keys(), command


@pytest.mark.parametrize("language", list(Language))
def test_a_refusal_says_what_to_do_and_never_blames_or_decides(language: Language) -> None:
    to_do = {
        Language.ZH: re.compile(r"请|会再发|会接着发|不用|谢谢|告诉您"),
        Language.EN: re.compile(
            r"please|call|again|goes on|open|take|use|ask|thank|moment|stays|told", re.IGNORECASE
        ),
    }

    assert [code for code, said in told(language).items() if not to_do[language].search(said)] == []
