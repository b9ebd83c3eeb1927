"""The field's words as closed sets: domain.md §1, §3 and §5. The value is what travels on the wire."""

from enum import StrEnum


class Species(StrEnum):
    """Animal kinds 畜种 that a policy can insure."""

    PIG = "pig"
    CATTLE = "cattle"
    SHEEP = "sheep"
    GOAT = "goat"
    POULTRY = "poultry"
    HORSE = "horse"


class Category(StrEnum):
    """Kind within a species; needed only where a product's method uses it."""

    FATTENING = "fattening"
    SOW = "sow"
    PIGLET = "piglet"
    BEEF = "beef"
    DAIRY = "dairy"
    CALF = "calf"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"
    LAYER = "layer"
    BROILER = "broiler"


class Cause(StrEnum):
    """Cause of loss 出险原因."""

    DISEASE = "disease"
    ACCIDENT = "accident"
    NATURAL_EVENT = "natural_event"
    CULL = "cull"


class WeightSource(StrEnum):
    """Who or what gave an animal's weight."""

    DECLARED_BAND = "declared_band"
    SCALE_PHOTO = "scale_photo"
    OFFICER = "officer"
    DOCKET = "docket"


class Lane(StrEnum):
    """One organisation's part of the joint review 联合审核."""

    INSURER = "insurer"
    """保险公司: loss and sum."""
    VETERINARY = "veterinary"
    """畜牧部门: cause of death, disease."""
    INSPECTION = "inspection"
    """动检部门: ear tags, disposal."""


class Path(StrEnum):
    """How a triaged claim travels."""

    FAST = "FAST"
    ASSISTED = "ASSISTED"
    HOLD = "HOLD"


class HoldKind(StrEnum):
    """Why nothing may be paid for now; path HOLD is the hold SIGNALS."""

    SIGNALS = "SIGNALS"
    QUARANTINE = "QUARANTINE"
    PAYEE_CHANGED = "PAYEE_CHANGED"
    STOP_PAYMENTS = "STOP_PAYMENTS"


class ReasonCode(StrEnum):
    """Why a rule referred a claim to people, or why a person rejected it: domain.md §2."""

    NOT_IN_FORCE = "NOT_IN_FORCE"
    OBSERVATION_PERIOD = "OBSERVATION_PERIOD"
    PERIL_EXCLUDED = "PERIL_EXCLUDED"
    OUTSIDE_PREMISES = "OUTSIDE_PREMISES"
    LOCATION_UNKNOWN = "LOCATION_UNKNOWN"
    SPECIES_NOT_INSURED = "SPECIES_NOT_INSURED"
    BELOW_MIN_WEIGHT = "BELOW_MIN_WEIGHT"
    AGE_OUT_OF_RANGE = "AGE_OUT_OF_RANGE"
    OVER_INSURED_COUNT = "OVER_INSURED_COUNT"
    DUPLICATE_TAG = "DUPLICATE_TAG"
    DUPLICATE_PHOTO = "DUPLICATE_PHOTO"
    DUPLICATE_ANIMAL = "DUPLICATE_ANIMAL"
    TAG_INVALID = "TAG_INVALID"
    TAG_SPECIES_MISMATCH = "TAG_SPECIES_MISMATCH"
    COUNT_MISMATCH = "COUNT_MISMATCH"
    COUNT_UNSURE = "COUNT_UNSURE"
    WEIGHT_MISMATCH = "WEIGHT_MISMATCH"
    DISPOSAL_MISSING = "DISPOSAL_MISSING"
    LATE_NOTICE = "LATE_NOTICE"
    EVIDENCE_MISSING = "EVIDENCE_MISSING"
    PAYEE_MISMATCH = "PAYEE_MISMATCH"
    PAYEE_CHANGED = "PAYEE_CHANGED"
    PROGRAMME_LIMIT = "PROGRAMME_LIMIT"
    BELOW_LOSS_THRESHOLD = "BELOW_LOSS_THRESHOLD"
    COVERED_BY_SUBSIDY = "COVERED_BY_SUBSIDY"
