"""How commands speak: data on stdout, words on stderr, one JSON document with ``--json``."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import NoReturn

import typer

from backend.domain.problems import InvalidInput, Problem
from cli.exits import Exit


def print_json(document: object) -> None:
    """Write one JSON document to stdout, Chinese left readable."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    # A file's name need not be UTF-8 (GBK out of an archive): a byte that is not comes as half a surrogate pair, which
    # no output takes, and which this spells as JSON's own escape.
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def say(text: str) -> None:
    """Write words for a person to stderr."""
    typer.echo(printable(text), err=True)


def printable(text: str) -> str:
    """The text without control characters: a note from outside must not steer an officer's terminal."""
    return "".join(sign if sign.isprintable() or sign == "\n" else "�" for sign in text)


def refuse(problem: Problem | Mapping[str, object], exit_code: Exit, *, as_json: bool) -> NoReturn:
    """Say what happened, which fields, and what to do next; end the command with *exit_code*.

    Args:
        problem: One of ours, or the problem+json body that the server answered with.
        exit_code: What the shell sees.
        as_json: Also print the problem as the one JSON document on stdout.
    """
    body = problem.as_json() if isinstance(problem, Problem) else dict(problem)
    if as_json:
        print_json(body)
    explain(body)
    raise typer.Exit(exit_code)


def explain(body: Mapping[str, object]) -> None:
    """Say in words what a problem+json body says."""
    reason = f", {body['reason_code']}" if body.get("reason_code") else ""
    say(f"{body['title']}: {body['detail']} [{body['code']}{reason}]")
    errors = body.get("errors")
    for error in errors if isinstance(errors, list) else ():
        say(f"  {error['pointer'] or '/'}: {error['detail']}")
    say(f"Next: {body['next']}")


def unusable(detail: str, *, as_json: bool, **facts: str) -> NoReturn:
    """End a stand-alone command with exit code 2: the input cannot be used.

    Args:
        detail: What is wrong with which input.
        as_json: Also print the problem on stdout.
        facts: ``next`` to say what to do instead of the general advice.
    """
    body = InvalidInput(detail).as_json() | facts
    refuse(body, Exit.USAGE, as_json=as_json)


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Import heavy parts inside this block: a missing package names the extra that brings it."""
    try:
        yield
    except ModuleNotFoundError as missing:
        if (missing.name or "").split(".")[0] in {"backend", "cli", "geo", "models"}:
            raise
        say(f"This command needs the {extra} extra ({missing.name} is not installed).")
        say(f"Next: pip install 'flashclaim[{extra}]'")
        raise typer.Exit(Exit.FAILED) from missing
