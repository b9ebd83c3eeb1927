"""How the species are built: proportions for a trunk of length one, from buttock to point of the shoulder."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class Paint(IntEnum):
    """What kind of surface an ellipsoid shows."""

    HIDE = 0
    FACE = 1
    LEG = 2
    EAR = 3
    NOSE = 4
    EYE = 5
    HOOF = 6
    HORN = 7
    HAIR = 8
    UDDER = 9
    COMB = 10
    BEAK = 11
    WING = 12
    FOOT = 13
    TAG = 14


@dataclass(frozen=True, slots=True)
class Knob:
    """An ellipsoid of the head in head lengths: along, aside and up from the poll, then half axes the same way."""

    at: tuple[float, float, float]
    half: tuple[float, float, float]
    paint: Paint = Paint.FACE


@dataclass(frozen=True, slots=True)
class Build:
    """One species' proportions; lengths in trunk lengths."""

    length_m: float  # trunk length of a grown animal
    trunk: tuple[tuple[float, float, float, float], ...]  # share of length, half width, top, bottom
    fore: tuple[float, float, float]  # upper arm, forearm, cannon with hoof
    hind: tuple[float, float, float]
    thickness: tuple[float, float, float, float]  # leg radii: top, elbow, knee, fetlock
    haunch: float  # radius of the thigh's muscle
    neck: tuple[float, float, float]  # length, radius at the shoulder, at the poll
    carriage: float  # degrees the neck rises when standing
    nod: float  # degrees the head points below the horizon when standing
    head: float
    face: tuple[Knob, ...]  # mirrored where aside is not 0
    tail: tuple[float, float]  # length, radius
    tuft: bool = False
    mane: bool = False
    wool: float = 0.0  # thickness of the fleece
    udder: float = 0.0


_EYE_COW = Knob((0.36, 0.24, 0.1), (0.04, 0.025, 0.032), Paint.EYE)

BUILDS: Final[dict[str, Build]] = {
    "cattle": Build(
        length_m=1.5,
        trunk=(
            (0.0, 0.14, 0.21, -0.14),
            (0.08, 0.19, 0.25, -0.24),
            (0.25, 0.205, 0.255, -0.29),
            (0.45, 0.235, 0.25, -0.34),
            (0.65, 0.225, 0.25, -0.34),
            (0.82, 0.185, 0.265, -0.32),
            (0.93, 0.16, 0.25, -0.26),
            (1.0, 0.12, 0.21, -0.17),
        ),
        fore=(0.24, 0.22, 0.22),
        hind=(0.28, 0.25, 0.27),
        thickness=(0.085, 0.06, 0.04, 0.036),
        haunch=0.135,
        neck=(0.3, 0.185, 0.135),
        carriage=22,
        nod=42,
        head=0.42,
        face=(
            Knob((0.1, 0, 0.0), (0.2, 0.235, 0.24)),
            Knob((0.32, 0, 0.0), (0.24, 0.215, 0.22)),
            Knob((0.55, 0, -0.02), (0.24, 0.165, 0.17)),
            Knob((0.78, 0, -0.03), (0.2, 0.15, 0.145)),
            Knob((0.95, 0, -0.03), (0.1, 0.15, 0.13), Paint.NOSE),
            _EYE_COW,
            Knob((0.08, 0.38, 0.06), (0.1, 0.24, 0.05), Paint.EAR),
        ),
        tail=(0.62, 0.018),
        tuft=True,
    ),
    "pig": Build(
        length_m=0.95,
        trunk=(
            (0.0, 0.12, 0.1, -0.09),
            (0.06, 0.165, 0.165, -0.15),
            (0.2, 0.19, 0.2, -0.19),
            (0.4, 0.19, 0.215, -0.22),
            (0.6, 0.19, 0.21, -0.225),
            (0.8, 0.195, 0.195, -0.215),
            (0.93, 0.175, 0.17, -0.18),
            (1.0, 0.15, 0.145, -0.15),
        ),
        fore=(0.15, 0.13, 0.12),
        hind=(0.18, 0.15, 0.14),
        thickness=(0.075, 0.055, 0.04, 0.036),
        haunch=0.12,
        neck=(0.13, 0.165, 0.14),
        carriage=2,
        nod=22,
        head=0.36,
        face=(
            Knob((0.12, 0, 0.0), (0.28, 0.36, 0.36)),
            Knob((0.36, 0, -0.03), (0.25, 0.29, 0.28)),
            Knob((0.56, 0, -0.07), (0.22, 0.2, 0.19)),
            Knob((0.78, 0, -0.09), (0.19, 0.155, 0.14)),
            Knob((0.98, 0, -0.08), (0.05, 0.14, 0.13), Paint.NOSE),
            Knob((0.3, -0.16, -0.16), (0.2, 0.16, 0.17)),
            Knob((0.46, 0.215, 0.1), (0.04, 0.03, 0.035), Paint.EYE),
            Knob((0.12, 0.3, 0.34), (0.09, 0.15, 0.22), Paint.EAR),
            Knob((0.22, 0.36, 0.46), (0.12, 0.11, 0.13), Paint.EAR),
        ),
        tail=(0.2, 0.014),
    ),
    "sheep": Build(
        length_m=0.75,
        trunk=(
            (0.0, 0.14, 0.14, -0.12),
            (0.08, 0.2, 0.22, -0.21),
            (0.25, 0.235, 0.245, -0.25),
            (0.5, 0.25, 0.245, -0.28),
            (0.75, 0.225, 0.245, -0.26),
            (0.92, 0.175, 0.22, -0.2),
            (1.0, 0.13, 0.19, -0.12),
        ),
        fore=(0.22, 0.2, 0.2),
        hind=(0.24, 0.22, 0.23),
        thickness=(0.07, 0.045, 0.03, 0.027),
        haunch=0.13,
        neck=(0.28, 0.15, 0.105),
        carriage=38,
        nod=32,
        head=0.34,
        face=(
            Knob((0.1, 0, 0.0), (0.2, 0.22, 0.24)),
            Knob((0.34, 0, 0.0), (0.26, 0.195, 0.22)),
            Knob((0.6, 0, -0.02), (0.25, 0.145, 0.16)),
            Knob((0.84, 0, -0.04), (0.15, 0.115, 0.12)),
            Knob((0.97, 0, -0.04), (0.05, 0.085, 0.08), Paint.NOSE),
            Knob((0.36, 0.2, 0.1), (0.05, 0.03, 0.045), Paint.EYE),
            Knob((0.08, 0.38, 0.02), (0.09, 0.24, 0.05), Paint.EAR),
        ),
        tail=(0.2, 0.035),
        wool=0.035,
    ),
    "goat": Build(
        length_m=0.72,
        trunk=(
            (0.0, 0.1, 0.17, -0.08),
            (0.08, 0.145, 0.215, -0.17),
            (0.25, 0.165, 0.22, -0.22),
            (0.5, 0.2, 0.215, -0.27),
            (0.72, 0.18, 0.22, -0.25),
            (0.88, 0.14, 0.225, -0.2),
            (1.0, 0.1, 0.18, -0.12),
        ),
        fore=(0.24, 0.22, 0.21),
        hind=(0.27, 0.24, 0.24),
        thickness=(0.065, 0.042, 0.029, 0.026),
        haunch=0.11,
        neck=(0.36, 0.115, 0.075),
        carriage=48,
        nod=30,
        head=0.32,
        face=(
            Knob((0.1, 0, 0.0), (0.19, 0.21, 0.24)),
            Knob((0.34, 0, 0.0), (0.26, 0.185, 0.21)),
            Knob((0.6, 0, -0.02), (0.25, 0.135, 0.155)),
            Knob((0.85, 0, -0.04), (0.15, 0.11, 0.12)),
            Knob((0.97, 0, -0.04), (0.05, 0.085, 0.08), Paint.NOSE),
            Knob((0.36, 0.19, 0.1), (0.05, 0.03, 0.045), Paint.EYE),
            Knob((0.06, 0.38, -0.02), (0.11, 0.26, 0.055), Paint.EAR),
            Knob((0.62, 0, -0.3), (0.1, 0.05, 0.2), Paint.HAIR),
        ),
        tail=(0.14, 0.028),
    ),
    "horse": Build(
        length_m=1.5,
        trunk=(
            (0.0, 0.140, 0.17, -0.115),
            (0.08, 0.205, 0.225, -0.218),
            (0.25, 0.211, 0.22, -0.253),
            (0.45, 0.216, 0.2, -0.287),
            (0.65, 0.211, 0.21, -0.299),
            (0.82, 0.184, 0.245, -0.299),
            (0.93, 0.157, 0.23, -0.241),
            (1.0, 0.119, 0.19, -0.138),
        ),
        fore=(0.28, 0.28, 0.27),
        hind=(0.32, 0.3, 0.3),
        thickness=(0.095, 0.06, 0.037, 0.034),
        haunch=0.15,
        neck=(0.5, 0.15, 0.09),
        carriage=46,
        nod=48,
        head=0.42,
        face=(
            Knob((0.1, 0, -0.02), (0.2, 0.17, 0.24)),
            Knob((0.3, 0, -0.02), (0.26, 0.165, 0.22)),
            Knob((0.56, 0, -0.02), (0.26, 0.13, 0.16)),
            Knob((0.82, 0, -0.03), (0.2, 0.115, 0.125)),
            Knob((0.95, 0, -0.04), (0.08, 0.1, 0.11), Paint.NOSE),
            Knob((0.32, 0.165, 0.1), (0.05, 0.03, 0.045), Paint.EYE),
            Knob((0.0, 0.11, 0.28), (0.06, 0.055, 0.16), Paint.EAR),
        ),
        tail=(0.6, 0.035),
        tuft=True,
        mane=True,
    ),
}
