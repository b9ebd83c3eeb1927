"""Words of the insurer's pages: all of them in both languages, and none that no page shows."""

import re
from importlib.resources import files

import pytest

from backend.insight.wanted import By
from backend.store.day_pack import HOLDERS, OBSERVED, REACHED, STANDSTILLS
from backend.texts.load import Language
from backend.texts.paged import page_labels, page_word, raw_pages, refused

TEMPLATES = {
    one.name: one.read_text(encoding="utf-8")
    for one in (files("backend.web") / "insurer" / "templates").iterdir()
    if one.name.endswith(".html")
}
PAGES = "\n".join(TEMPLATES.values())
CODE = "\n".join(
    one.read_text(encoding="utf-8")
    for one in (files("backend.api") / "insurer_pages").iterdir()
    if one.name.endswith(".py")
)


def test_every_word_is_said_in_both_languages() -> None:
    unsaid = [
        f"{table}.{name}"
        for table, entries in raw_pages().items()
        for name, said in entries.items()
        if set(said) != set(Language) or not all(said.values())
    ]

    assert unsaid == []


def test_every_label_that_a_page_names_is_there() -> None:
    named = set(re.findall(r"\bt\.([a-z_0-9]+)", PAGES))

    assert named - set(page_labels(Language.EN)) == set()


def test_no_label_hides_behind_what_a_dictionary_can_do() -> None:
    assert set(page_labels(Language.EN)) & set(dir({})) == set()


def test_every_label_is_shown_somewhere() -> None:
    written = PAGES + CODE
    unused = [
        name
        for name in page_labels(Language.EN)
        if not re.search(rf"\bt\.{name}\b|['\"]{name}['\"]", written)
        and not name.startswith(("by_", "theme_", "outcome_"))
    ]

    assert unused == []


@pytest.mark.parametrize("name", [*OBSERVED, *HOLDERS, *STANDSTILLS, *REACHED])
def test_whatever_the_figures_name_has_a_word(name: str) -> None:
    assert not page_word(Language.ZH, name).isascii()
    assert "_" not in page_word(Language.EN, name)


def test_every_way_to_tell_claims_apart_has_a_word() -> None:
    assert {f"by_{by}" for by in By} <= set(page_labels(Language.ZH))


def test_several_holders_are_named_one_by_one() -> None:
    assert page_word(Language.ZH, "veterinary+inspection") == "畜牧部门、动检部门"
    assert page_word(Language.EN, "picc-changsha-1") == "picc-changsha-1"


def test_a_refusal_without_words_of_its_own_is_said_in_general() -> None:
    assert refused(Language.EN, "no-such-code") == refused(Language.EN, "other")
