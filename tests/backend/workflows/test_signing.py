"""The installation's own key: made once, refused when it is another, replaced without voiding what it signed."""

import base64
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from backend.adapters import signing_key as kept
from backend.domain.authority.sight import EVERYWHERE
from backend.domain.installation_key import introduction_document
from backend.domain.signatures import Signature
from backend.store import signing_keys
from backend.store.engine import DatabaseEngine, open_engine
from backend.store.signing_keys import PublicKey
from backend.workflows.signing import SigningKeyUnusable, open_signing_key, rotate_signing_key

NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def engine(migrated: str) -> Iterator[DatabaseEngine]:
    opened = open_engine(migrated)
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


def fits(public: bytes, signature: Signature, document: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(signature.value), document)


def known(engine: DatabaseEngine) -> tuple[PublicKey, ...]:
    return engine.read(signing_keys.every, EVERYWHERE)


def test_the_first_start_makes_a_key_that_only_the_server_reads(engine: DatabaseEngine, folder: Path) -> None:
    key = open_signing_key(engine, folder, NOON)

    (recorded,) = known(engine)
    assert (recorded.public_key, recorded.began_at, recorded.ended_at) == (key.public_key, NOON, None)
    assert key.sign(b"so be it").key_id == recorded.key_id
    fits(recorded.public_key, key.sign(b"so be it"), b"so be it")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()] == [0o600]


def test_the_next_start_signs_with_the_same_key(engine: DatabaseEngine, folder: Path) -> None:
    first = open_signing_key(engine, folder, NOON).sign(b"so be it")

    assert open_signing_key(engine, folder, LATER).sign(b"so be it") == first
    assert len(known(engine)) == 1


def test_a_start_without_the_key_folder_is_refused(engine: DatabaseEngine, folder: Path) -> None:
    open_signing_key(engine, folder, NOON)
    shutil.rmtree(folder)

    with pytest.raises(SigningKeyUnusable, match="holds none"):
        open_signing_key(engine, folder, LATER)


def test_a_start_with_another_installations_key_is_refused(engine: DatabaseEngine, folder: Path) -> None:
    open_signing_key(engine, folder, NOON)
    shutil.rmtree(folder)
    kept.make_key(folder)

    with pytest.raises(SigningKeyUnusable, match="signs for this installation"):
        open_signing_key(engine, folder, LATER)


def test_a_broken_key_file_is_refused(engine: DatabaseEngine, folder: Path) -> None:
    open_signing_key(engine, folder, NOON)
    (folder / "signing.pem").write_text("no key")

    with pytest.raises(SigningKeyUnusable, match="no private key"):
        open_signing_key(engine, folder, LATER)


def test_a_new_key_is_introduced_by_the_former_one_which_stays_verifiable(
    engine: DatabaseEngine, folder: Path
) -> None:
    running = open_signing_key(engine, folder, NOON)
    before = running.sign(b"so be it")

    key_id = rotate_signing_key(engine, folder, LATER)

    former, current = known(engine)
    assert (former.ended_at, current.key_id, current.began_at) == (
        LATER + timedelta(minutes=1),
        key_id,
        LATER,
    )
    fits(former.public_key, before, b"so be it")
    assert current.introduction is not None
    public = base64.b64encode(current.public_key).decode()
    said = introduction_document(former=former.key_id, key_id=key_id, public_key=public, at=LATER)
    fits(former.public_key, current.introduction, said)
    # A server that has the key open sees the new file.
    assert running.sign(b"so be it").key_id == key_id


def test_a_lost_key_is_replaced_by_one_that_nobody_vouches_for(engine: DatabaseEngine, folder: Path) -> None:
    open_signing_key(engine, folder, NOON)
    shutil.rmtree(folder)

    with pytest.raises(SigningKeyUnusable):
        rotate_signing_key(engine, folder, LATER)
    key_id = rotate_signing_key(engine, folder, LATER, is_lost=True)

    assert known(engine)[-1].key_id == key_id
    assert known(engine)[-1].introduction is None
    assert open_signing_key(engine, folder, LATER).sign(b"so be it").key_id == key_id


def test_a_rotation_that_broke_off_after_it_was_recorded_is_finished_by_the_next_start(
    engine: DatabaseEngine, folder: Path, tmp_path: Path
) -> None:
    open_signing_key(engine, folder, NOON)
    former = (folder / "signing.pem").read_bytes()
    key_id = rotate_signing_key(engine, folder, LATER)
    (folder / "signing.pem").rename(folder / "signing.next.pem")
    (folder / "signing.pem").write_bytes(former)

    assert open_signing_key(engine, folder, LATER).sign(b"so be it").key_id == key_id
