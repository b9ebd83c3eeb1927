"""Every message fits one text message, whatever happened, in whichever state, with the longest facts there are."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.domain.notices.news import REJECTED, News, farmer_key
from backend.domain.notices.steps import Next, Step, When
from backend.domain.notices.text_message import is_gsm_7, is_one_message
from backend.domain.words import CodePurpose, HoldKind, Lane, ReasonCode, State
from backend.texts.load import Language, raw_tables
from backend.texts.notices import code_text, farmer_text, named, office_text, shown_time, spoken
from tests.backend.domain.test_notices import steps
from tests.stories import a_story_in

NUMBER = "FC-20261123-123456"
"""As long as PostgreSQL's sequence makes them at a million reports in a day."""
AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ANOTHER_DAY = datetime(2026, 12, 28, 2, 0, tzinfo=UTC)
SUM, WAS = "12345678.00", "98765432.10"
LONGEST = {
    "heads": "100000",
    "amount": SUM,
    "was": WAS,
    "account": "5007",
    "visitor": "collection",
    "about": "23:59",
}
NAMED = ["买买提·艾合买提江·阿不都热合曼", "a-long-officer-id-of-a-large-county"]
WORDS: Mapping[str, Sequence[str]] = {
    "rejected": list(ReasonCode),
    "payout-waits": [HoldKind.STOP_PAYMENTS, HoldKind.DAILY_LIMIT, HoldKind.PROGRAMME_LIMIT],
}
"""Whose reasons are words of ours; elsewhere a person or the bank says them."""
SAID = [
    "",
    "AC04: the account is closed",
    "请补拍左耳的耳标，上次的照片太暗，看不清号码，最好白天拍" * 9,
    "x" * 4000,
]
NO = re.compile(r"没有同意|不同意赔|拒|not agreed|reject|refus|declin", re.IGNORECASE)
"""How somebody is told no."""
TIMES = [None, When(ANOTHER_DAY), When(ANOTHER_DAY, is_opening=True), When(AT)]
LANGUAGES = list(Language)


def every_news(language: Language) -> Iterator[News]:
    """Every sentence before every next step: more than any claim can come to."""
    tables = raw_tables(language)
    for key, text in tables["told"].items():
        reasons: Sequence[str] = WORDS.get(key, SAID) if "{reason}" in text else [""]
        who = {"who": named(language, *NAMED)} if key == REJECTED else {}
        for lane in Lane if "{lane}" in text else [Lane.INSURER]:
            for reason in reasons:
                for step in Step:
                    yield News(key, {**LONGEST, **who, "lane": lane.value, "reason": reason}, Next(step))


def that_happens(news: News) -> bool:
    """A rejection is followed by nothing but the way to object, and so on: what the domain can make of each event."""
    only = {
        "rejected": {Step.OBJECT},
        "withdrawn": {Step.CALL},
        "reported": {Step.PHOTOS, Step.CHECK, Step.ANSWER},
        "asked": {Step.ANSWER},
        "asked-photo": {Step.ANSWER},
        "evidence-came": {Step.PHOTOS, Step.CHECK},
        "unanswered": {Step.INQUIRY},
        "payout-waits": {Step.RESUME},
        "paying": {Step.BANK},
        "paid": {Step.CERTIFICATE, Step.NOTHING},
        "failed": {Step.CORRECT},
        "returned": {Step.CORRECT},
        "assessed": {Step.REVIEW, Step.LOOK, Step.AGREE},
        "certified": set(Step) - {Step.CERTIFICATE, Step.PROOF},
    }
    return news.next.step in only.get(news.key, set(Step) - {Step.CORRECT, Step.OBJECT, Step.CALL})


@pytest.mark.parametrize("when", TIMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_fits_and_cuts_neither_number_nor_sum_nor_time(
    language: Language, when: When | None
) -> None:
    told, comes = raw_tables(language)["told"], raw_tables(language)["next"]
    for news in filter(that_happens, every_news(language)):
        timed = replace(news, next=replace(news.next, when=when))

        text = farmer_text(language, NUMBER, timed, AT)

        assert is_one_message(text), (len(text), text)
        assert language is Language.ZH or is_gsm_7(text), text
        assert text.startswith(NUMBER)
        for name in ("amount", "was", "account"):
            assert (f"{{{name}}}" in told[news.key]) == (LONGEST[name] in text), text
        if when and ("{opens}" if when.is_opening else "{by}") in comes[news.next.step]:
            assert shown_time(language, when.at, AT) in text
        assert not re.search(r"[{}\[\]]|  | [.,;]", text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_is_told_no_is_told_by_whom_and_how_to_object(language: Language) -> None:
    refusing = [
        (table, key)
        for table in ("told", "farmer", "next", "notice", "account")
        for key, text in raw_tables(language)[table].items()
        if NO.search(text)
    ]

    for news in filter(that_happens, every_news(language)):
        if news.key == REJECTED:
            text = farmer_text(language, NUMBER, news, AT)
            assert news.facts["who"] in text
            assert raw_tables(language)["next"]["object"] in text

    assert refusing == [("told", REJECTED)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_tables_say_all_that_the_domain_can_tell(language: Language) -> None:
    keys = {farmer_key(*step) for state in State for step in steps(a_story_in(state))} - {None}

    assert keys <= raw_tables(language)["told"].keys()
    held = {f"held-{kind.lower().replace('_', '-')}" for kind in HoldKind}
    assert held <= raw_tables(language)["told"].keys()
    assert raw_tables(language)["next"].keys() == set(Step)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("purpose", CodePurpose)
def test_a_code_fits_with_the_largest_sum(language: Language, purpose: CodePurpose) -> None:
    text = code_text(language, purpose, NUMBER, SUM, "123456")

    assert is_one_message(text)
    assert "123456." in text or "123456。" in text
    assert purpose is CodePurpose.HANDOVER or SUM in text


@given(st.text(max_size=300))
def test_hostile_words_make_one_line_of_one_message(said: str) -> None:
    for language in LANGUAGES:
        text = farmer_text(language, NUMBER, News("asked", {"reason": said}, Next(Step.ANSWER)), AT)

        assert is_one_message(text)
        assert text.isprintable()


def test_a_persons_words_are_shortened_from_their_end() -> None:
    said = "请补拍左耳的耳标，上次的照片太暗，看不清号码，最好白天拍，谢谢配合，辛苦了，有事打电话"

    text = farmer_text(Language.ZH, NUMBER, News("asked", {"reason": said}, Next(Step.ANSWER)), AT)

    assert text.startswith(f"{NUMBER}：请补材料：请补拍左耳的耳标，上次的照片太暗，")
    assert text.endswith("，谢谢配合…。补好就继续，不用重报。")


def test_chinese_words_would_make_an_english_message_three_and_are_left_out() -> None:
    text = farmer_text(Language.EN, NUMBER, News("asked", {"reason": "左耳"}, Next(Step.ANSWER)), AT)

    assert text == f"{NUMBER}: Please send more. Then it goes on; no need to report again."


def test_a_line_that_would_read_backwards_is_straightened() -> None:
    assert spoken("pay\u202e to\n\x1b[2J me.") == "pay to [2J me"


def test_an_office_reads_what_to_do_and_until_when() -> None:
    facts = {"lane": "veterinary", "heads": "2", "species": "pig", "amount": "1400.00"}
    opening = When(datetime(2026, 11, 24, 0, 0, tzinfo=UTC), is_opening=True)

    text = office_text(Language.ZH, NUMBER, News("review", facts, Next(Step.REVIEW, opening)), AT)

    assert text == f"{NUMBER}：请畜牧部门审核，2头猪，1400.00元，11月24日08:00起。"
