"""Sentences: complete in both languages, kind, and short enough to send."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.events import Event
from backend.domain.words import Cause, Lane, Path, ReasonCode, Species, Verdict
from backend.texts.load import Language, Table, limit, raw_tables, sentence
from models.counter import Reason
from models.scene import SceneReason

LANGUAGES = list(Language)
EVENTS = {event.type for event in get_args(Event)}
GSM_7 = re.compile(r"[A-Za-z0-9 @$_!\"#%&'()*+,\-./:;<=>?\n]*")
FACTS = {
    "day": "2026-03-20",
    "first_day": "2026-03-21",
    "cause": "disease",
    "metres": "12345",
    "direction": "NE",
    "signals": "MOCK, STALE_FIX",
    "species": "cattle",
    "ref": "12",
    "tag": "111010100000001",
    "claims": "FC-20261123-0042",
    "claimed": "218",
    "counted": "215",
    "what": "animal",
    "missing": "weight",
    "mainly": "CONTRADICTED",
    "stock": "75000",
}

every_sentence = pytest.mark.parametrize(
    ("language", "table", "key"),
    [
        (language, table, key)
        for language in LANGUAGES
        for table in Table
        for key in raw_tables(language)[table]
    ],
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("table", [Table.FARMER, Table.OFFICER, Table.REASON])
def test_every_reason_has_its_sentence_and_no_other_stands_there(language: Language, table: Table) -> None:
    assert set(raw_tables(language)[table]) == set(ReasonCode)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_has_its_sentence_and_no_other_stands_there(language: Language) -> None:
    assert set(raw_tables(language)["event"]) == EVENTS


def test_both_languages_have_the_same_words_and_the_same_facts() -> None:
    chinese, english = raw_tables(Language.ZH), raw_tables(Language.EN)

    assert chinese["words"].keys() == english["words"].keys()
    for table in Table:
        for key, text in chinese[table].items():
            assert set(re.findall(r"\{\w+\}", text)) == set(re.findall(r"\{\w+\}", english[table][key])), key


@pytest.mark.parametrize("words", [Species, Lane, Path, Cause, Reason])
def test_words_that_travel_in_facts_are_translated(words: type[Species]) -> None:
    assert set(words) <= raw_tables(Language.ZH)["words"].keys()


@pytest.mark.parametrize("code", [*Reason, *SceneReason])
def test_why_a_count_is_unsure_has_words(code: Reason | SceneReason) -> None:
    for language in LANGUAGES:
        assert code in raw_tables(language)["words"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_on_a_count_has_its_sentence(language: Language) -> None:
    assert set(raw_tables(language)["count"]) == set(Verdict)


@every_sentence
def test_a_sentence_without_facts_is_whole(language: Language, table: Table, key: str) -> None:
    text = sentence(language, table, key)

    assert text.strip() == text
    assert not re.search(r"[\[\]{}]|  | [.,;:?]|\(\)|（）", text)
    assert table is Table.REASON or text.endswith((".", "。"))


@every_sentence
def test_no_sentence_says_rejected(language: Language, table: Table, key: str) -> None:
    text = sentence(language, table, key).lower()

    assert not re.search(r"reject|refus|denied|deny|拒|驳回|骗|fraud", text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", list(ReasonCode))
def test_a_farmers_sentence_fits_one_text_message_with_its_facts(
    language: Language, code: ReasonCode
) -> None:
    text = sentence(language, Table.FARMER, code, **FACTS)

    most = limit(language, Table.FARMER)
    assert most is not None
    assert len(text) <= most
    assert language is Language.ZH or GSM_7.fullmatch(text)


@pytest.mark.parametrize("table", [Table.OFFICER, Table.REASON, Table.EVENT])
def test_only_text_messages_have_a_limit(table: Table) -> None:
    assert limit(Language.ZH, table) is None


def test_facts_stand_in_their_places_in_the_readers_words() -> None:
    text = sentence(Language.ZH, Table.OFFICER, ReasonCode.OUTSIDE_PREMISES, metres="900", direction="NE")

    assert text == "拍摄位置在养殖场界外 900 米，方向东北。请核对界线或到场查看。"


def test_a_part_whose_fact_is_blank_is_left_out() -> None:
    text = sentence(Language.EN, Table.OFFICER, ReasonCode.OUTSIDE_PREMISES, metres="900", direction="")

    assert text == "The photo was taken 900 m outside the premises. Check the boundary or visit."


def test_an_officer_reads_why_a_count_is_unsure() -> None:
    text = sentence(
        Language.EN, Table.OFFICER, ReasonCode.COUNT_UNSURE, claimed="3", counted="3", because="DARK, SCREEN"
    )

    assert text == (
        "The count is not sure: claimed 3, counted 3; because too dark, photographed from a screen. Count by eye."
    )


def test_an_event_names_reason_and_path_in_the_readers_words() -> None:
    text = sentence(
        Language.EN,
        Table.EVENT,
        "claim-triaged",
        path=Path.ASSISTED,
        reason="OUTSIDE_PREMISES, COUNT_UNSURE",
        amount="525.00",
    )

    assert text == (
        "The machine's checks are done: people assist; outside the premises, head count unsure; "
        "first sum 525.00 CNY."
    )


@given(st.text())
def test_a_fact_is_never_read_as_a_template(fact: str) -> None:
    text = sentence(Language.EN, Table.FARMER, ReasonCode.DUPLICATE_TAG, tag=f"{{{fact}}}")

    assert f"{{{fact}}}" in text


def test_an_unknown_sentence_is_a_bug() -> None:
    with pytest.raises(KeyError):
        sentence(Language.EN, Table.FARMER, "NO_SUCH_CODE")
