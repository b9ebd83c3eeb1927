import hashlib

from hypothesis import given
from hypothesis import strategies as st

from backend.evidence.hashes import photo_id


@given(st.binary(max_size=500))
def test_a_photo_is_what_its_bytes_hash_to(content: bytes) -> None:
    assert photo_id(content) == hashlib.sha256(content).hexdigest()
