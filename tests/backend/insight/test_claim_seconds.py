"""Seconds of many claims at once are those that the rule says of each."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.domain.stages import BANK, DISPOSAL, FARMER, INSURER, MACHINE, Stage, Standstill
from backend.insight.claim_rows import STAGES
from backend.insight.claim_seconds import Stretches, epoch_us, passed
from backend.store.day_pack import SHARES, SUMS, columns_of, epoch_ms, milliseconds, observations

NOW = datetime(2026, 11, 26, 8, 0, 0, 123456, tzinfo=UTC)
KINDS = (
    ("upload", FARMER, None),
    ("verification", MACHINE, None),
    ("evidence", FARMER, Standstill.EVIDENCE),
    ("hold", INSURER, Standstill.HOLD),
    ("joint_review", "insurer+veterinary+inspection", None),
    ("joint_review", "veterinary+inspection", None),
    ("joint_review", "inspection", None),
    ("joint_review", "inspection", Standstill.QUARANTINE),
    ("handover", DISPOSAL, None),
    ("payment", BANK, None),
    ("certificate", DISPOSAL, None),
)
# Half milliseconds, where floats round either way; nothing at all; some that last longer than until now.
LENGTHS_US = st.one_of(
    st.just(0), st.integers(0, 90_000).map(lambda n: n * 1000 + 500), st.integers(1, 5_000_000_000)
)


@st.composite
def lives(draw: st.DrawFn) -> list[Stage]:
    """A claim's stretches, each of which begins where the one before ended; the last may still last."""
    at, found = NOW - timedelta(microseconds=draw(st.integers(0, 9_000_000_000))), list[Stage]()
    for name, held_by, standstill in draw(st.lists(st.sampled_from(KINDS), max_size=9)):
        stays = found and found[-1].name == name
        ended = at + timedelta(microseconds=draw(LENGTHS_US))
        found.append(Stage(name, held_by, found[-1].entered_at if stays else at, at, ended, standstill))
        at = ended
    if found and draw(st.booleans()):
        last = found.pop()
        found.append(Stage(last.name, last.held_by, last.entered_at, last.started_at, None, last.standstill))
    return found


@settings(deadline=None, max_examples=60)
@given(st.lists(lives(), max_size=6))
def test_a_page_of_claims_has_the_seconds_that_each_of_them_has(claims: list[list[Stage]]) -> None:
    took = passed(columns(claims), len(claims), NOW)

    for place, stages in enumerate(claims):
        by_stage, held = one_by_one(stages)
        assert {
            name: int(took.by_stage_ms[place, at])
            for at, name in enumerate(STAGES)
            if took.is_there[place, at]
        } == by_stage
        assert took.by_column[place].tolist() == held
        assert (took.lasting[place] >= 0) == bool(stages and stages[-1].ended_at is None)


def one_by_one(stages: list[Stage]) -> tuple[dict[str, int], list[int]]:
    """Milliseconds by stage and sixths of them by column, of one claim."""
    by_stage: dict[str, int] = {}
    for name, took, since in observations(stages):
        by_stage[name] = by_stage.get(name, 0) + (took if since is None else max(0, epoch_ms(NOW) - since))
    held = [0] * len(SUMS)
    for one in stages:
        own = columns_of(one)
        for column in own:
            held[column] += milliseconds(one.started_at, one.ended_at or NOW) * SHARES // len(own)
    return by_stage, held


def columns(claims: list[list[Stage]]) -> Stretches:
    """The stretches of these claims as they are read from the database."""
    every = [(place, one) for place, stages in enumerate(claims) for one in stages]
    kinds = list(dict.fromkeys((one.name, one.held_by, one.standstill) for _, one in every))

    def figures(values: list[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array(values, np.int64)

    return Stretches(
        claim=figures([place for place, _ in every]),
        kinds=[(name, held_by, standstill) for name, held_by, standstill in kinds],
        kind=figures([kinds.index((one.name, one.held_by, one.standstill)) for _, one in every]),
        entered_us=figures([epoch_us(one.entered_at) for _, one in every]),
        started_us=figures([epoch_us(one.started_at) for _, one in every]),
        ended_us=figures([epoch_us(one.ended_at) if one.ended_at else 0 for _, one in every]),
        is_over=np.array([one.ended_at is not None for _, one in every], bool),
    )
