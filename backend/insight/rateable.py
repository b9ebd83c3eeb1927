"""What a farmer, or the holder of a link, may rate of a claim now, and what they said before."""

from collections.abc import Sequence
from datetime import datetime

from backend.domain.claim import Claim
from backend.domain.decisions.rating import is_recommendable, may_change, rateable
from backend.domain.parties import Actor
from backend.domain.policy import policy_day
from backend.domain.ratings.terms import RatingTerms, terms_on
from backend.domain.ratings.words import HIGHEST, LEAST_LIKELY, LOWEST, MOST_LIKELY
from backend.domain.words import ActorKind
from backend.texts.load import Language, Table, sentence

Document = dict[str, object]


def rateable_document(
    claim: Claim, by: Actor | None, rows: Sequence[RatingTerms], at: datetime, language: Language
) -> Document:
    """The stages that are over, each with its score and whether it may still be given or changed.

    *by* None: somebody who only reads. A ticket's answer is there once it is closed; a link names nobody.
    """
    terms, voice = terms_on(rows, policy_day(at)), claim.voice
    answered = [
        {
            "at": one.closing.at.isoformat(),
            "by": one.closing.closed.name,
            "reason": one.closing.closed.reason,
            "words": one.closing.closed.words,
            "text": sentence(
                language,
                Table.TOLD,
                "ticket-closed",
                who=one.closing.closed.name,
                how=one.closing.closed.reason,
                reason=one.closing.closed.words,
            ),
        }
        for one in claim.tickets
        if one.closing and not (by and by.kind is ActorKind.LINK)
    ]
    return {
        "number": claim.report.number,
        "lowest": LOWEST,
        "highest": HIGHEST,
        "stages": [
            {
                "stage": stage.value,
                "score": voice.scores[stage].figure if stage in voice.scores else None,
                "may_rate": by is not None and may_change(voice.scores.get(stage), by, terms, at),
            }
            for stage in rateable(claim)
        ],
        "recommend": {
            "least": LEAST_LIKELY,
            "most": MOST_LIKELY,
            "figure": voice.recommend.figure if voice.recommend else None,
            "may_rate": by is not None
            and is_recommendable(claim)
            and may_change(voice.recommend, by, terms, at),
        },
        "is_answered": claim.open_ticket is None,
        "answers": answered,
    }
