"""Four-legged bodies: a build, a posture and a few draws become a solid that lies or stands on the ground."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.random import Generator

from models.builds import Build, Paint
from models.chance import happens
from models.clay import Clay, across, crossed, rolled, towards
from models.solids import Floats, Solid

Triple = tuple[float, float, float]


class Posture(StrEnum):
    """How an animal lies; FLAT, on its side with stretched legs, is how most carcasses are found."""

    FLAT = "flat"
    BREAST = "breast"
    BACK = "back"
    STANDING = "standing"


@dataclass(frozen=True, slots=True)
class Pose:
    """Angles in degrees. A leg: pitch of its three bones from straight down, forward positive, then splay outwards."""

    legs: tuple[tuple[float, float, float, float], ...] = (
        (4, 0, 0, 2),
        (4, 0, 0, 2),
        (18, -24, 4, 2),
        (18, -24, 4, 2),
    )  # fore left, fore right, hind left, hind right
    bend: float = 0.0  # of the spine to the left
    arch: float = 0.0  # of the spine upwards
    neck: tuple[float, float] = (0.0, 0.0)  # rise above the usual carriage, turn to the left
    head: tuple[float, float] = (0.0, 0.0)
    tail: tuple[float, float] = (-70.0, 0.0)  # rise above straight back, turn
    bloat: float = 0.0


def body(build: Build, pose: Pose, *, horns: float = 0.0, ear: float = 0.0, tagged: bool = False) -> Solid:
    """Build the body in its own frame: x towards the head, y left, z up; units are trunk lengths.

    Args:
        build: The species' proportions.
        pose: Angles of its joints, and how bloated it is.
        horns: Length of the horns, 0 for none.
        ear: Degrees by which the ears hang.
        tagged: Whether the left ear carries a tag.
    """
    posed = _mould(build, pose, horns, ear, tagged=tagged)
    rest = _mould(build, Pose(), horns, ear, tagged=tagged)
    return posed.fired(rest)


def _mould(build: Build, pose: Pose, horns: float, ear: float, *, tagged: bool) -> Clay:
    clay = Clay()
    spine, ways = _spine(pose)
    _trunk(clay, build, pose, spine, ways)
    for index, (first, second, third, splay) in enumerate(pose.legs):
        _leg(clay, build, spine, ways, index, (first, second, third), splay)
    _head_end(clay, build, pose, spine[-1], ways[-1], horns, ear, tagged=tagged)
    _tail_end(clay, build, pose, spine[0], ways[0])
    return clay


def _spine(pose: Pose) -> tuple[Floats, Floats]:
    """Points (n, 3) from buttock to shoulder and the directions (n, 3) there."""
    shares = np.linspace(-0.5, 0.5, 19)
    turn, rise = np.radians(pose.bend) * shares, -np.radians(pose.arch) * shares
    ways = np.stack((np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), np.sin(rise)), axis=1)
    points = np.vstack((np.zeros(3), np.cumsum((ways[1:] + ways[:-1]) / 2 / 18, axis=0)))
    return points.astype(np.float32), ways.astype(np.float32)


def _trunk(clay: Clay, build: Build, pose: Pose, spine: Floats, ways: Floats) -> None:
    shares, widths, tops, bottoms = (np.asarray(column) for column in zip(*build.trunk, strict=True))
    generator = np.random.default_rng(7)  # the fleece's tufts sit where they sit, in every pose
    for share, at, way in zip(np.linspace(0, 1, len(spine)), spine, ways, strict=True):
        swell = 1 + pose.bloat * float(np.exp(-(((share - 0.42) / 0.26) ** 2)))
        width = float(np.interp(share, shares, widths)) * swell + build.wool
        top = float(np.interp(share, shares, tops)) * (1 + (swell - 1) * 0.35) + build.wool
        bottom = float(np.interp(share, shares, bottoms)) * swell - build.wool
        side = across(way)
        up = crossed(way, side)
        half = (top - bottom) / 2
        axes = np.stack((way * (0.1 + 0.55 * min(share, 1 - share, 0.22)), side * width, up * half), axis=1)
        clay.ball(at + up * (top + bottom) / 2, axes, Paint.HIDE, firm=True)
        if build.wool:
            for angle in generator.uniform(0, 2 * np.pi, 9):
                out = side * np.cos(angle) * width + up * (np.sin(angle) * half + (top + bottom) / 2)
                size = float(generator.uniform(0.04, 0.075))
                clay.ball(at + out * 0.97, np.eye(3) * size, Paint.HIDE)
    if build.udder:
        at, up = spine[4], crossed(ways[4], across(ways[4]))
        clay.ball(
            at + up * float(np.interp(0.2, shares, bottoms)) * 0.95,
            np.diag((0.11, 0.085, 0.07)) * build.udder, Paint.UDDER,
        )  # fmt: skip


def _leg(
    clay: Clay, build: Build, spine: Floats, ways: Floats, index: int, pitches: Triple, splay: float
) -> None:
    fore, sign = index in (0, 1), 1 if index % 2 == 0 else -1
    station = 16 if fore else 2
    way = ways[station]
    side = across(way)
    up = crossed(way, side)
    shares, widths, _, bottoms = zip(*build.trunk, strict=True)
    out = float(np.interp(station / 18, shares, widths))
    joint = (
        spine[station] + sign * side * out * 0.62 + up * float(np.interp(station / 18, shares, bottoms)) * 0.3
    )
    lengths = build.fore if fore else build.hind
    top, elbow, knee, fetlock = build.thickness
    radii = ((top * (1.0 if fore else 1.2), elbow), (elbow, knee), (knee * 0.92, fetlock))
    down = up * -np.cos(np.radians(splay)) + sign * side * np.sin(np.radians(splay))
    for bone, (pitch, length, radius) in enumerate(zip(pitches, lengths, radii, strict=True)):
        angle = np.radians(pitch)
        along = way * np.sin(angle) + down * np.cos(angle)
        paint = Paint.HIDE if bone == 0 else Paint.LEG
        if bone == 0:  # the muscle of shoulder or thigh, flat against the trunk
            muscle = build.haunch * (0.85 if fore else 1.0)
            hinge = crossed(along, sign * side)
            axes = np.stack((along * length * 0.72, sign * side * muscle * 0.5, hinge * muscle), axis=1)
            clay.ball(joint + along * length * 0.22, axes, Paint.HIDE)
        joint = clay.bone(joint, along, length, radius, paint)
        if bone in (0, 1):  # elbow and knee
            clay.ball(joint, np.eye(3) * radius[1] * 1.12, paint)
    toe = way * np.sin(angle + 0.5) + down * np.cos(angle + 0.5)
    clay.bone(joint, toe, fetlock * 1.2, (fetlock * 1.05, fetlock * 1.1), Paint.HOOF, pieces=3)


def _head_end(
    clay: Clay,
    build: Build,
    pose: Pose,
    shoulder: Floats,
    way: Floats,
    horns: float,
    ear: float,
    *,
    tagged: bool,
) -> None:
    length, thick, thin = build.neck
    turn0 = float(np.degrees(np.arctan2(way[1], way[0])))
    rise, turn = build.carriage + pose.neck[0], turn0 + pose.neck[1]
    start = shoulder - way * 0.1
    reach = (length + 0.1) / 5
    for share in np.linspace(0, 1, 6):  # the neck curves from the spine's way into its own
        bent = towards(rise * (0.35 + 0.65 * share), turn0 + (turn - turn0) * (0.4 + 0.6 * share))
        side = across(bent)
        radius = thick + (thin - thick) * share + build.wool * 0.6
        axes = np.stack(
            (bent * max(radius, 2.2 * reach), side * radius * 0.82, crossed(bent, side) * radius * 1.12),
            axis=1,
        )
        clay.ball(start, axes, Paint.HIDE)
        if build.mane:
            crest = start + crossed(bent, side) * radius * 1.05 + side * 0.03
            hair = np.stack((bent * reach, side * 0.055, crossed(bent, side) * radius * 0.7), axis=1)
            clay.ball(crest, hair, Paint.HAIR)
        start = start + bent * reach
    poll = start - bent * reach
    facing = towards(build.nod * -1 + pose.head[0] + pose.neck[0] * 0.6, turn + pose.head[1])
    side = across(facing)
    frame = np.stack((facing, side, crossed(facing, side)), axis=1)
    for knob in build.face:
        for sign in (1, -1) if knob.at[1] > 0 else (1,):
            axes = np.diag(knob.half).astype(np.float64)
            if knob.paint is Paint.EAR:
                axes = rolled(-sign * np.radians(ear)) @ axes
            at = frame @ (np.asarray(knob.at) * (1, sign, 1)) * build.head
            clay.ball(poll + at, frame @ axes * build.head, knob.paint)
    if tagged:
        ears = [knob for knob in build.face if knob.paint is Paint.EAR]
        at = np.add(ears[-1].at, (0.08, 0.06, 0.0))
        clay.ball(poll + frame @ at * build.head, frame @ np.diag((0.03, 0.035, 0.03)), Paint.TAG)
    for sign in (1, -1) if horns else ():
        base = poll + frame @ np.asarray((0.04, 0.13 * sign, 0.2)) * build.head
        out = frame @ np.asarray((-0.25, 0.75 * sign, 0.6))
        middle = clay.bone(base, out / np.linalg.norm(out), horns * 0.55, (0.03, 0.024), Paint.HORN)
        tip = frame @ np.asarray((0.15, 0.25 * sign, 0.95))
        clay.bone(middle, tip / np.linalg.norm(tip), horns * 0.5, (0.024, 0.009), Paint.HORN)


def _tail_end(clay: Clay, build: Build, pose: Pose, buttock: Floats, way: Floats) -> None:
    length, radius = build.tail
    turn0 = float(np.degrees(np.arctan2(-way[1], -way[0])))
    along = towards(pose.tail[0], turn0 + pose.tail[1])
    top = build.trunk[0][2]
    start = buttock + np.asarray((0, 0, top * 0.85)) + way * 0.02
    hairy = build.tuft and build.mane
    paint = Paint.HAIR if hairy else Paint.HIDE
    end = clay.bone(start, along, length * 0.7, (radius * 1.3, radius), paint, pieces=7)
    droop = along * 0.75 + np.asarray((0, 0, -0.4))
    thick = radius * (1.7 if build.tuft else 0.8)
    clay.bone(
        end, droop / np.linalg.norm(droop), length * 0.3, (thick, thick * 0.7),
        Paint.HAIR if build.tuft else paint,
    )  # fmt: skip


def laid(rng: Generator, build: Build, posture: Posture, *, horns: float = 0.0) -> Solid:
    """Draw a pose of *posture* and rest the body on the ground: trunk lengths, heading along x, lowest point at 0."""
    ear = float(rng.normal(10, 14))
    bloat = float(max(0.0, rng.normal(0.05, 0.12))) if posture is not Posture.STANDING else 0.0
    if posture in (Posture.FLAT, Posture.BACK):
        pose, roll = _stretched(rng, build, bloat, posture)
    elif posture is Posture.BREAST:
        pose, roll = _tucked(rng, bloat), float(rng.normal(0, 9))
    else:
        pose, roll = _upright(rng), 0.0
    solid = body(build, pose, horns=horns, ear=ear, tagged=happens(rng, 0.4))
    solid = solid.moved(rolled(np.radians(roll)).astype(np.float32), np.zeros(3, np.float32))
    if posture is Posture.STANDING:
        feet = np.isin(solid.paints, (Paint.HOOF,))
        low = float(solid.centres[feet, 2].min()) - 0.02
    else:
        low = solid.lowest() + 0.02  # flesh gives where it lies
    middle = np.asarray((-0.5, 0, -low), np.float32)
    return solid.moved(np.eye(3, dtype=np.float32), middle)


def _stretched(rng: Generator, build: Build, bloat: float, posture: Posture) -> tuple[Pose, float]:
    """Legs stretched from the body as in rigor; the head sinks towards the ground."""
    left_down = happens(rng, 0.5)
    drop = float(np.degrees(np.arctan2(build.trunk[-2][1] * 0.75, build.neck[0] + build.head)))
    legs = []
    for fore in (True, True, False, False):
        first = float(rng.normal(12 if fore else -8, 22))
        bent = float(abs(rng.normal(0, 32)))
        second = first + (bent if fore else -bent * 0.8)
        third = second - float(abs(rng.normal(8, 30))) if fore else second + float(abs(rng.normal(10, 24)))
        legs.append((first, second, third, 0.0))
    splays = []
    for index in range(4):
        lower = (index % 2 == 0) == left_down
        # The upper leg of a bloated carcass stands off; else it sinks on the lower one.
        splays.append(float(rng.normal(2, 5)) if lower else float(rng.normal(-14 + 110 * bloat, 9)))
    if posture is Posture.BACK:
        splays = [float(abs(rng.normal(18, 14))) for _ in range(4)]
    turn = drop if left_down else -drop
    bend = float(rng.normal(0, 10))
    pose = Pose(
        legs=tuple((*leg[:3], splay) for leg, splay in zip(legs, splays, strict=True)),
        bend=bend, arch=float(rng.normal(4, 16)),
        neck=(float(rng.normal(-build.carriage * 0.35, 18)), turn * 0.8),
        head=(float(rng.normal(8, 16)), turn * 0.5),
        tail=(float(rng.normal(-25, 25)), (-1 if left_down else 1) * float(rng.uniform(5, 35))),
        bloat=bloat,
    )  # fmt: skip
    if posture is Posture.BACK:
        return pose, 180 + float(rng.normal(0, 22))
    return pose, (-1 if left_down else 1) * float(rng.normal(88, 7))


def _tucked(rng: Generator, bloat: float) -> Pose:
    """On the breast: legs folded under or beside the body, hind legs often to one side."""
    forward = happens(rng, 0.4)
    fore = [
        (float(rng.normal(55, 12)), float(rng.normal(80 if forward else -75, 12)), float(rng.normal(84, 10)) if
         forward else float(rng.normal(-95, 12)), float(rng.normal(22, 10))) for _ in range(2)
    ]  # fmt: skip
    hind = [
        (
            float(rng.normal(70, 10)),
            float(rng.normal(-80, 12)),
            float(rng.normal(85, 10)),
            float(rng.normal(38, 14)),
        )
        for _ in range(2)
    ]
    lean = float(rng.normal(0, 22))
    return Pose(
        legs=(*fore, *hind), bend=lean, arch=float(rng.normal(2, 6)),
        neck=(float(rng.normal(-22, 16)), lean * 0.5 + float(rng.normal(0, 24))),
        head=(float(rng.normal(4, 12)), float(rng.normal(0, 12))),
        tail=(float(rng.normal(-55, 20)), float(rng.normal(0, 30))), bloat=bloat * 0.6,
    )  # fmt: skip


def _upright(rng: Generator) -> Pose:
    legs: Sequence[tuple[float, float, float, float]] = [
        (float(a + s), float(b + s * 0.8), float(c + s * 0.6), 2.0)
        for (a, b, c), s in zip(
            ((4, 0, 0), (4, 0, 0), (18, -24, 4), (18, -24, 4)), rng.normal(0, 12, 4), strict=True
        )
    ]
    return Pose(
        legs=tuple(legs), bend=float(rng.normal(0, 9)), arch=0.0,
        neck=(float(rng.normal(-8, 16)), float(rng.normal(0, 18))), head=(float(rng.normal(0, 12)), 0.0),
        tail=(float(rng.normal(-72, 8)), float(rng.normal(0, 20))),
    )  # fmt: skip
