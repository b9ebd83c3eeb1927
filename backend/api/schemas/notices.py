"""Bodies of how people want to be told."""

from typing import Annotated

import msgspec
from msgspec import Meta

from backend.domain.notices.phone import phone_number
from backend.domain.problems import FieldError, InvalidInput
from backend.store.contacts import Contact
from backend.texts.load import Language

Phone = Annotated[str, Meta(min_length=1, max_length=30)]


class ContactBody(msgspec.Struct, frozen=True):
    """A farm's phone for text messages, and its language; null: not known, and the installation's."""

    phone: Phone | None = None
    language: Language | None = None


def contact_of(body: ContactBody) -> Contact:
    """The contact that this body asks for, the number in the international form.

    Raises:
        InvalidInput: The phone is no number.
    """
    return Contact(international(body.phone), body.language)


def international(phone: str | None) -> str | None:
    """The number of a body's ``phone`` in the international form.

    Raises:
        InvalidInput: It is no number.
    """
    try:
        return None if phone is None else phone_number(phone)
    except ValueError as wrong:
        raise InvalidInput("the phone cannot be used", errors=[FieldError("/phone", str(wrong))]) from wrong
