import msgspec
import pytest

from backend.sandbox.switches import SwitchBoard, Switches


def test_a_counted_switch_runs_down_and_then_rests() -> None:
    board = SwitchBoard(Switches(refuse=2))

    used = [board.use("refuse") for _ in range(4)]

    assert used == [True, True, False, False]


def test_a_switch_for_all_never_runs_down() -> None:
    board = SwitchBoard(Switches(lose_answers="all"))

    assert all(board.use("lose_answers") for _ in range(50))


def test_a_change_leaves_the_switches_that_it_does_not_name() -> None:
    board = SwitchBoard(Switches(slow_ms=7))

    board.change(b'{"refuse": "all"}')

    assert board.now == Switches(slow_ms=7, refuse="all")


def test_a_change_with_one_wrong_switch_changes_none() -> None:
    board = SwitchBoard(Switches())

    with pytest.raises(msgspec.ValidationError):
        board.change(b'{"slow_ms": 5, "refuse": -1}')

    assert board.now == Switches()
