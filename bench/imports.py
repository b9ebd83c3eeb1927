"""A county's farms through the real command and a real server, against the least that could bring them in.

Two measures over the same file, in turns, so that a busy machine slows both alike:

* ours: ``flashclaim farm import FILE`` - upload, reading, outlines judged and mended, overlaps, comparison with the
  register, one transaction with its record - in a process of its own against ``flashclaim server run``;
* bare: geopandas reads the file and SQLite's executemany writes ids, names and WKB, in this process.

Run: python bench/imports.py [--farms N] [--rounds N]
"""

import argparse
import csv
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import geopandas
import numpy as np
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.fence import spread_of, synthetic_farms

FLASHCLAIM = Path(sys.executable).with_name("flashclaim")
FORMATS = ("farms.gpkg", "farms.parquet", "farms.csv", "farms.geojson")


def written(folder: Path, count: int) -> list[Path]:
    """The same farms in every format."""
    farms = synthetic_farms(count, np.random.default_rng(20260301))
    frame = geopandas.GeoDataFrame(
        {"farm_id": [f"F-{place:06d}" for place in range(count)], "name": [farm.name for farm in farms]},
        geometry=[farm.shape for farm in farms],
        crs=4326,
    )
    files = [folder / name for name in FORMATS]
    frame.to_file(files[0])
    frame.to_parquet(files[1])
    with files[2].open("w", encoding="utf-8", newline="") as text:
        rows = csv.writer(text)
        rows.writerow(["farm_id", "name", "wkt"])
        rows.writerows(
            zip(frame.farm_id, frame.name, shapely.to_wkt(frame.geometry, rounding_precision=9), strict=True)
        )
    frame.to_file(files[3])
    return files


@contextmanager
def served(folder: Path) -> Iterator[dict[str, str]]:
    """A server with an empty county and its insurer signed in; the environment for commands."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("FLASHCLAIM_")}
    environment |= {
        "FLASHCLAIM_DATA_FOLDER": str(folder / "data"),
        "FLASHCLAIM_CLI_FOLDER": str(folder / "cli"),
    }
    officers = folder / "officers.csv"
    officers.write_text(
        "officer_id,name,organisation,organisation_name,lane,county,administrator\no1,Li,i1,Insurer,insurer,430121,yes\n"
    )
    ran(environment, "server", "migrate")
    ran(environment, "server", "import", "officers", str(officers), "--tokens", str(folder / "tokens.json"))
    token = json.loads((folder / "tokens.json").read_text())[0]["login_token"]
    ready = folder / "ready"
    command = [FLASHCLAIM, "server", "run", "--port", "0", "--ready-file", ready]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            while not ready.exists() or not ready.read_text():
                time.sleep(0.05)
            ran(environment, "login", "--token", token, "--no-passphrase", "--server", ready.read_text())
            yield environment | {"SERVER_PID": str(server.pid)}
        finally:
            server.terminate()


def ran(environment: dict[str, str], *arguments: str) -> str:
    """A command that has to succeed; its output."""
    done = subprocess.run(
        [FLASHCLAIM, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def ours(file: Path) -> tuple[float, float, float]:
    """Seconds of the import, of importing the same again, and the server's memory at its peak in MB."""
    with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as environment:
        datum = ["--datum", "wgs84"] if file.suffix == ".csv" else []
        taken = []
        for expected in ("new", "same"):
            start = time.perf_counter()
            report = json.loads(ran(environment, "farm", "import", str(file), *datum, "--json"))
            taken.append(time.perf_counter() - start)
            assert report[expected] == report["rows"], report
        return taken[0], taken[1], peak_mb(int(environment["SERVER_PID"]))


def peak_mb(pid: int) -> float:
    """The most memory that a process has held, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def bare(file: Path) -> float:
    """Seconds of geopandas and executemany."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        if file.suffix == ".parquet":
            frame = geopandas.read_parquet(file)
        elif file.suffix == ".csv":
            frame = geopandas.read_file(file)
            frame = frame.set_geometry(geopandas.GeoSeries.from_wkt(frame.wkt, crs=4326))
        else:
            frame = geopandas.read_file(file)
        database = sqlite3.connect(Path(folder) / "bare.db")
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA synchronous=FULL")
        database.execute("CREATE TABLE farms (id TEXT PRIMARY KEY, name TEXT, county TEXT, boundary BLOB)")
        with database:
            rows = zip(frame.farm_id, frame.name, shapely.to_wkb(frame.geometry.values), strict=True)
            database.executemany("INSERT INTO farms VALUES (?, ?, '430121', ?)", rows)
        database.close()
        return time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--farms", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        files = written(Path(folder), asked.farms)
        print(
            f"{asked.farms} farms of 40 corners, {asked.rounds} rounds, SQLite, Python {platform.python_version()}"
        )
        print(
            f"{'':14} {'MB':>5} {'seconds':>18} {'the same again':>18} {'bare':>18} {'x bare':>16} {'peak MB':>8}"
        )
        for file in files:
            rounds = [(*ours(file), bare(file)) for _ in range(asked.rounds)]
            first, again, peaks, least = zip(*rounds, strict=True)
            ratios = [mine / theirs for mine, theirs in zip(first, least, strict=True)]
            figures = (spread_of(list(first), 1), spread_of(list(again), 1), spread_of(list(least), 1))
            print(
                f"{file.name:14} {file.stat().st_size / 1e6:5.0f} {figures[0]:>18} {figures[1]:>18} {figures[2]:>18} "
                f"{spread_of(ratios, 1):>16} {statistics.median(peaks):8.0f}",
                flush=True,
            )


if __name__ == "__main__":
    main()
