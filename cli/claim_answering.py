"""``flashclaim claim answer``: what an officer asked for, in words or photos; more photos unasked, too."""

from typing import Annotated

import typer

from backend.domain.problems import FieldError, InvalidInput
from cli.claim_reading import print_moved
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, Accuracy, AsJson, ClaimName, Photos, Place, ProfileName, Reading
from cli.refusals import told
from cli.render import say
from cli.uploading import upload


def answer(
    claim: ClaimName,
    photos: Photos = None,
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="The answer in words.")] = "",
    at: Place = "",
    accuracy: Accuracy = None,
    language: Reading = None,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Answer a question, or add photos; the claim is looked at again.

    Approvals given before are void then. After a broken line run the same
    command again: a photo or note that has arrived is not added twice.

    Example: flashclaim claim answer FC-20261123-0042 --note "the tag is in the left ear" tag.jpg
    """
    from cli.manifest import announced, position, read_photos

    with told(as_json=as_json):
        if not (photos or note.strip()):
            error = FieldError("/note", "give --note TEXT or the names of photos")
            raise InvalidInput("an answer needs a note or a photo", errors=[error])
        files = read_photos(photos or [])
        where = position(at, accuracy)
    body = {"photos": [announced(photo, where, None) for photo in files], "note": note}
    with at_desk(profile, language, as_json=as_json) as desk:
        taken = desk.api.post("claims", claim, "evidence", body=body)
        upload(desk, taken, files)
        moved = desk.show(claim)
        said = f"the note {note!r}" if note.strip() else ""
        sent = f"{len(files)} photo{'s' if len(files) > 1 else ''}" if files else ""
        say(f"Sent: {' and '.join(part for part in (said, sent) if part)}.")
        print_moved(desk, moved, as_json=as_json)
