"""What is where animals lie and is none: stones, sacks, buckets, hoses, boots, people. Never labelled."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.random import Generator

from models.builds import Paint
from models.chance import happens
from models.clay import Clay, across, crossed, rolled, towards
from models.hides import Coat, Colour
from models.solids import Solid

Thing = tuple[Clay, tuple[Colour, ...]]


def thing(rng: Generator) -> tuple[Solid, Coat, float]:
    """Draw one thing on the ground: its solid, its colours, and how many metres its unit is."""
    make, length_m = _THINGS[int(rng.integers(len(_THINGS)))]
    clay, colours = make(rng)
    colour = colours[int(rng.integers(len(colours)))]
    dark: Colour = (colour[0] // 3, colour[1] // 3, colour[2] // 3)
    legs = colour if happens(rng, 0.5) else dark
    coat = Coat(
        "thing",
        colour,
        face=legs if make is _person else dark,
        hair=dark,
        nose=(190, 140, 114),
        variation=float(rng.uniform(0.08, 0.3)),
    )
    solid = clay.fired(clay)
    low = float((solid.centres[:, 2] - np.sqrt((solid.axes[:, 2] ** 2).sum(axis=1))).min())
    solid = solid.moved(np.eye(3, dtype=np.float32), np.asarray((0, 0, -low - 0.01), np.float32))
    return solid, coat, length_m * float(rng.uniform(0.7, 1.3))


def _stone(rng: Generator) -> Thing:
    clay = Clay()
    for _ in range(6):
        half = np.diag(rng.uniform(0.14, 0.34, 3) * (1, 1, 0.6))
        turn = rolled(float(rng.uniform(-0.5, 0.5)))
        clay.ball(rng.uniform(-0.22, 0.22, 3) * (1, 1, 0.4), turn @ half, Paint.HIDE)
    return clay, ((140, 136, 128), (110, 104, 96), (160, 148, 130))


def _sack(rng: Generator) -> Thing:
    clay = Clay()
    full = float(rng.uniform(0.1, 0.2))
    for along in np.linspace(-0.4, 0.4, 7):
        slack = 1 - 0.35 * abs(along) / 0.4 * float(rng.uniform(0.3, 1))
        at = np.asarray((along, rng.normal(0, 0.015), 0))
        clay.ball(at, np.diag((0.24, 0.3 * slack, full * slack)), Paint.HIDE)
    if happens(rng, 0.5):
        clay.bone(np.asarray((0.45, 0, 0)), towards(10, 0), 0.16, (0.05, 0.12), Paint.HIDE, pieces=4)
    return clay, ((226, 222, 212), (190, 160, 112), (206, 196, 166), (96, 120, 90))


def _bucket(rng: Generator) -> Thing:
    clay = Clay()
    for up in np.linspace(0, 0.8, 9):
        radius = 0.32 + 0.14 * up
        clay.ball(np.asarray((0, 0, up)), np.diag((radius, radius, 0.2)), Paint.HIDE)
    clay.ball(np.asarray((0, 0, 0.98)), np.diag((0.38, 0.38, 0.05)), Paint.FACE)
    if happens(rng, 0.4):  # tipped over
        lying = rolled(np.pi / 2)
        clay.centres = [lying @ at for at in clay.centres]
        clay.axes = [lying @ axes for axes in clay.axes]
    return clay, ((40, 70, 130), (150, 40, 36), (60, 62, 60), (190, 186, 176), (40, 96, 70))


def _hose(rng: Generator) -> Thing:
    clay = Clay()
    at, turn = np.zeros(3, np.float32), float(rng.uniform(0, 360))
    for _ in range(18):
        turn += float(rng.normal(18, 22))
        at = clay.bone(at, towards(0, turn), 0.1, (0.018, 0.018), Paint.HIDE, pieces=9)
    return clay, ((50, 90, 60), (44, 44, 46), (150, 60, 40), (60, 80, 120))


def _boot(rng: Generator) -> Thing:
    clay = Clay()
    for side in (-0.2, 0.2):
        heel = np.asarray((0, side, 0), np.float32)
        way = towards(float(rng.uniform(-8, 8)), float(rng.uniform(-30, 30)))
        toe = clay.bone(heel, way, 0.42, (0.13, 0.12), Paint.HIDE)
        clay.ball(toe, np.eye(3) * 0.125, Paint.HAIR)
        shaft = crossed(way, across(way)) if happens(rng, 0.5) else -way * 0.9 + across(way) * 0.3
        clay.bone(heel, shaft / np.linalg.norm(shaft), 0.75, (0.13, 0.16), Paint.HIDE, pieces=6)
    return clay, ((42, 46, 42), (60, 74, 50), (30, 30, 34), (150, 140, 60))


def _cloth(rng: Generator) -> Thing:
    """A tarpaulin or a coat that was dropped: low folds."""
    clay = Clay()
    for _ in range(14):
        way = towards(0, float(rng.uniform(0, 180)))
        frame = np.stack((way, across(way), (0, 0, 1)), axis=1)
        clay.ball(
            rng.uniform(-0.35, 0.35, 3) * (1, 0.7, 0),
            frame @ np.diag((rng.uniform(0.15, 0.4), rng.uniform(0.05, 0.14), rng.uniform(0.02, 0.06))), Paint.HIDE,
        )  # fmt: skip
    return clay, ((44, 74, 140), (90, 96, 84), (130, 40, 40), (200, 200, 196), (60, 60, 62))


def _person(rng: Generator) -> Thing:
    """Someone who stands or bends over; the unit is a person's height."""
    clay = Clay()
    bent, stride = float(rng.choice((0.0, 10.0, 55.0))), float(rng.uniform(4, 16))
    hip = np.asarray((0, 0, 0.5), np.float32)
    for side in (1, -1):
        out = np.asarray((0, 0.055 * side, 0), np.float32)
        foot = clay.bone(
            hip + out, towards(-90 + side * stride, 0), 0.48, (0.062, 0.04), Paint.FACE, pieces=7
        )
        clay.bone(foot, towards(0, 8.0 * side), 0.1, (0.036, 0.03), Paint.HAIR, pieces=4)
    trunk = towards(90 - bent, 0)
    neck = clay.bone(hip, trunk, 0.33, (0.085, 0.1), Paint.HIDE, pieces=8)
    for side in (1, -1):
        shoulder = neck + np.asarray((0, 0.1 * side, 0), np.float32) - trunk * 0.03
        elbow = clay.bone(
            shoulder, towards(float(rng.uniform(-95, -30)), 12.0 * side), 0.18, (0.042, 0.034), Paint.HIDE
        )
        hand = clay.bone(elbow, towards(float(rng.uniform(-80, 10)), 0), 0.17, (0.034, 0.028), Paint.HIDE)
        clay.ball(hand, np.eye(3) * 0.03, Paint.NOSE)
    head = neck + towards(90 - bent * 0.7, 0) * 0.11
    clay.ball(head, np.diag((0.06, 0.052, 0.07)), Paint.NOSE)
    clay.ball(head + np.asarray((-0.012, 0, 0.02)), np.diag((0.06, 0.056, 0.062)), Paint.HAIR)
    return clay, ((232, 234, 236), (232, 234, 236), (44, 62, 100), (70, 80, 60), (46, 46, 50), (150, 60, 50))


_THINGS: Final[tuple[tuple[Callable[[Generator], Thing], float], ...]] = (
    (_stone, 0.45), (_stone, 0.25), (_sack, 0.75), (_bucket, 0.35), (_hose, 0.8), (_boot, 0.4),
    (_cloth, 1.2), (_person, 1.7),
)  # fmt: skip
