"""The phone page's words are complete, in both languages."""

import re

import pytest

from backend.api.farmer_page import page_files
from backend.domain.words import Species, State
from backend.texts.farmer_page import first_words, words
from backend.texts.load import Language


@pytest.mark.parametrize("language", list(Language))
def test_every_state_and_kind_has_its_word(language: Language) -> None:
    said = words(language)

    assert [one for one in State if f"state_{one.lower()}" not in said] == []
    assert [one for one in Species if one.value not in said] == []
    assert [name for name, sentence in said.items() if not sentence.strip()] == []


def test_what_is_shown_before_the_other_words_are_fetched_is_said_by_the_first() -> None:
    modules = {name: content.decode() for name, content in page_files().items() if name.endswith(".js")}
    # The first screen's, and what is fetched beside it.
    wanted = ["page.js", "aloud.js", "scan.js"]
    for name in wanted:
        imported = re.findall(r'^import .*"/f/([\w.-]+)";$', modules.get(name, ""), re.MULTILINE)
        wanted += [one for one in imported if one not in wanted]

    calls = [call for name in wanted for call in re.findall(r"\bt\(([^()]*)", modules[name])]
    named = {one for call in calls for one in re.findall(r'"(\w+)"', call)}

    assert "signing-in.js" in wanted
    assert (named & words(Language.ZH).keys()) - first_words(Language.ZH).keys() == set()


def test_both_languages_fill_in_the_same_facts() -> None:
    def facts(sentence: str) -> set[str]:
        return {part.partition("}")[0] for part in sentence.split("{")[1:]}

    zh, en = words(Language.ZH), words(Language.EN)

    assert {name: facts(zh[name]) for name in zh} == {name: facts(en[name]) for name in en}


@pytest.mark.parametrize("language", list(Language))
def test_the_page_says_no_by_a_persons_name_alone(language: Language) -> None:
    refusing = re.compile(r"没有同意|不予|拒绝|did not agree|rejected|refused|declined", re.IGNORECASE)

    saying = {name: said for name, said in words(language).items() if refusing.search(said)}

    assert saying.keys() == {"rejected_by"}
    assert "{who}" in saying["rejected_by"]


def test_sentences_in_chinese_are_short_enough_to_be_heard_once() -> None:
    # As long as a text message, and no clause longer than a line of the care edition holds twice.
    for name, said in words(Language.ZH).items():
        assert len(said) <= 70, name
        filled = re.sub(r"\{\w+\}", "…", said)
        assert max(map(len, re.split(r"[。，；：？！、]", filled))) <= 24, name


def test_words_that_only_offices_use_are_not_said() -> None:
    office_words = {
        "保险标的",
        "查勘",
        "定损",
        "核损",
        "理赔",
        "免赔",
        "出险",
        "受理",
        "予以",
        "上述",
        "该案",
        "复核",
    }

    said = words(Language.ZH)

    assert {name for name, one in said.items() for word in office_words if word in one} == set()
