"""Every command's help has an example, and the example is one that the command takes."""

import shlex
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
import typer

from cli.main import app
from tests.cli.conftest import Shell

COMMAND = typer.main.get_command(app)
NOWHERE = Shell(Path("/nowhere"), "http://127.0.0.1:9")


def leaves(command: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every command below a group, with its path."""
    children = getattr(command, "commands", None)
    if children is None:
        return [(path, command)]
    return [leaf for name, child in children.items() for leaf in leaves(child, (*path, name))]


def example(command: Any) -> str:
    """The line after ``Example:``, as written."""
    told = str(command.epilog or "").partition("Example:\n  ")[2]
    assert "\n" not in told
    return told


@pytest.mark.parametrize(
    ("path", "command"), leaves(COMMAND), ids=lambda part: " ".join(part) if isinstance(part, tuple) else ""
)
def test_a_commands_example_is_one_that_it_takes(path: tuple[str, ...], command: Any) -> None:
    calls = [call.split() for call in example(command).split("flashclaim ")[1:]]

    assert any(tuple(call[: len(path)]) == path for call in calls)


@pytest.mark.parametrize(
    ("path", "command"),
    [leaf for leaf in leaves(COMMAND) if leaf[0][0] not in {"server", "sandbox"}],
    ids=lambda part: " ".join(part) if isinstance(part, tuple) else "",
)
def test_an_examples_options_are_known_and_complete(path: tuple[str, ...], command: Any) -> None:
    arguments = shlex.split(example(command))[1 + len(path) :]

    context = command.make_context("flashclaim", arguments)

    assert context.params is not None


def test_an_example_stands_on_one_line_of_the_help_however_long_it_is() -> None:
    done = NOWHERE.ok("claim", "reject", "--help")

    line = '    flashclaim claim reject FC-20261123-0042 --reason DUPLICATE_TAG --note "tag paid in May"'
    assert line in done.out.splitlines()


def test_the_version_is_the_packages() -> None:
    done = NOWHERE.run("--version")

    assert done.out == f"flashclaim {version('flashclaim')}\n"


def test_without_a_command_the_help_is_shown() -> None:
    done = NOWHERE.run()

    assert done.code == 2
    assert "Usage: flashclaim" in done.out + done.err
