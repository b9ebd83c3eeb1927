"""Keeps processes up as an operator's supervisor does, and measures how long each takes to serve again."""

import os
import resource
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Protocol

_LOOK_S = 0.02
_AFTER_A_FALSE_START_S = 0.3


class Running(Protocol):
    """A process that was started."""

    @property
    def pid(self) -> int: ...

    def kill(self) -> None: ...

    def stop(self) -> int: ...

    def has_ended(self) -> bool: ...


@dataclass
class Post:
    """One place of the installation that has to be filled: how, and how one sees that it serves."""

    name: str
    kind: str
    start: Callable[[], Running]
    serves: Callable[[Running], bool]
    process: Running | None = None
    is_up: Event = field(default_factory=Event)
    killed: int = 0
    false_starts: int = 0
    restarts_s: list[float] = field(default_factory=list)
    """Seconds from start to service, after each kill."""
    restarts_cpu_s: list[float] = field(default_factory=list)
    """Of these, what the process itself computed: on a busy machine the rest is waiting for a turn."""


class Keeper:
    """Fills every post again whenever its process ends, until told to let go."""

    def __init__(self, posts: Iterable[Post]) -> None:
        self.posts = tuple(posts)
        self.full_disks = 0
        self._letting_go = Event()
        self._threads = [
            Thread(target=self._keep, args=(post,), name=f"keeper of {post.name}", daemon=True)
            for post in self.posts
        ]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Fill the posts, and kill whatever still runs at the end."""
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self.let_go()
            for post in self.posts:
                if post.process:
                    post.process.kill()

    def let_go(self) -> None:
        """Start nothing any more; what runs goes on."""
        self._letting_go.set()
        for thread in self._threads:
            thread.join()

    def kill(self, post: Post) -> bool:
        """Kill what fills *post*; False when nothing does just now."""
        process = post.process
        if process is None or process.has_ended():
            return False
        post.killed += 1
        process.kill()
        return True

    def fill_disk(self, post: Post, limit_bytes: int, for_s: float) -> None:
        """For a while no file of the process may grow past the limit: what is written beyond fails."""
        process = post.process
        if process is None:
            return
        with suppress(ProcessLookupError):
            _, hard = resource.prlimit(process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (limit_bytes, hard))
            self.full_disks += 1
            time.sleep(for_s)
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (hard, hard))

    def kills(self) -> Counter[str]:
        found: Counter[str] = Counter()
        for post in self.posts:
            found[post.kind] += post.killed
        return found

    def restarts(self, figure: Callable[[Post], list[float]]) -> dict[str, list[float]]:
        """A figure of each restart after a kill, by kind."""
        found: dict[str, list[float]] = {}
        for post in self.posts:
            found.setdefault(post.kind, []).extend(figure(post))
        return found

    def _keep(self, post: Post) -> None:
        was_killed = False
        while not self._letting_go.is_set():
            kills_before, started = post.killed, time.monotonic()
            process = post.process = post.start()
            while not process.has_ended() and not self._letting_go.is_set():
                if not post.is_up.is_set() and post.serves(process):
                    post.is_up.set()
                    if was_killed:
                        post.restarts_s.append(time.monotonic() - started)
                        post.restarts_cpu_s.append(_cpu_s(process.pid))
                time.sleep(_LOOK_S)
            if self._letting_go.is_set():
                return
            was_killed = post.killed > kills_before
            if not was_killed and not post.is_up.is_set():
                # As systemd does: a start that failed, such as without a database, is tried again.
                post.false_starts += 1
                time.sleep(_AFTER_A_FALSE_START_S)
            post.is_up.clear()


def _cpu_s(pid: int) -> float:
    """Seconds of processor time that a process has used; 0.0 when it is gone."""
    with suppress(OSError):
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0
