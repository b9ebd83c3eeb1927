"""``flashclaim farm contact``: where and in which language a farm is told."""

from typing import Annotated, Any  # the contact's document, as the API sends it

import typer

from backend.texts.load import Language
from cli.desk import at_desk
from cli.options import DEFAULT_PROFILE, AsJson, ProfileName
from cli.render import print_json, say


def contact(
    farm: Annotated[str, typer.Argument(metavar="FARM", help="The farm's id.")],
    phone: Annotated[
        str | None, typer.Option(help="For text messages, such as 13912345678.", metavar="NUMBER")
    ] = None,
    language: Annotated[Language | None, typer.Option(help="Of messages to the farmer.")] = None,
    forget: Annotated[bool, typer.Option("--forget", help="Forget what was said before.")] = False,
    profile: ProfileName = DEFAULT_PROFILE,
    as_json: AsJson = False,
) -> None:
    """Show how a farm is told, or change it: the phone, the language.

    What is left out stays as it is. For officers of the insurer.

    Example: flashclaim farm contact farm-0001 --phone 13912345678 --language en
    """
    with at_desk(profile, as_json=as_json) as desk:
        known: dict[str, Any] = desk.api.get("farms", farm, "contact")
        if phone or language or forget:
            kept = {} if forget else known
            wanted = {"phone": phone or kept.get("phone"), "language": language or kept.get("language")}
            known = desk.api.put("farms", farm, "contact", body=wanted)
    if as_json:
        print_json(known)
        return
    typer.echo(f"{known['farm_id']}: {known['phone'] or '-'} {known['language'] or '-'}")
    if not known["phone"]:
        say("No phone is known: no text message can be sent.")
