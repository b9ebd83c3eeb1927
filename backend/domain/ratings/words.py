"""The parts of a claim that a farmer rates."""

from enum import StrEnum


class RatedStage(StrEnum):
    """What is rated 评价: as a farmer tells it, not as the stages of the clocks are cut."""

    REPORTING = "reporting"
    """报案: the report and its photos."""
    CHECKING = "checking"
    """核对: what the machine and people asked for."""
    DECIDING = "deciding"
    """审核: the three offices' word, and the sum."""
    HANDOVER = "handover"
    """移交: the truck that took the carcasses."""
    PAYMENT = "payment"
    """支付: the money."""


LOWEST, HIGHEST = 1, 5
"""Five levels 非常不满意 to 非常满意, each with a face: the State Council's 好差评 (国办发〔2019〕51号) uses these
five, and its lower two are the bad ones that have to be followed up."""
LEAST_LIKELY, MOST_LIKELY = 0, 10
"""Net promoter score 净推荐值 (Reichheld, The One Number You Need to Grow, HBR 2003)."""
PROMOTER, DETRACTOR = 9, 6
"""From 9 on people recommend; up to 6 they warn others (the same source)."""
