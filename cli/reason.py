"""``flashclaim reason``: reason codes, what raises them, what people read and can do. Needs no server."""

import typer

from backend.domain.words import ReasonCode
from cli.desk import terminal_language
from cli.options import AsJson, Reading
from cli.render import print_json

app = typer.Typer(name="reason", help="Reason codes and their sentences.", no_args_is_help=True)


@app.callback()
def reason() -> None:
    """Reason codes and their sentences."""


@app.command("list")
def list_reasons(language: Reading = None, as_json: AsJson = False) -> None:
    """List every reason code: the officer's sentence, the farmer's, the rules that raise it, what a person can do.

    Example: flashclaim reason list --language en
    """
    from backend.domain.rules.raised import effect_of, rules_raising
    from backend.domain.rules.versions import CURRENT
    from backend.texts.load import Table, sentence

    reads = language or terminal_language()
    told = []
    for code in ReasonCode:
        effect = effect_of(code, CURRENT)
        # A code that no rule raises says under its own name where it comes from.
        raising = [rule.name for rule in rules_raising(code, CURRENT)]
        told.append(
            {
                "code": code.value,
                "name": sentence(reads, Table.REASON, code),
                "officer": sentence(reads, Table.OFFICER, code),
                "farmer": sentence(reads, Table.FARMER, code),
                "raised_by": [
                    {"rule": name, "checks": sentence(reads, Table.RULE, name)} for name in raising
                ],
                "raised_beside": None if raising else sentence(reads, Table.RULE, code),
                "effect": effect.value,
                "remedy": sentence(reads, Table.REMEDY, effect),
            }
        )
    if as_json:
        print_json({"language": reads, "rule_version": CURRENT.version, "reasons": told})
        return
    from cli.screens.lists import reasons_table
    from cli.screens.writing import console

    console().print(reasons_table(told))
