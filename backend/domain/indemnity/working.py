"""The working 计算过程 of a line, step by step, so that every language tells the same arithmetic.

A step wraps what stands before it: ``{before}`` in its words. The English words are those of formats.md, and recorded
with the offer; other languages stand in ``backend/texts/working.toml``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class StepKind(StrEnum):
    """What a step of the arithmetic does."""

    BAND_FROM = "band_from"
    BAND_FROM_TO = "band_from_to"
    BAND_ABOVE = "band_above"
    BAND_ABOVE_TO = "band_above_to"
    BELOW_BANDS = "below_bands"
    NOT_ABOVE_BANDS = "not_above_bands"
    SUM_INSURED = "sum_insured"
    MARKET_PRICE = "market_price"
    PER_KG = "per_kg"
    PER_KG_AT_MOST = "per_kg_at_most"
    MONTHS = "months"
    SIZE = "size"
    NO_SUCH_SIZE = "no_such_size"
    CULL = "cull"
    SUBSIDY_COVERS = "subsidy_covers"
    DEATHS = "deaths"
    SOME_DEATHS = "some_deaths"
    FLOCK = "flock"
    FLOCK_CULL = "flock_cull"
    BELOW_THRESHOLD = "below_threshold"
    AT_MOST = "at_most"
    INSURED_SHARE = "insured_share"
    DEDUCTIBLE = "deductible"
    DUE = "due"
    NOT_IN_COVER = "not_in_cover"
    NOT_INSURED = "not_insured"
    USED_UP = "used_up"
    UNKNOWN = "unknown"
    ALSO_UNKNOWN = "also_unknown"
    NOT_KNOWN_YET = "not_known_yet"
    NOTHING_DUE = "nothing_due"


@dataclass(frozen=True, slots=True)
class Step:
    """One step and its figures, as people write them."""

    kind: StepKind
    figures: dict[str, str]


Steps = tuple[Step, ...]


def step(kind: StepKind, **figures: object) -> Step:
    """A step with its figures as text."""
    return Step(kind, {name: str(figure) for name, figure in figures.items()})


def in_words(steps: Iterable[Step], words: Mapping[StepKind, str] | None = None) -> str:
    """Return the working as one line.

    Args:
        steps: In the order of the arithmetic.
        words: By kind, with the figures' names in braces; English where left out.
    """
    told = ""
    for one in steps:
        told = (words or ENGLISH)[one.kind].format(before=told, **one.figures)
    return told


ENGLISH: Mapping[StepKind, str] = {
    StepKind.BAND_FROM: "≥ {least} kg: {percent} % of {sum}",
    StepKind.BAND_FROM_TO: "≥ {least} and < {most} kg: {percent} % of {sum}",
    StepKind.BAND_ABOVE: "> {least} kg: {percent} % of {sum}",
    StepKind.BAND_ABOVE_TO: "> {least} and ≤ {most} kg: {percent} % of {sum}",
    StepKind.BELOW_BANDS: "{kg} kg is below {least} kg",
    StepKind.NOT_ABOVE_BANDS: "{kg} kg is not above {least} kg",
    StepKind.SUM_INSURED: "sum insured {sum}",
    StepKind.MARKET_PRICE: "{price} per kg × {percent} % × {kg} kg",
    StepKind.PER_KG: "{rate} per kg × {kg} kg",
    StepKind.PER_KG_AT_MOST: "{rate} per kg × ({kg} kg, at most {most} kg)",
    StepKind.MONTHS: "({base} + {per_month} × {months} months)",
    StepKind.SIZE: "{category} {sum}",
    StepKind.NO_SUCH_SIZE: "{category} is not a size of this tariff",
    StepKind.CULL: "({sum} − {subsidy} subsidy)",
    StepKind.SUBSIDY_COVERS: "the subsidy of {subsidy} covers {sum}",
    StepKind.DEATHS: "{deaths} deaths",
    StepKind.SOME_DEATHS: "{heads} of {deaths} deaths",
    StepKind.FLOCK: "{before} × (1 − {mortality} %) × {sum} × {age} %",
    StepKind.FLOCK_CULL: "{before} × ({sum} − {subsidy} subsidy)",
    StepKind.BELOW_THRESHOLD: "{deaths} deaths are not above {percent} % of {stock}",
    StepKind.AT_MOST: "({before}, at most {most})",
    StepKind.INSURED_SHARE: "{before} × {insured}/{stock}",
    StepKind.DEDUCTIBLE: "{before} × (1 − {percent} %)",
    StepKind.DUE: "{before} = {amount}",
    StepKind.NOT_IN_COVER: "not in cover",
    StepKind.NOT_INSURED: "{product} does not insure {species}",
    StepKind.USED_UP: "all {insured} insured heads are paid",
    StepKind.UNKNOWN: "{what}",
    StepKind.ALSO_UNKNOWN: "{before} and {what}",
    StepKind.NOT_KNOWN_YET: "{before} not known yet",
    StepKind.NOTHING_DUE: "{before}: {amount}",
}
