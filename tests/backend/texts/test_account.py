"""Messages about no claim: one text message each, with the longest facts there are, and no account."""

import pytest

from backend.domain.notices.text_message import is_gsm_7, is_one_message
from backend.domain.sign_in.words import Message
from backend.texts.load import Language, Table, raw_tables, sentence

FACTS = {"code": "123456", "policy": "0001", "last": "5678"}


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", Message)
def test_a_message_about_an_account_fits_one_text_message(language: Language, kind: Message) -> None:
    text = sentence(language, Table.ACCOUNT, kind, **FACTS)

    assert is_one_message(text), text
    assert language is Language.ZH or is_gsm_7(text)
    assert {fact for fact in FACTS.values() if fact in text} or kind is Message.SESSION_REUSED


@pytest.mark.parametrize("language", Language)
def test_every_message_about_an_account_has_its_sentence_and_no_other_stands_there(
    language: Language,
) -> None:
    assert set(raw_tables(language)["account"]) == set(Message)
