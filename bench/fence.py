"""The fence among 100 000 farms against the least that could answer: a bare STRtree and prepared ``covers``.

Three measures over the same points, in turns in one process, so that a busy machine slows all alike:

* bare: which polygons cover a point, by shapely alone;
* at: our index's answer to the same question (edge to the centimetre, circles, antimeridian);
* decide: the whole decision - signed metres to the nearest edge, probability, nearest other farm.

Run: python bench/fence.py [--farms N] [--points N] [--rounds N]
"""

import argparse
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from geo.farms import Farms
from geo.fence import Fix, Premises

CORNERS = 40
COUNTY = (112.0, 27.0, 116.0, 30.0)


def synthetic_farms(count: int, rng: np.random.Generator) -> list[Premises]:
    """Return jagged farms of 40 corners and 60-300 m radius, strewn over four degrees by three."""
    west, south, east, north = COUNTY
    centres = np.column_stack((rng.uniform(west, east, count), rng.uniform(south, north, count)))
    angles = np.linspace(0.0, 2.0 * np.pi, CORNERS, endpoint=False)
    radii = rng.uniform(60.0, 300.0, (count, 1)) * rng.uniform(0.7, 1.0, (count, CORNERS)) / 111_000.0
    corners = centres[:, None, :] + np.stack((radii * np.cos(angles) / 0.88, radii * np.sin(angles)), axis=2)
    return [Premises(f"farm {i}", shape) for i, shape in enumerate(shapely.polygons(corners))]


def points_near(farms: list[Premises], count: int, rng: np.random.Generator) -> list[Fix]:
    """Return fixes around farms as photos are: three quarters on the ground, the rest within 900 m."""
    chosen = rng.integers(0, len(farms), count)
    spread = np.where(rng.random(count) < 0.75, 60.0, 900.0)[:, None] / 111_000.0
    aside = rng.normal(size=(count, 2)) * spread
    return [
        Fix(farms[farm].shape.centroid.x + dx, farms[farm].shape.centroid.y + dy, accuracy_m=15.0)
        for farm, (dx, dy) in zip(chosen, aside, strict=True)
    ]


def microseconds_a_point(answer: Callable[[Fix], object], fixes: list[Fix]) -> float:
    """Return the mean time of one answer."""
    start = time.perf_counter()
    for fix in fixes:
        answer(fix)
    return (time.perf_counter() - start) / len(fixes) * 1e6


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--farms", type=int, default=100_000)
    parser.add_argument("--points", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=9)
    asked = parser.parse_args()
    rng = np.random.default_rng(20260301)
    farms = synthetic_farms(asked.farms, rng)
    fixes = points_near(farms, asked.points, rng)

    start = time.perf_counter()
    index = Farms(farms)
    built_s = time.perf_counter() - start
    shapes = np.array([farm.shape for farm in farms])
    start = time.perf_counter()
    tree = shapely.STRtree(shapes)
    shapely.prepare(shapes)
    bare_built_s = time.perf_counter() - start

    def bare(fix: Fix) -> object:
        point = shapely.Point(fix.lon, fix.lat)
        found = tree.query(point)
        return found[shapely.covers(shapes[found], point)]

    for fix in fixes:
        assert {farm.name for farm in index.at(fix)} >= {farms[i].name for i in bare(fix)}  # type: ignore[attr-defined]
    answers = {"bare": bare, "at": index.at, "decide": index.decide}
    taken: dict[str, list[float]] = {name: [] for name in answers}
    for _ in range(asked.rounds):
        for name, answer in answers.items():
            taken[name].append(microseconds_a_point(answer, fixes))

    print(f"{asked.farms} farms of {CORNERS} corners, {asked.points} points, {asked.rounds} rounds")
    print(
        f"Python {platform.python_version()}, shapely {shapely.__version__}, GEOS {shapely.geos_version_string}"
    )
    print(f"build: bare {bare_built_s * 1e3:.0f} ms, ours {built_s * 1e3:.0f} ms")
    print(f"{'':8} {'µs a point':>26}   {'× bare':>20}")
    for name, figures in taken.items():
        ratios = [ours / least for ours, least in zip(figures, taken["bare"], strict=True)]
        print(f"{name:8} {spread_of(figures, 1):>26}   {spread_of(ratios, 2):>20}")


def spread_of(figures: list[float], digits: int) -> str:
    """Return median (least-most)."""
    low, high = min(figures), max(figures)
    return f"{statistics.median(figures):.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


if __name__ == "__main__":
    main()
