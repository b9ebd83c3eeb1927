"""``flashclaim claim report``: the manifest first, for the number and the clock; then the photos."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

import typer

from backend.domain.problems import FieldError, InvalidInput
from backend.domain.words import Category, Cause, Species, WeightSource
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, Accuracy, AsJson, Photos, Place, ProfileName
from cli.refusals import Refused, told
from cli.render import print_json, say
from cli.uploading import upload


def report(
    *,
    policy: Annotated[str, typer.Option(help="Policy number.", metavar="P")],
    heads: Annotated[int, typer.Option(help="Dead heads.")],
    species: Annotated[Species, typer.Option(help="Kind of animal.")],
    cause: Annotated[Cause, typer.Option(help="Cause of loss.")],
    photos: Photos = None,
    weight: Annotated[
        list[str] | None, typer.Option(help="Weight of one animal; repeat in list order.", metavar="KG")
    ] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="Ear tag of one animal; repeat in list order.", metavar="TAG")
    ] = None,
    size_band: Annotated[
        list[str] | None,
        typer.Option(help="Picture of one animal's size instead of its weight; repeat.", metavar="CODE"),
    ] = None,
    age_months: Annotated[
        list[int] | None, typer.Option(help="Age of one animal; repeat in list order.", metavar="MONTHS")
    ] = None,
    category: Annotated[Category | None, typer.Option(help="Of all animals, where it matters.")] = None,
    weight_source: Annotated[
        WeightSource, typer.Option(help="Who or what gave the weights.")
    ] = WeightSource.DECLARED_BAND,
    at: Place = "",
    accuracy: Accuracy = None,
    occurred_at: Annotated[
        str, typer.Option(metavar="TIME", help="RFC 3339 with offset; now where left out.")
    ] = "",
    taken_at: Annotated[
        str, typer.Option(metavar="TIME", help="When the photos were taken, RFC 3339 with offset.")
    ] = "",
    advance: Annotated[
        bool, typer.Option("--advance", help="The farmer agrees beforehand to the lowest sum shown.")
    ] = False,
    note: Annotated[str, typer.Option(help="In words, for the officers.", metavar="TEXT")] = "",
    photos_may_teach: Annotated[
        bool, typer.Option("--photos-may-teach", help="The farmer lets the photos teach the counter.")
    ] = False,
    claim_id: Annotated[
        UUID | None, typer.Option(help="Of a report that was cut short, to go on with it.", metavar="UUID")
    ] = None,
    assisted: Annotated[
        bool, typer.Option("--assisted", help="In the farmer's place, with their code or card.")
    ] = False,
    request: Annotated[
        UUID | None,
        typer.Option(help="Which the code was asked for under: flashclaim claim assist.", metavar="UUID"),
    ] = None,
    code: Annotated[str, typer.Option(help="The code that the farmer was sent.", metavar="CODE")] = "",
    card: Annotated[
        str,
        typer.Option(
            help="The policy card's secret, where the farm has no phone; - reads it.", metavar="FILE"
        ),
    ] = "",
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Report a loss: prints the claim number, then sends the photos.

    A line that fails is tried again under the same claim id and key, so that
    nothing is reported twice; of a photo only what is missing is sent again.

    --assisted: on a terminal the farmer's code is asked for; the claim says
    for ever who reported, who then neither decides on it nor collects.

    Example: flashclaim claim report --policy P1 --heads 1 --species pig --cause disease a.jpg
    """
    from cli.claim_assisting import agree
    from cli.manifest import animals, announced, position, read_photos

    with told(as_json=as_json):
        files = read_photos(photos or [])
        where = position(at, accuracy)
        taken = moment_of("/taken_at", taken_at) if taken_at else None
        happened = moment_of("/occurred_at", occurred_at) if occurred_at else datetime.now(UTC)
    named = claim_id or uuid4()
    body = {
        "claim_id": str(named),
        "policy_number": policy,
        "species": species,
        "heads": heads,
        "cause": cause,
        "occurred_at": happened.isoformat(),
        "accept_in_advance": advance,
        "animals": animals(
            tag or [], weight or [], category, weight_source, sizes=size_band or [], ages=age_months or []
        ),
        "photos": [announced(photo, where, taken) for photo in files],
        "note": note,
    }
    if photos_may_teach:  # unsaid where not given: an older server knows no such word
        body["photos_may_teach"] = True
    go_on = f"--claim-id {named} --occurred-at {happened.isoformat()}"
    with at_desk(profile, as_json=as_json) as desk:
        try:
            if assisted:
                agree(desk, named, policy, advance=advance, request=request, code=code, card=card)
            answer = desk.api.post("claims", body=body, key=f"report-{named}")
            say(f"{answer['number']}: reported, {len(files)} photos to send.")
            upload(desk, answer, files)
        except Refused as refused:
            # Whoever repeats the command as it was would report a second loss.
            advice = f"{refused.body['next']} To go on with this report, repeat the command with {go_on}"
            raise Refused(refused.body | {"next": advice}) from refused
    if as_json:
        print_json(answer)
    else:
        typer.echo(answer["number"])
        say(f"Promised by {datetime.fromisoformat(answer['due_at']).astimezone():%Y-%m-%d %H:%M}.")
        payee = answer["payee"]
        say(f"The money goes to {payee['name']}, account ending in {payee['account_last4']}.")


def moment_of(pointer: str, text: str) -> datetime:
    """A moment from RFC 3339 text.

    Raises:
        InvalidInput: No such text, or one without an offset; *pointer* names the field.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        error = FieldError(pointer, f"{text!r} is not a time such as 2026-11-23T21:00:00+08:00")
        raise InvalidInput("a time cannot be used", errors=[error]) from wrong
    if moment.tzinfo is None:
        error = FieldError(pointer, f"{text!r} has no offset such as +08:00")
        raise InvalidInput("a time cannot be used", errors=[error])
    return moment
