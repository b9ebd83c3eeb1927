"""The rules that judge new claims: every check of domain.md §2, in the order in which its doubts are told.

To add one, write a pure function in a file of its subject and name it here with every code that it may raise;
``versions`` leaves it out of the lists that judged before. Whoever changes or removes one keeps the former rule there.
"""

from collections.abc import Callable, Iterable, Iterator

from backend.domain.findings import Finding
from backend.domain.photos import Photo
from backend.domain.policy import Animal
from backend.domain.rules.ages import judge_age
from backend.domain.rules.count import judge_count, judge_named_heads
from backend.domain.rules.cover import CODES_OF_COVER, judge_cover_in_full
from backend.domain.rules.deaths import judge_deaths
from backend.domain.rules.moments import judge_moments, judge_notice
from backend.domain.rules.payee import shared_payee, unsettled_payee
from backend.domain.rules.people import judge_together
from backend.domain.rules.photos import judge_arrival, judge_copy, judge_reuse
from backend.domain.rules.place import judge_camera, judge_place
from backend.domain.rules.programme import judge_programme
from backend.domain.rules.rule import Case, Rule
from backend.domain.rules.tags import judge_herd, judge_tag
from backend.domain.rules.thresholds import Thresholds
from backend.domain.rules.weights import judge_weights
from backend.domain.words import ReasonCode as R

Find = Callable[[Case, Thresholds], Iterable[Finding]]


def _each_photo(judge: Callable[[Photo, Case, Thresholds], Finding]) -> Find:
    def find(case: Case, thresholds: Thresholds) -> Iterator[Finding]:
        return (judge(photo, case, thresholds) for photo in case.claim.photos)

    return find


def _each_animal(judge: Callable[[Animal, Case, Thresholds], Finding]) -> Find:
    def find(case: Case, thresholds: Thresholds) -> Iterator[Finding]:
        return (judge(animal, case, thresholds) for animal in case.claim.animals)

    return find


CHECKS = (
    Rule(
        name="cover",
        raises=CODES_OF_COVER,
        find=lambda case, _: judge_cover_in_full(case.claim, case.quote),
    ),
    Rule(
        name="programme",
        raises=(R.PROGRAMME_LIMIT,),
        find=lambda case, _: (judge_programme(case.quote.payable, case.elsewhere.programme),),
    ),
    Rule(
        name="notice",
        raises=(R.LATE_NOTICE,),
        find=lambda case, figures: (judge_notice(case.claim, figures),),
    ),
    Rule(
        name="arrival",
        raises=(R.EVIDENCE_MISSING,),
        find=_each_photo(lambda photo, *_: judge_arrival(photo)),
    ),
    Rule(
        name="reuse",
        raises=(R.DUPLICATE_PHOTO,),
        holds=(R.DUPLICATE_PHOTO,),
        find=_each_photo(
            lambda photo, case, _: judge_reuse(photo, case.elsewhere.by_photo.get(photo.id, ()))
        ),
    ),
    Rule(
        name="copies",
        raises=(R.DUPLICATE_PHOTO,),
        find=_each_photo(lambda photo, case, _: judge_copy(photo, case.elsewhere)),
    ),
    Rule(
        name="moments",
        raises=(R.EVIDENCE_MISSING,),
        find=_each_photo(lambda photo, case, figures: judge_moments(photo, case.claim, figures)),
    ),
    Rule(
        name="fence",
        raises=(R.OUTSIDE_PREMISES, R.LOCATION_UNKNOWN),
        find=_each_photo(lambda photo, *_: judge_place(photo)),
    ),
    Rule(
        name="camera",
        raises=(R.LOCATION_UNKNOWN,),
        find=_each_photo(lambda photo, *_: judge_camera(photo)),
    ),
    Rule(
        name="count",
        raises=(R.COUNT_MISMATCH, R.COUNT_UNSURE),
        find=lambda case, _: (judge_count(case.claim, case.scene), judge_named_heads(case.claim, case.scene)),
    ),
    Rule(
        name="tags",
        raises=(R.TAG_INVALID, R.TAG_SPECIES_MISMATCH, R.DUPLICATE_TAG),
        holds=(R.DUPLICATE_TAG,),
        find=_each_animal(
            lambda animal, case, _: judge_tag(animal, case.elsewhere.by_tag.get(animal.tag or "", ()))
        ),
    ),
    Rule(
        name="herd",
        raises=(R.TAG_INVALID,),
        find=_each_animal(
            lambda animal, case, _: judge_herd(animal, case.claim.report.policy, case.elsewhere)
        ),
    ),
    Rule(
        name="weights",
        raises=(R.EVIDENCE_MISSING,),
        find=lambda case, _: judge_weights(case.claim, case.product),
    ),
    Rule(
        name="ages",
        raises=(R.AGE_OUT_OF_RANGE,),
        find=_each_animal(lambda animal, _, figures: judge_age(animal, figures)),
    ),
    Rule(
        name="deaths",
        raises=(R.COUNT_MISMATCH,),
        find=lambda case, figures: (judge_deaths(case.claim, case.elsewhere, figures),),
    ),
    Rule(
        name="people",
        raises=(R.EVIDENCE_MISSING,),
        find=lambda case, figures: (judge_together(case.elsewhere, figures),),
    ),
    Rule(
        name="payee",
        raises=(R.PAYEE_CHANGED, R.PAYEE_MISMATCH),
        stops_payment=(R.PAYEE_CHANGED, R.PAYEE_MISMATCH),
        find=lambda case, figures: unsettled_payee(case.elsewhere, case.at, figures),
    ),
    Rule(
        name="shared_payee",
        raises=(R.PAYEE_MISMATCH,),
        find=lambda case, figures: shared_payee(case.elsewhere, figures),
    ),
)
