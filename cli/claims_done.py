"""A bar for commands at the server that go through many claims: how many of how many."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def claims_done(what: str, *, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on a terminal; a script hears nothing of it."""
    from rich.console import Console

    screen = Console(stderr=True)
    if as_json or not screen.is_terminal:
        yield lambda _done, _of: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def who_runs_this() -> str:
    """Who is signed in at this shell; a user without a name has a number."""
    import getpass
    import os

    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"
