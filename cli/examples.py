"""Examples in the help stand on lines of their own, unbroken, so that they can be copied and run."""

import inspect
import re
from collections.abc import Callable

import typer

_EXAMPLE = re.compile(r"\s*Example:\s+(.+)\Z", re.DOTALL)
# Typer leaves a paragraph that begins so as it is written.
_AS_WRITTEN = "\b"


def keep_examples(app: typer.Typer) -> None:
    """Set every command's help apart from its example, in this app and the groups below it."""
    for command in app.registered_commands:
        if command.callback:
            command.help, command.epilog = apart(command.callback, command.epilog)
    for group in app.registered_groups:
        if group.typer_instance:
            keep_examples(group.typer_instance)


def apart(callback: Callable[..., object], epilog: str | None = None) -> tuple[str, str | None]:
    """A command's help without its example, and the example as an epilog that is not wrapped."""
    written = inspect.getdoc(callback) or ""
    found = _EXAMPLE.search(epilog or "") or _EXAMPLE.search(written)
    if found is None:
        return written, epilog
    line = " ".join(found[1].split())
    return _EXAMPLE.sub("", written), f"{_AS_WRITTEN}\nExample:\n  {line}"
