"""Messages as people read them: number, what happened, what comes next and by when."""

from collections.abc import Mapping
from datetime import datetime

from backend.domain.notices.news import News
from backend.domain.notices.steps import Next, When
from backend.domain.notices.text_message import ONE_GSM_7, ONE_UCS_2, is_gsm_7, is_one_message, places
from backend.domain.policy import SHANGHAI, policy_day
from backend.domain.words import CodePurpose
from backend.texts.load import Language, Table, sentence

HIDDEN_CODE = "******"
# More words than one message holds are cut before they are tried.
_SHORTEST_REASON, _LONGEST_WORDS = 4, 160
_LONGEST_NAME = {Language.ZH: 12, Language.EN: 20}
_AFTER_THE_NUMBER = {Language.ZH: "：", Language.EN: ": "}
_BETWEEN = {Language.ZH: "", Language.EN: " "}
_CUT = {Language.ZH: "…", Language.EN: "..."}


def farmer_text(language: Language, number: str, news: News, at: datetime) -> str:
    """One text message: at most 70 letters of Chinese or 160 of English.

    A person's own words are shortened, or left out where they would make an English message a Chinese one; number,
    sums and times never are.

    Args:
        language: The farmer's.
        number: The claim's.
        news: What to tell.
        at: When it happened, aware: times of the same day are shown without their date.
    """
    reason = spoken(news.facts.get("reason", ""))
    if language is Language.EN and not is_gsm_7(reason):
        reason = ""
    kept = reason
    while True:
        facts = {**news.facts, "reason": kept}
        told = sentence(language, Table.TOLD, news.key, **facts)
        comes = sentence(language, Table.NEXT, news.next.step, **_times(language, news.next.when, at))
        text = f"{number}{_AFTER_THE_NUMBER[language]}{told}{_BETWEEN[language]}{comes}"
        if is_one_message(text) or not kept:
            return text
        # No letter takes more than two places: half of what is over is never too much to take away.
        beyond = places(text) - (ONE_GSM_7 if is_gsm_7(text) else ONE_UCS_2)
        reason = reason[: -max(1, beyond // 2)].rstrip(" ,，、；;")
        kept = reason + _CUT[language] if len(reason) >= _SHORTEST_REASON else ""


def step_text(language: Language, comes: Next, at: datetime) -> str:
    """What comes next, as a message says it; times of the day of *at* are shown without their date."""
    return sentence(language, Table.NEXT, comes.step, **_times(language, comes.when, at))


def named(language: Language, name: str, officer_id: str) -> str:
    """An officer as a message names them: by name, or by their id where the name would make it a Chinese one."""
    called = name if language is Language.ZH or is_gsm_7(name) else officer_id
    return called[: _LONGEST_NAME[language]]


def office_text(language: Language, number: str, news: News, at: datetime) -> str:
    """What an office reads; it comes by webhook and has no limit."""
    times = _times(language, news.next.when, at)
    return sentence(language, Table.OFFICE, news.key, number=number, **news.facts, **times)


def code_text(language: Language, purpose: CodePurpose, number: str, amount: object, code: str) -> str:
    """What the farmer reads with a one-time code, or, with ``HIDDEN_CODE``, what of it may be kept."""
    return sentence(language, Table.NOTICE, purpose, number=number, amount=amount, code=code)


def spoken(words: str) -> str:
    """A person's own words on one line, without control and direction characters and without the full stop."""
    line = "".join(letter if letter.isprintable() else " " for letter in words[:_LONGEST_WORDS])
    return " ".join(line.split()).rstrip(".。 ")


def shown_time(language: Language, moment: datetime, seen_from: datetime) -> str:
    """A moment in Asia/Shanghai, with its date where that is not the day of *seen_from*."""
    there = moment.astimezone(SHANGHAI)
    if policy_day(moment) == policy_day(seen_from):
        return f"{there:%H:%M}"
    if language is Language.ZH:
        return f"{there.month}月{there.day}日{there:%H:%M}"
    return f"{there.day} {_MONTHS[there.month - 1]} {there:%H:%M}"


# Not %b: it would follow the server's locale.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _times(language: Language, when: When | None, at: datetime) -> Mapping[str, str]:
    if when is None:
        return {}
    return {"opens" if when.is_opening else "by": shown_time(language, when.at, at)}
