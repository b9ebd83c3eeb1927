"""Nothing is fetched at run time: server, worker, bank and commands play four claims with the outside shut."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _shut_off() -> list[str]:
    """What runs a command in a network of its own where only loopback is; nothing where the kernel forbids that."""
    wanted = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if not (shutil.which("unshare") and shutil.which("ip")):
        return []
    tried = subprocess.run([*wanted, "true"], capture_output=True, check=False)
    return wanted if tried.returncode == 0 else []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_four_claims_are_played_from_photo_to_money_without_a_network(tmp_path: Path) -> None:
    """Python's sockets are watched in every process; where the kernel lets us, libraries' have no way out either."""
    book = tmp_path / "book.txt"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT / "tests" / "offline"),
        "OFFLINE_BOOK": str(book),
        "FLASHCLAIM_DATABASE_URL": "",
    }
    command = [*_shut_off(), sys.executable, "-m", "demo.run", "--out", str(tmp_path / "out")]

    played = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=880
    )

    assert played.returncode == 0, played.stdout + played.stderr
    lines = book.read_text(encoding="utf-8").splitlines()
    assert lines.count("watched") > 5
    assert [line for line in lines if line != "watched"] == []
    assert played.stdout.count("✓") == 5
