"""The rules that judge new claims: every check of domain.md §2, in the order in which its doubts are told.

To add one, write a pure function in a file of its subject and name it here with every code that it may raise. Once a
release has judged claims by this list, it is copied under its version (as ``november`` is) before it changes.
"""

from collections.abc import Callable, Iterable, Iterator

from backend.domain.findings import Finding
from backend.domain.photos import Photo
from backend.domain.policy import Animal
from backend.domain.rules.count import judge_count, judge_species
from backend.domain.rules.cover import CODES_OF_COVER, judge_cover_in_full
from backend.domain.rules.deaths import judge_deaths
from backend.domain.rules.moments import judge_moments, judge_notice
from backend.domain.rules.payee import shared_payee, unsettled_payee
from backend.domain.rules.people import judge_together
from backend.domain.rules.photos import judge_arrival, judge_reuse
from backend.domain.rules.place import judge_camera, judge_place
from backend.domain.rules.rule import Case, Rule
from backend.domain.rules.tags import judge_herd, judge_tag
from backend.domain.rules.thresholds import Thresholds
from backend.domain.words import ReasonCode as R

Find = Callable[[Case, Thresholds], Iterable[Finding]]


def _each_photo(judge: Callable[[Photo, Case, Thresholds], Finding]) -> Find:
    def find(case: Case, thresholds: Thresholds) -> Iterator[Finding]:
        return (judge(photo, case, thresholds) for photo in case.claim.photos)

    return find


def _each_animal(judge: Callable[[Animal, Case], Finding]) -> Find:
    def find(case: Case, _: Thresholds) -> Iterator[Finding]:
        return (judge(animal, case) for animal in case.claim.animals)

    return find


CHECKS = (
    Rule(
        name="cover",
        asks="Does the policy answer for this loss, and is the sum complete?",
        raises=CODES_OF_COVER,
        find=lambda case, _: judge_cover_in_full(case.claim, case.quote),
    ),
    Rule(
        name="notice",
        asks="Was the loss reported in time?",
        raises=(R.LATE_NOTICE,),
        find=lambda case, figures: (judge_notice(case.claim, figures),),
    ),
    Rule(
        name="arrival",
        asks="Is every announced photo there, and can it be read?",
        raises=(R.EVIDENCE_MISSING,),
        find=_each_photo(lambda photo, *_: judge_arrival(photo)),
    ),
    Rule(
        name="reuse",
        asks="Is each photo new?",
        raises=(R.DUPLICATE_PHOTO,),
        holds=(R.DUPLICATE_PHOTO,),
        find=_each_photo(
            lambda photo, case, _: judge_reuse(photo, case.elsewhere.by_photo.get(photo.id, ()))
        ),
    ),
    Rule(
        name="moments",
        asks="Was each photo taken after the loss, as far as clocks can say?",
        raises=(R.EVIDENCE_MISSING,),
        find=_each_photo(lambda photo, case, figures: judge_moments(photo, case.claim, figures)),
    ),
    Rule(
        name="fence",
        asks="Was each photo taken on the insured premises?",
        raises=(R.OUTSIDE_PREMISES, R.LOCATION_UNKNOWN),
        find=_each_photo(lambda photo, *_: judge_place(photo)),
    ),
    Rule(
        name="camera",
        asks="Does the camera's own place contradict the phone's?",
        raises=(R.LOCATION_UNKNOWN,),
        find=_each_photo(lambda photo, *_: judge_camera(photo)),
    ),
    Rule(
        name="count",
        asks="Does the counted scene agree with the heads and the species claimed?",
        raises=(R.COUNT_MISMATCH, R.COUNT_UNSURE),
        find=lambda case, _: (judge_count(case.claim, case.scene), judge_species(case.claim)),
    ),
    Rule(
        name="tags",
        asks="Is each ear tag well-formed, of its species, and claimed once?",
        raises=(R.TAG_INVALID, R.TAG_SPECIES_MISMATCH, R.DUPLICATE_TAG),
        holds=(R.DUPLICATE_TAG,),
        find=_each_animal(
            lambda animal, case: judge_tag(animal, case.elsewhere.by_tag.get(animal.tag or "", ()))
        ),
    ),
    Rule(
        name="herd",
        asks="Does each ear tag belong to this farm?",
        raises=(R.TAG_INVALID,),
        find=_each_animal(lambda animal, case: judge_herd(animal, case.claim.report.policy, case.elsewhere)),
    ),
    Rule(
        name="deaths",
        asks="Can so many have died, given the stock and the last weeks?",
        raises=(R.COUNT_MISMATCH,),
        find=lambda case, figures: (judge_deaths(case.claim, case.elsewhere, figures),),
    ),
    Rule(
        name="people",
        asks="Did the same officer and the same collector meet on most of the farm's claims?",
        raises=(R.EVIDENCE_MISSING,),
        find=lambda case, figures: (judge_together(case.elsewhere, figures),),
    ),
    Rule(
        name="payee",
        asks="Is the payee the policy's, and settled?",
        raises=(R.PAYEE_CHANGED, R.PAYEE_MISMATCH),
        stops_payment=(R.PAYEE_CHANGED, R.PAYEE_MISMATCH),
        find=lambda case, figures: unsettled_payee(case.elsewhere, case.at, figures),
    ),
    Rule(
        name="shared payee",
        asks="Is one account the payee of many farms?",
        raises=(R.PAYEE_MISMATCH,),
        find=lambda case, figures: shared_payee(case.elsewhere, figures),
    ),
)
