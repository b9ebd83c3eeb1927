"""Kaplan-Meier with bands: the textbook's estimate, and the one of a library that statisticians use."""

from collections.abc import Sequence
from dataclasses import dataclass

import lifelines
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines.utils import qth_survival_times

from backend.insight.survival import Observed


@dataclass(frozen=True)
class Duration:
    ms: int
    is_over: bool


def observed(durations: Sequence[Duration]) -> Observed:
    """As the product reads them, in any order."""
    over = np.array([one.ms for one in durations if one.is_over], np.int64)
    return Observed.of(over, np.array([one.ms for one in durations if not one.is_over], np.int64))


def quantile(durations: Sequence[Duration], share: float) -> float | None:
    return observed(durations).quantile_ms(share).value


SHARES = st.sampled_from([0.1, 0.25, 0.5, 0.75, 0.9, 0.95])
OBSERVED = st.lists(st.builds(Duration, st.integers(0, 12), st.booleans()), min_size=1, max_size=12)


def kaplan_meier(durations: list[Duration], share: float) -> float | None:
    """The textbook's estimate: S(t) is the product over ends up to t of 1 - ended/at risk."""
    survival = 1.0
    for time in sorted({one.ms for one in durations if one.is_over}):
        at_risk = sum(one.ms >= time for one in durations)
        ended = sum(one.ms == time and one.is_over for one in durations)
        survival *= 1 - ended / at_risk
        if survival <= 1 - share + 1e-9:
            return time
    return None


@given(OBSERVED, SHARES)
def test_a_quantile_is_the_product_limit_estimate(durations: list[Duration], share: float) -> None:
    assert quantile(durations, share) == kaplan_meier(durations, share)


@given(OBSERVED.map(lambda all_: [Duration(one.ms, is_over=True) for one in all_]), SHARES)
def test_without_open_ones_a_quantile_is_the_plain_one(durations: list[Duration], share: float) -> None:
    found = quantile(durations, share)

    through = sorted(one.ms for one in durations)
    assert found == next(
        ms for place, ms in enumerate(through, start=1) if place / len(through) >= share - 1e-9
    )


@given(OBSERVED, SHARES)
def test_an_open_stage_never_lowers_a_quantile(durations: list[Duration], share: float) -> None:
    before = quantile(durations, share)
    longest = max(one.ms for one in durations)

    after = quantile([*durations, Duration(longest + 1, is_over=False)], share)

    assert after is None or (before is not None and after >= before)


@given(OBSERVED)
def test_quantiles_rise_with_their_share(durations: list[Duration]) -> None:
    found = [quantile(durations, share) for share in (0.5, 0.9, 0.95)]

    said = [one for one in found if one is not None]
    assert said == sorted(said)
    assert found == said + [None] * (3 - len(said))


@given(OBSERVED, SHARES)
def test_limits_enclose_a_quantile_and_no_figure_is_nan(durations: list[Duration], share: float) -> None:
    found = observed(durations).quantile_ms(share)
    within = observed(durations).through_within(6)

    if found.value is not None:
        assert found.low is not None
        assert found.low <= found.value
    if found.high is not None:
        assert found.value is not None
        assert found.value <= found.high
    for one in (within.low, within.value, within.high):
        assert one is None or 0.0 <= one <= 1.0


@pytest.mark.filterwarnings("ignore")  # of lifelines' own
@pytest.mark.parametrize(("seed", "count", "open_share"), [(1, 40, 0.0), (2, 200, 0.3), (3, 1500, 0.1)])
def test_bands_are_those_of_lifelines(seed: int, count: int, open_share: float) -> None:
    chance = np.random.default_rng(seed)
    ms = np.round(chance.lognormal(12.5, 1.0, count)).astype(np.int64)
    # Rounded to half minutes in one case, so that many are equal.
    ms = ms // 30_000 * 30_000 if seed == 2 else ms
    is_over = chance.random(count) >= open_share
    fitted = lifelines.KaplanMeierFitter().fit(ms, is_over)
    band = fitted.confidence_interval_
    ours = Observed.of(ms[is_over], ms[~is_over])

    for share in (0.5, 0.9, 0.95):
        found = ours.quantile_ms(share)
        theirs = float(qth_survival_times(1 - share, fitted.survival_function_))
        limits = sorted(float(one) for one in np.ravel(qth_survival_times(1 - share, band)))
        for own, their in ((found.value, theirs), (found.low, limits[0]), (found.high, limits[1])):
            # Where nobody is left lifelines' band falls to 0; there is no variance there, and we do not say.
            assert own == their or (own is None and their in {np.inf, ms.max()})
    target = 15 * 60 * 1000
    within = ours.through_within(target)
    left = float(fitted.predict(target))
    low, high = (1 - float(one) for one in band.loc[:target].iloc[-1])
    assert within.value == pytest.approx(1 - left)
    assert (within.low, within.high) == (pytest.approx(min(low, high)), pytest.approx(max(low, high)))


def test_one_claim_nothing_and_all_open_have_figures_that_say_so() -> None:
    nothing = observed([])
    one = observed([Duration(500, is_over=True)])
    all_open = observed([Duration(500, is_over=False), Duration(2000, is_over=False)])

    assert (nothing.quantile_ms(0.5).value, nothing.through_within(1000).value) == (None, None)
    assert (one.quantile_ms(0.5).value, one.through_within(1000).value) == (500, 1.0)
    assert (all_open.quantile_ms(0.5).value, all_open.through_within(1000).value) == (None, 0.0)
    assert all_open.through_within(5000).value is None


def test_a_clock_that_was_set_back_makes_nothing_last_less_than_no_time() -> None:
    found = Observed.of(np.array([5]), np.array([-40]))

    assert found.lasting.tolist() == [0]
    assert found.quantile_ms(0.5).value == 5
