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


class Posture(StrEnum):
    """How the animals on a photo are, as an officer labels it 标注."""

    LYING = "lying"
    STANDING = "standing"
    MIXED = "mixed"


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


class State(StrEnum):
    """Where a claim 理赔案件 stands: derived from its facts, never assigned (domain.md §1)."""

    REPORTED = "REPORTED"
    VERIFYING = "VERIFYING"
    EVIDENCE_REQUESTED = "EVIDENCE_REQUESTED"
    TRIAGED = "TRIAGED"
    JOINT_REVIEW = "JOINT_REVIEW"
    OFFERED = "OFFERED"
    ACCEPTED = "ACCEPTED"
    PAYABLE = "PAYABLE"
    PAYING = "PAYING"
    PAYMENT_UNKNOWN = "PAYMENT_UNKNOWN"
    PAYMENT_FAILED = "PAYMENT_FAILED"
    PAID = "PAID"
    CLOSED = "CLOSED"
    REJECTED = "REJECTED"
    WITHDRAWN = "WITHDRAWN"


class Decision(StrEnum):
    """What an officer says in a lane."""

    APPROVE = "approve"
    REJECT = "reject"
    ASK = "ask"


class Verdict(StrEnum):
    """What the counted scene says of the heads claimed; only people act on it."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNSURE = "unsure"


class LaneState(StrEnum):
    """Where one lane stands; void is an approval that later evidence or a new offer undid."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    ASKED = "asked"
    VOID = "void"


class PayoutState(StrEnum):
    """Where one payout 支付 stands, as far as the bank has said."""

    STARTED = "started"
    """A transfer under this key may be on its way to the bank."""
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    RETURNED = "returned"
    """退汇: the money had left and the bank brought it back."""
    RETIRED = "retired"
    """A failed or returned payout that a person replaced by a new one."""


class PayGate(StrEnum):
    """What must have happened to the carcass 病死畜禽 before money leaves."""

    HANDOVER = "HANDOVER"
    CERTIFICATE = "CERTIFICATE"


class AcceptanceMethod(StrEnum):
    """How the farmer 养殖户 accepted the offer."""

    ONE_TIME_CODE = "one_time_code"
    IN_ADVANCE = "in_advance"


class CodePurpose(StrEnum):
    """What a one-time code 验证码 of the farmer is for."""

    ACCEPTANCE = "acceptance"
    """Agrees to the offer with the hash it is bound to."""
    HANDOVER = "handover"
    """Told to the collector who takes the carcasses: the farmer's signature on the receipt."""


class ActorKind(StrEnum):
    """Who did something."""

    FARMER = "farmer"
    LINK = "link"
    """Whoever holds a read-only link to the claim; it rates, and does nothing else."""
    OFFICER = "officer"
    COLLECTOR = "collector"
    AGENT = "agent"
    """A village agent 村级协保员 of the insurer."""
    MACHINE = "machine"
    BANK = "bank"


class HoldKind(StrEnum):
    """Why nothing may be paid for now; path HOLD is the hold SIGNALS."""

    SIGNALS = "SIGNALS"
    QUARANTINE = "QUARANTINE"
    PAYEE_CHANGED = "PAYEE_CHANGED"
    STOP_PAYMENTS = "STOP_PAYMENTS"
    DAILY_LIMIT = "DAILY_LIMIT"
    """每日限额: the sum that may leave on one day is used up."""
    PROGRAMME_LIMIT = "PROGRAMME_LIMIT"
    """项目限额: the programme has not enough money left for this payout."""


class LedgerAccount(StrEnum):
    """Where a fen can stand in the ledger 台账 of indemnities; ``ledger.py`` says what moves it."""

    INCURRED = "incurred"
    """赔付支出: what the losses cost, paid or not."""
    RESERVE = "reserve"
    """未决赔款准备金: assessed, and not yet agreed by all."""
    PAYABLE = "payable"
    """应付赔款: agreed by all, owed to the farmer."""
    TRANSIT = "transit"
    """在途资金: ordered, and the bank has not said that it arrived."""
    PAID = "paid"
    """已付赔款: left the insurer's bank account."""
    RETURNED = "returned"
    """退汇: came back to it."""


class DifferenceKind(StrEnum):
    """How the bank's statement 对账单 and our payouts differ."""

    UNREADABLE = "unreadable"
    """A line of the statement that cannot be read."""
    WRONG_CURRENCY = "wrong_currency"
    NOT_OURS = "not_ours"
    """The bank moved money that stands under none of our payouts."""
    NOT_IN_BANK = "not_in_bank"
    """We hold it paid or returned, and the statement does not show it."""
    AMOUNT_DIFFERS = "amount_differs"
    DATE_DIFFERS = "date_differs"
    PAID_TWICE = "paid_twice"
    """Two transfers for one claim."""
    FOUND_PAID = "found_paid"
    """It was paid, and we did not know."""
    FOUND_RETURNED = "found_returned"
    """It came back, and we did not know."""


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
