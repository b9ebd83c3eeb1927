"""Writes the documents that are made from code: ``python scripts/generate_docs.py [--check]``.

``--check`` writes nothing and ends with 1 where a committed document differs. To add a document, write a function that
returns its text and name it in ``DOCUMENTS``.
"""

import argparse
import importlib
import inspect
import json
import pkgutil
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import timedelta
from enum import EnumMeta
from pathlib import Path
from types import FunctionType
from typing import Any, get_args, get_type_hints  # what Typer keeps of a command is untyped

import typer
from typer.models import ArgumentInfo, OptionInfo

import backend
import cli
from backend.domain import commands
from backend.domain import decisions as decision_package
from backend.domain.edges.limited import Limits
from backend.domain.moves import is_allowed
from backend.domain.notices.news import NEWS
from backend.domain.problems import RETIRED, Problem
from backend.domain.words import HoldKind, State
from backend.products.schema import product_schema
from backend.settings import PREFIX, Settings
from cli.examples import apart
from cli.exits import Exit
from cli.main import app
from scripts.authority_document import authority_text
from scripts.clock_document import clocks_text

DOCS = Path(__file__).resolve().parents[1] / "docs"
COMMAND = "python scripts/generate_docs.py"
MARK = f"<!-- Made by `{COMMAND}`: change the code, not this file. -->\n"

WAITS_FOR: Mapping[State, str] = {
    State.REPORTED: "the first photo",
    State.VERIFYING: "photos on their way, and the machine's checks on those that came",
    State.EVIDENCE_REQUESTED: "the farmer: a photo or an answer that the machine or an officer asked for",
    State.TRIAGED: "hold SIGNALS: a named person who releases or rejects; no lane is open",
    State.JOINT_REVIEW: "the lanes that have not approved this evidence and this offer",
    State.OFFERED: "the farmer's acceptance of this offer",
    State.ACCEPTED: "the pay gate (a handover that fits, under gate CERTIFICATE the certificate too), or a hold",
    State.PAYABLE: "nothing: the payout starts at once, or leaves in the next payment file",
    State.PAYING: "the bank's word that the money arrived",
    State.PAYMENT_UNKNOWN: "an inquiry: the order was sent and no answer came, so nothing is sent afresh",
    State.PAYMENT_FAILED: "a person of the insurer who asks for a new payout under a new key",
    State.PAID: "the disposal certificate",
    State.CLOSED: "nothing",
    State.REJECTED: "nothing: a person rejected it, with a reason code and a note",
    State.WITHDRAWN: "nothing: the farmer took the report back",
}
"""What each state waits for, in the order in which ``Claim.state`` looks for what is missing."""

SIDE = (
    State.EVIDENCE_REQUESTED,
    State.PAYMENT_UNKNOWN,
    State.PAYMENT_FAILED,
    State.REJECTED,
    State.WITHDRAWN,
)

HOLDS: Mapping[HoldKind, str] = {
    HoldKind.SIGNALS: "set by the triage where a doubt holds, by the payout where other claims used up the insured "
    "heads, or by an officer; shuts the lanes (state TRIAGED, path HOLD)",
    HoldKind.QUARANTINE: "set by an officer; lanes stay open, nothing is paid",
    HoldKind.PAYEE_CHANGED: "set by the triage and again by the payout where the policy's payee changed within seven "
    "days or since the report, or by an officer; lanes stay open, nothing is paid",
    HoldKind.STOP_PAYMENTS: "set by an officer, or by the payout while all payments are stopped (`payout stop`): then "
    "the machine lifts it once they are resumed",
    HoldKind.DAILY_LIMIT: "set by the payout where the day's limit is used up; the machine lifts it once there is room",
    HoldKind.PROGRAMME_LIMIT: "set by the payout where the programme has not enough money left; the machine lifts it "
    "once there is (a higher limit, another assessment, money that came back)",
}


EXITS: Mapping[Exit, str] = {
    Exit.OK: "done",
    Exit.FAILED: "failed",
    Exit.USAGE: "usage, or input that cannot be used",
    Exit.NOT_FOUND: "not found",
    Exit.NOT_ALLOWED: "not signed in, or not allowed",
    Exit.CONFLICT: "conflict: someone was first, or the evidence changed",
    Exit.REFUSED: "refused by a rule; its code is printed",
    Exit.NETWORK: "the server does not answer",
    Exit.EMPTY: "nothing there, with `--fail-empty`",
    Exit.INTERRUPTED: "interrupted",
}


def states() -> str:
    """The claim's states, and every command in every state, from the one table of moves."""
    main = [state for state in State if state not in SIDE]
    return "\n".join(
        [
            "# States of a claim\n",
            MARK,
            "No code assigns a state: it is the first thing that is still missing among the claim's facts, which come",
            "in any order (`Claim.state`). The main line:\n",
            "```",
            " → ".join(main[:5]) + "\n  → " + " → ".join(main[5:]),
            "```\n",
            "Beside it: " + ", ".join(SIDE) + ".\n",
            *_table(("state", "waits for"), ((state, WAITS_FOR[state]) for state in State)),
            "\n## Holds\n",
            "While any hold is set nothing is paid. Each names who set it, the moment and the reason; only a person of",
            "the insurer releases it, but for what stands above all payouts and ends for all at once.\n",
            *_table(("hold", "what it does"), ((kind, HOLDS[kind]) for kind in HoldKind)),
            "\n## Which command in which state\n",
            "A command outside its states is refused as `move-not-allowed`; an exact repeat of what is recorded is",
            "answered and changes nothing. `report` begins a claim and stands in no state.\n",
            *_table(
                ("command", *State),
                (
                    (kind.name, *("●" if is_allowed(kind, state) else "" for state in State))
                    for kind in _commands()
                ),
            ),
            "\n## What refuses a command\n",
            "Beside `move-not-allowed`; what to do about each stands in [problems.md](problems.md).\n",
            *_table(
                ("command", "refused", "when"),
                (
                    (kind.name, ", ".join(f"`{name}`" for name in names), when)
                    for kind in _commands()
                    for names, when in refusals_of(kind)
                ),
            ),
            "",
        ]
    )


def problems() -> str:
    """Every refusal with its stable type, from the problem classes."""
    rows = (
        (f"`{kind.type}`", str(int(kind.status)), kind.title, _first_line(kind), kind.next)
        for kind in problem_classes()
    )
    retired = ", ".join(f"`{one}`" for one in sorted(RETIRED)) or "none so far"
    return "\n".join(
        [
            "# Problems\n",
            MARK,
            "Every refusal is an `application/problem+json` answer (RFC 9457) with these fields: `type` (stable),",
            "`title`, `status`, `detail`, `code` (the last part of the type), `next` (what to do) and `errors` (JSON",
            "pointers to wrong fields). The command line prints the same words.\n",
            *_table(("type", "status", "title", "when", "what to do"), rows),
            f"\nRetired types, never used again: {retired}.\n",
        ]
    )


def configuration() -> str:
    """Every setting, from ``Settings``."""
    rows = (
        (
            f"`{PREFIX}{setting.name.upper()}`",
            _shown(setting.default, setting.metadata["wanted"]),
            setting.metadata["wanted"],
            setting.metadata["why"],
        )
        for setting in fields(Settings)
    )
    return "\n".join(
        [
            "# Configuration\n",
            MARK,
            "Read once from the environment when a process starts. Every default is good for a laptop; a value that",
            "cannot be used stops the start and names the variable.\n",
            *_table(("variable", "default", "value", "meaning"), rows),
            "",
        ]
    )


def command_line() -> str:
    """Every command with its options, from the functions that Typer calls."""
    sections = [
        part for path, command, epilog in _cli_commands(app, ()) for part in _section(path, command, epilog)
    ]
    return "\n".join(
        [
            "# Command line\n",
            MARK,
            "`flashclaim COMMAND --help` says the same. Data goes to stdout, words to stderr; with `--json` stdout",
            "holds one JSON document, also when a command is refused ([problems.md](problems.md)). Without a terminal",
            "nothing is asked. Profiles (`--profile`, `FLASHCLAIM_PROFILE`) let one machine act as several people;",
            "they are kept in the system's keyring, or in files in `FLASHCLAIM_CLI_FOLDER` for their owner alone.:",
            "there a key is encrypted by a passphrase, which is asked for or taken from `FLASHCLAIM_KEY_PASSPHRASE`.",
            "A server on another machine is reached over https alone; `FLASHCLAIM_CLI_ALLOW_HTTP=1` allows http.\n",
            *_table(("exit code", "meaning"), ((str(int(code)), EXITS[code]) for code in Exit)),
            "",
            *sections,
        ]
    )


def schema_of_products() -> str:
    """The JSON schema of a product file."""
    return json.dumps(product_schema(), ensure_ascii=False, indent=2) + "\n"


def authority() -> str:
    """``docs/authority.md``."""
    return MARK + authority_text()


def clocks() -> str:
    """Deadlines, pauses, who is told, and an example."""
    title, _, rest = clocks_text().partition("\n\n")
    return f"{title}\n\n{MARK}\n{rest}"


def notices() -> str:
    """Which events are told, from the table of news, and how to connect a gateway."""
    rows = ((f"`{event.type}`", weight.told or "never", weight.why) for event, weight in NEWS.items())
    prose = (DOCS / "examples" / "notices.md").read_text(encoding="utf-8")
    return "\n".join(
        [
            "# Notices\n",
            MARK,
            prose,
            "## Which events are told\n",
            "A farmer is told what happened, what comes next and by when, in one text message. Offices are told by",
            "webhook when they have something new to do.\n",
            *_table(("event", "the farmer is told", "why"), rows),
            "",
        ]
    )


DOCUMENTS: Mapping[str, Callable[[], str]] = {
    "cli.md": command_line,
    "states.md": states,
    "problems.md": problems,
    "configuration.md": configuration,
    "schemas/product.schema.json": schema_of_products,
    "clocks.md": clocks,
    "notices.md": notices,
    "authority.md": authority,
}


def problem_classes() -> list[type[Problem]]:
    """Every problem of server and command line that has a type of its own, by type."""
    for package in (backend, cli):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            # Alembic's own scripts run only inside Alembic.
            if ".migrations" not in module.name:
                importlib.import_module(module.name)
    return sorted(
        (kind for kind in _below(Problem) if "type" in vars(kind)),
        key=lambda kind: (kind.type, kind.__module__),
    )


def refusals_of(kind: type[commands.Command]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Problem classes and their reason, as the ``Raises`` of the command's decision says them."""
    decision = _decisions()[re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()]
    told = (inspect.getdoc(decision) or "").partition("Raises:\n")[2]
    for line in told.splitlines():
        named = re.fullmatch(r"    ((?:\w+, )*\w+): (.+)", line)
        if named:
            yield tuple(named[1].split(", ")), named[2].rstrip(".")


def _commands() -> tuple[type[commands.Command], ...]:
    return get_args(commands.Command)


def _decisions() -> dict[str, FunctionType]:
    found: dict[str, FunctionType] = {}
    for module in pkgutil.iter_modules(decision_package.__path__, f"{decision_package.__name__}."):
        found |= dict(inspect.getmembers(importlib.import_module(module.name), inspect.isfunction))
    return found


def _cli_commands(
    group: typer.Typer, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Callable[..., object], str | None]]:
    for command in group.registered_commands:
        if command.callback:
            name = command.name or command.callback.__name__.replace("_", "-")
            yield (*path, name), command.callback, command.epilog
    for child in group.registered_groups:
        if child.typer_instance:
            group_name = child.name or child.typer_instance.info.name
            yield from _cli_commands(child.typer_instance, (*path, str(group_name)))


def _section(path: tuple[str, ...], command: Callable[..., object], epilog: str | None) -> Iterator[str]:
    told, example = apart(command, epilog)
    hints = get_type_hints(command, include_extras=True)
    rows = [
        _option(name, hints[name], given.default)
        for name, given in inspect.signature(command).parameters.items()
    ]
    yield f"## flashclaim {' '.join(path)}\n"
    yield told.rstrip() + "\n"
    if example:
        yield f"```sh\n{example.rpartition('Example:')[2].strip()}\n```\n"
    if rows:
        yield "\n".join(_table(("", "", "default"), iter(rows))) + "\n"


def _option(name: str, hint: Any, default: object) -> tuple[str, str, str]:
    """One argument or option: how it is written, what it means, and what holds where it is left out."""
    kind, info = get_args(hint)
    enums: list[Any] = [one for one in (kind, *get_args(kind)) if isinstance(one, EnumMeta)]
    choices = enums[0] if enums else None
    values = info.metavar or ("|".join(one.value for one in choices) if choices else "")
    # Inside Annotated, Typer takes the first name for the default.
    names = [one for one in (info.default, *(info.param_decls or ())) if isinstance(one, str)]
    written = names[0] if names else f"--{name.replace('_', '-')}"
    if isinstance(info, ArgumentInfo):
        written = info.metavar or name.upper()
    elif kind is not bool:
        written += f" {values or 'N' if kind in {int, float} else values or 'TEXT'}"
    variable = f" `{info.envvar}`" if isinstance(info, OptionInfo) and info.envvar else ""
    if default is inspect.Parameter.empty:
        return f"`{written}`", f"{info.help}{variable}", "*required*"
    held = "" if default in {None, "", False} else f"`{default}`"
    return f"`{written}`", f"{info.help}{variable}", held


def _below(kind: type[Problem]) -> Iterator[type[Problem]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _below(child)


def _first_line(kind: type[Problem]) -> str:
    return (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ").replace("``", "`")


def _shown(default: object, wanted: str) -> str:
    match default:
        case None | "" | ():
            return "*empty*"
        case Limits():
            return "*as [edges.md](edges.md) says*"
        case bool():
            return f"`{int(default)}`"
        case tuple():
            return f"`{','.join(default)}`"
        case timedelta():
            unit = wanted.partition(" ")[0]
            return f"`{default / timedelta(**{unit: 1}):g}`"
        case _:
            return f"`{default}`"


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> list[str]:
    lines = [head, ("---",) * len(head), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def main() -> int:
    """Write or check every document."""
    parser = argparse.ArgumentParser(description="Writes the documents that are made from code.")
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 where one differs")
    is_check = parser.parse_args().check
    stale = [name for name, make in DOCUMENTS.items() if not _is_current(name, make())]
    for name in stale:
        print(f"docs/{name} {'differs from the code' if is_check else 'written'}")
        if not is_check:
            (DOCS / name).write_text(DOCUMENTS[name](), encoding="utf-8")
    if stale and is_check:
        print(f"run: {COMMAND}")
    return int(bool(stale) and is_check)


def _is_current(name: str, text: str) -> bool:
    path = DOCS / name
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
