"""The key file: made once, read by many, changed whole or not at all, and never guessed at."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.adapters.key_ring import FILE, KeyRing
from backend.domain.personal.keys import DataKey
from backend.domain.personal.problems import KeysMissing

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    made = KeyRing(tmp_path / "keys")
    made.begin(NOON)
    return made


def test_the_first_key_is_for_the_servers_user_alone(ring: KeyRing) -> None:
    assert ring.file.stat().st_mode & 0o777 == 0o600
    assert ring.folder.stat().st_mode & 0o777 == 0o700
    assert [*ring.folder.iterdir()] == [ring.file]


def test_of_two_processes_that_begin_both_have_the_same_key(ring: KeyRing) -> None:
    another = KeyRing(ring.folder)

    assert another.begin(NOON) == ring.current()


def test_a_new_key_is_seen_by_who_had_read_the_file_before(ring: KeyRing) -> None:
    reader = KeyRing(ring.folder)
    former = reader.current()

    new = ring.renew(NOON)

    assert reader.current() == new != former
    assert reader.all() == (new, former)


def test_a_retired_key_is_laid_aside_and_still_opens_what_it_closed(ring: KeyRing) -> None:
    former = ring.current()
    new = ring.renew(NOON)

    ring.retire(former.id)

    assert ring.all() == (new,)
    assert KeyRing(ring.folder).named(former.id) == former
    assert (ring.folder / "retired" / f"{former.id}.json").stat().st_mode & 0o777 == 0o600


def test_a_retired_key_comes_back_for_a_backup_of_then(ring: KeyRing) -> None:
    former = ring.current()
    new = ring.renew(NOON)
    ring.retire(former.id)

    ring.take_back(former.id)

    assert ring.all() == (new, former)


def test_the_current_key_is_never_retired(ring: KeyRing) -> None:
    with pytest.raises(ValueError, match="in use"):
        ring.retire(ring.current().id)


def test_a_key_that_nobody_has_is_said(ring: KeyRing) -> None:
    assert ring.named("00000000") is None
    with pytest.raises(KeysMissing, match="lacks key 00000000"):
        ring.take_back("00000000")


def test_a_key_file_that_others_may_read_is_refused(ring: KeyRing) -> None:
    ring.file.chmod(0o644)

    with pytest.raises(KeysMissing, match="chmod 600"):
        KeyRing(ring.folder).current()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"keys": [], "current": "x"}', b"\xff\xfe", b"[]"])
def test_a_file_that_is_no_key_file_is_refused(ring: KeyRing, content: bytes) -> None:
    ring.file.write_bytes(content)

    with pytest.raises(KeysMissing, match="is no key file"):
        KeyRing(ring.folder).current()


def test_a_key_with_another_secret_than_it_was_made_with_is_refused(ring: KeyRing) -> None:
    said = json.loads(ring.file.read_text())
    said["keys"][0]["secret"] = "A" * 43 + "="
    ring.file.write_text(json.dumps(said))

    with pytest.raises(KeysMissing, match="another secret"):
        KeyRing(ring.folder).current()


def test_a_lost_file_is_said_with_what_to_do(ring: KeyRing) -> None:
    (ring.folder / FILE).unlink()

    with pytest.raises(KeysMissing, match="No such file") as refused:
        KeyRing(ring.folder).current()

    assert "FLASHCLAIM_KEY_FOLDER" in refused.value.next


def test_a_secret_of_another_length_is_no_key() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        DataKey.of(b"short", NOON)


def test_no_secret_is_shown_with_its_key(ring: KeyRing) -> None:
    key = ring.current()

    assert key.secret.hex() not in repr(key)
    assert str(key.secret) not in repr(key)
