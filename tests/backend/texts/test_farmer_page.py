"""The phone page's words are complete, in both languages."""

import pytest

from backend.domain.words import Species, State
from backend.texts.farmer_page import words
from backend.texts.load import Language


@pytest.mark.parametrize("language", list(Language))
def test_every_state_and_kind_has_its_word(language: Language) -> None:
    said = words(language)

    assert [one for one in State if f"state_{one.lower()}" not in said] == []
    assert [one for one in Species if one.value not in said] == []
    assert [name for name, sentence in said.items() if not sentence.strip()] == []


def test_both_languages_fill_in_the_same_facts() -> None:
    def facts(sentence: str) -> set[str]:
        return {part.partition("}")[0] for part in sentence.split("{")[1:]}

    zh, en = words(Language.ZH), words(Language.EN)

    assert {name: facts(zh[name]) for name in zh} == {name: facts(en[name]) for name in en}
