"""Birds of the farm: hens and ducks, dead on their side or back with loose wings, or sitting."""

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from models.bodies import Posture
from models.builds import Paint
from models.chance import happens
from models.clay import Clay, across, crossed, rolled, towards
from models.solids import Floats, Solid


@dataclass(frozen=True, slots=True)
class _Bird:
    """What a bird looks like and how it holds itself; angles in degrees, lengths in trunk lengths."""

    duck: bool
    comb: float
    plump: float
    neck: tuple[float, float]  # rise, turn
    wings: tuple[float, float]  # spread of the left and the right
    legs: tuple[float, float]  # pitch from straight down
    fan: float  # rise of the tail


_REST = ((30.0, 0.0), (0.0, 0.0), (0.0, 0.0), 35.0)


def laid_bird(rng: Generator, posture: Posture) -> Solid:
    """Draw a bird of *posture*, resting on the ground, beak along x; units are trunk lengths."""
    duck, comb, plump = happens(rng, 0.25), float(rng.uniform(0.4, 1.3)), float(rng.normal(1, 0.07))
    dead = posture in (Posture.FLAT, Posture.BACK)
    neck = (float(rng.normal(2, 18)), float(rng.normal(0, 35))) if dead else (float(rng.normal(55, 14)), 0.0)
    loose = np.minimum(abs(rng.normal(0, 40, 2)), 85).tolist() if dead else abs(rng.normal(0, 5, 2)).tolist()
    legs = rng.normal(-55, 25, 2).tolist() if dead else rng.normal(0, 8, 2).tolist()
    fan = float(rng.normal(10, 15) if dead else rng.normal(38, 8))
    posed = _mould(_Bird(duck, comb, plump, neck, (loose[0], loose[1]), (legs[0], legs[1]), fan))
    solid = posed.fired(_mould(_Bird(duck, comb, plump, *_REST)))
    roll = {
        Posture.FLAT: float(rng.choice((-1, 1)) * rng.normal(80, 15)),
        Posture.BACK: 180 + float(rng.normal(0, 25)),
    }.get(posture, float(rng.normal(0, 4)))
    solid = solid.moved(rolled(np.radians(roll)).astype(np.float32), np.zeros(3, np.float32))
    low = solid.lowest() + 0.02
    if posture is Posture.STANDING:
        low = float(solid.centres[solid.paints == Paint.FOOT, 2].min()) - 0.02
    return solid.moved(np.eye(3, dtype=np.float32), np.asarray((-0.5, 0, -low), np.float32))


def _mould(bird: _Bird) -> Clay:
    clay = Clay()
    for share in np.linspace(0, 1, 11):  # an egg, fullest at the breast
        girth = float(np.sin(np.pi * (0.1 + 0.8 * share) ** 0.8)) ** 0.7 * bird.plump
        at = np.asarray((share, 0, 0.05 * (1 - share)))
        clay.ball(
            at,
            np.diag((0.1 + 0.5 * min(share, 1 - share, 0.3), 0.25 * girth, 0.27 * girth)),
            Paint.HIDE,
            firm=True,
        )
    for sign, spread in zip((1, -1), bird.wings, strict=True):
        angle = np.radians(spread)
        out = np.asarray((0, sign * np.sin(angle), -np.cos(angle)))
        root = np.asarray((0.72, sign * (0.2 - 0.05 * np.sin(angle)) * bird.plump, 0.1))
        for share in np.linspace(0, 1, 5):  # folded along the back, or fanned out
            back = np.asarray((-0.75 * share + 0.1, 0, 0)) + out * (
                0.08 + 0.3 * np.sin(angle) * (1 - share * 0.4)
            )
            frame = np.stack((np.asarray((1, 0, 0)), crossed(out, np.asarray((1, 0, 0))), out), axis=1)
            half = np.diag((0.22, 0.045, (0.15 + 0.2 * np.sin(angle)) * (1 - 0.45 * share)))
            clay.ball(root + back, frame @ half, Paint.WING)
    rear = np.asarray((0.02, 0, 0.08))
    for turn in (-24, -12, 0, 12, 24):
        way = towards(bird.fan, 180 + turn)
        side = across(way)
        feather = np.stack((way * 0.2, side * 0.05, crossed(way, side) * 0.03), axis=1)
        clay.ball(rear + way * (0.08 if bird.duck else 0.16), feather, Paint.HAIR)
    _legs(clay, bird)
    _head(clay, bird)
    return clay


def _legs(clay: Clay, bird: _Bird) -> None:
    for sign, pitch in zip((1, -1), bird.legs, strict=True):
        way = towards(pitch - 90, 0)
        hip = np.asarray((0.42, sign * 0.12, -0.12))
        knee = clay.bone(hip, way, 0.2, (0.11, 0.05), Paint.HIDE)
        foot = clay.bone(knee, way, 0.22, (0.024, 0.022), Paint.FOOT)
        for turn in (-35, 0, 35, 180):
            toe = way * 0.35 + towards(pitch, turn) * 0.94
            clay.bone(foot, toe.astype(np.float32), 0.12, (0.02, 0.012), Paint.FOOT, pieces=4)


def _head(clay: Clay, bird: _Bird) -> None:
    start: Floats = np.asarray((0.86, 0, 0.1), np.float32)
    rise, turn = bird.neck
    length = 0.42 if bird.duck else 0.34
    for share in np.linspace(0.3, 1, 4):
        way = towards(rise * share + 8, turn * share)
        start = clay.bone(
            start, way, length / 4, (0.13 - 0.06 * share, 0.12 - 0.06 * share), Paint.HIDE, pieces=3
        )
    facing = towards(rise * 0.15 - 12, turn)
    side = across(facing)
    up = crossed(facing, side)
    frame = np.stack((facing, side, up), axis=1)
    clay.ball(start, frame @ np.diag((0.1, 0.08, 0.085)), Paint.HIDE)
    for sign in (1, -1):
        clay.ball(start + frame @ np.asarray((0.04, sign * 0.07, 0.02)), np.eye(3) * 0.018, Paint.EYE)
    if bird.duck:
        clay.ball(start + facing * 0.16, frame @ np.diag((0.11, 0.055, 0.03)), Paint.BEAK)
        return
    clay.bone(start + facing * 0.08, facing, 0.08, (0.035, 0.01), Paint.BEAK, pieces=4)
    for along in (-0.06, -0.01, 0.04, 0.08):
        crest = np.diag((0.035, 0.014, 0.05)) * bird.comb
        clay.ball(start + facing * along + up * 0.09, frame @ crest, Paint.COMB)
    clay.ball(start + facing * 0.07 - up * 0.09, frame @ np.diag((0.03, 0.025, 0.05)) * bird.comb, Paint.COMB)
    clay.ball(start + facing * 0.05, frame @ np.diag((0.045, 0.082, 0.045)), Paint.COMB)
