import hashlib

from hypothesis import given
from hypothesis import strategies as st

from backend.evidence.hashes import photo_id, photo_id_of_stream


@given(st.lists(st.binary(max_size=50), max_size=10))
def test_a_photo_in_pieces_has_the_identity_of_the_whole(pieces: list[bytes]) -> None:
    whole = b"".join(pieces)

    assert photo_id_of_stream(pieces) == photo_id(whole) == hashlib.sha256(whole).hexdigest()
