"""Smaller pictures: kept when that is possible, never missed, never shown damaged."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from backend.adapters.derivatives import Derivatives, ObstoreDerivatives, local_derivatives
from backend.adapters.s3 import bucket_store
from tests.s3 import a_bucket

ORIGINAL = hashlib.sha256(b"the original").hexdigest()
PICTURE = b"\xff\xd8\xff a small picture \xff\xd9"


@pytest.fixture(params=["folder", "memory", "s3"])
def derivatives(request: pytest.FixtureRequest, tmp_path: Path) -> Derivatives:
    made: dict[str, Callable[[], Derivatives]] = {
        "folder": lambda: local_derivatives(tmp_path / "derived"),
        "memory": lambda: ObstoreDerivatives(MemoryStore()),
        "s3": lambda: ObstoreDerivatives(bucket_store(request.getfixturevalue("s3").bucket(), "derived")),
    }
    return made[request.param]()


def test_a_picture_is_found_by_original_and_recipe(derivatives: Derivatives) -> None:
    derivatives.keep(ORIGINAL, "fit-640.jpg", PICTURE)

    assert derivatives.find(ORIGINAL, "fit-640.jpg") == PICTURE
    assert derivatives.find(ORIGINAL, "fit-160.jpg") is None
    assert derivatives.find("0" * 64, "fit-640.jpg") is None


def test_a_picture_made_again_takes_the_place_of_the_old_one(derivatives: Derivatives) -> None:
    derivatives.keep(ORIGINAL, "fit-640.jpg", b"an older way")
    derivatives.keep(ORIGINAL, "fit-640.jpg", PICTURE)

    assert derivatives.find(ORIGINAL, "fit-640.jpg") == PICTURE


@pytest.mark.parametrize("left", [b"", b"half", PICTURE])
def test_a_damaged_picture_is_as_good_as_none(tmp_path: Path, left: bytes) -> None:
    derivatives = local_derivatives(tmp_path)
    derivatives.keep(ORIGINAL, "fit-640.jpg", PICTURE)
    [kept] = [path for path in tmp_path.rglob("*") if path.is_file()]
    kept.write_bytes(left)

    assert derivatives.find(ORIGINAL, "fit-640.jpg") is None


def test_a_store_that_is_away_fails_nobody() -> None:
    derivatives = ObstoreDerivatives(bucket_store(a_bucket("http://127.0.0.1:9", "photos"), "derived"))

    derivatives.keep(ORIGINAL, "fit-640.jpg", PICTURE)

    assert derivatives.find(ORIGINAL, "fit-640.jpg") is None


@pytest.mark.parametrize("recipe", ["", "../x", "a/b", "UPPER"])
def test_a_recipe_is_a_plain_name(derivatives: Derivatives, recipe: str) -> None:
    with pytest.raises(ValueError, match="no name of a recipe"):
        derivatives.keep(ORIGINAL, recipe, PICTURE)
