"""Long work at the server's own database shows how far it has come."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def shown_progress(*, as_json: bool) -> Iterator[Callable[[str, int], None]]:
    """What is being done, on a terminal; a script hears nothing of it."""
    from rich.console import Console

    screen = Console(stderr=True)
    if as_json or not screen.is_terminal:
        yield lambda _what, _done: None
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.fields[done]}"))
    with Progress(*columns, TimeElapsedColumn(), console=screen, transient=True) as bar:
        task = bar.add_task("", total=None, done="")
        yield lambda what, done: bar.update(task, description=what, done=f"{done:,}" if done else "")
