"""A real installation under kills, cuts and full disks, and what is left of it afterwards.

A seeded killer ends processes with -9 at random moments, PostgreSQL too, which is a private cluster that waits for the
disk. Meanwhile people go on: phones on a line that breaks, officers, farmers, a collector. Then everything is left
alone until it is quiet, and looked at from outside.

The schedule of troubles, the losses, and where connections are cut follow from the seed. Which instruction a kill hits
and which request a cut connection carries do not: they are the machine's.
"""

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import assert_never

from tests.chaos.callers import Caller, Tally
from tests.chaos.cluster import Server
from tests.chaos.grounds import UP_WITHIN_S, Grounds, an_installation
from tests.chaos.invariants import traces, violations
from tests.chaos.keeper import Post
from tests.chaos.killer import CALM, FullDisk, Kill, Mood, schedule
from tests.chaos.outside import rows
from tests.chaos.people import Messages, People
from tests.chaos.processes import people_of
from tests.journeys.world import World, eventually

_SETTINGS = {
    "FLASHCLAIM_EFFECT_LEASE": "2",
    "FLASHCLAIM_VERIFICATION_WAIT": "0.1",  # minutes
    "FLASHCLAIM_BANK_TIMEOUT": "3",
}
_ASKED_AGAIN = 300


@dataclass(frozen=True)
class Plan:
    """What kind of storm it is."""

    dialect: str
    kills: int
    seed: str
    most_claims: int
    pause_s: tuple[float, float] = (0.3, 2.0)
    """Shortest and longest wait before a kill."""
    quiet_within_s: float = 180.0
    timers: timedelta = timedelta(seconds=40)
    """How far ahead the end waits for deadlines and inquiries."""


@dataclass(frozen=True)
class Found:
    """What a storm did, and what it broke."""

    dialect: str
    seed: str
    kills: dict[str, int]
    cuts: int
    full_disks: int
    retries: dict[str, int]
    false_starts: int
    restarts_s: dict[str, list[float]]
    restarts_cpu_s: dict[str, list[float]]
    reported: int
    photos: int
    paid: int
    dead_effects: int
    asked_again: int
    storm_s: float
    quiet_after_s: float
    violations: list[str]


def weather(plan: Plan, folder: Path) -> Found:
    """Raise the storm over a new installation in *folder*, let it pass, and look."""
    tally = Tally()
    with an_installation(plan.dialect, folder, plan.seed, **_SETTINGS) as grounds:
        began = time.monotonic()
        with people_of(grounds.site, grounds.county) as world:
            messages = Messages(folder / "worker.stdout")
            people = People(
                world,
                tally,
                messages,
                phone_url=grounds.bad_line.url,
                seed=plan.seed,
                most_claims=plan.most_claims,
            )
            with people.at_work():
                backends = _rage(plan, grounds)
                stilled = time.monotonic()
                _still(grounds, people)
                quiet_at = _until_quiet(plan, grounds, people)
                quiet = time.monotonic()
                broken = _changed_answers(plan, grounds, tally) + _missing(world, grounds, tally)
        grounds.keeper.let_go()
        broken += _left_running(grounds)
        left = traces(grounds.settings, grounds.books, quiet_at)
        effects = [one for ours in left.effects.values() for one in ours]
        return Found(
            dialect=plan.dialect,
            seed=plan.seed,
            kills=dict(grounds.keeper.kills()) | ({"backend": backends} if backends else {}),
            cuts=grounds.bad_line.cuts,
            full_disks=grounds.keeper.full_disks,
            retries=dict(tally.retries),
            false_starts=sum(post.false_starts for post in grounds.keeper.posts),
            restarts_s=grounds.keeper.restarts(lambda post: post.restarts_s),
            restarts_cpu_s=grounds.keeper.restarts(lambda post: post.restarts_cpu_s),
            reported=len(tally.numbers),
            photos=len(tally.photos),
            paid=sum(transfer["state"] == "SETTLED" for transfer in left.transfers),
            dead_effects=sum(one["state"] == "dead" for one in effects),
            asked_again=min(_ASKED_AGAIN, len(tally.asked)),
            storm_s=stilled - began,
            quiet_after_s=quiet - stilled,
            violations=broken + violations(left, tally),
        )


def _rage(plan: Plan, grounds: Grounds) -> int:
    """Do everything that is on the schedule; returns how many of PostgreSQL's own processes were killed."""
    backends = 0
    for wait_s, trouble in schedule(plan.dialect, plan.seed, plan.kills, pause_s=plan.pause_s):
        time.sleep(wait_s)
        match trouble:
            case Mood(switches):
                grounds.tell_bank(switches)
            case FullDisk(kind, which, limit_bytes, for_s):
                grounds.keeper.fill_disk(_picked(grounds.posts(kind), which), limit_bytes, for_s)
            case Kill("backend", which):
                backends += eventually(lambda: _kill_a_backend(grounds, which), UP_WITHIN_S, "PostgreSQL")
            case Kill(kind, which, spares_starts):
                posts = grounds.posts(kind)
                if spares_starts:
                    posts = eventually(lambda: _serving(posts), UP_WITHIN_S, f"any {kind}")  # noqa: B023 - asked at once
                post = _picked(posts, which)
                eventually(lambda: grounds.keeper.kill(post), UP_WITHIN_S, post.name)  # noqa: B023 - asked at once
            case _:
                assert_never(trouble)
    return backends


def _serving(posts: list[Post]) -> list[Post]:
    return [post for post in posts if post.is_up.is_set()]


def _picked(posts: list[Post], which: float) -> Post:
    return posts[int(which * len(posts))]


def _kill_a_backend(grounds: Grounds, which: float) -> bool:
    """-9 to one of PostgreSQL's own processes: the server then cuts everyone off and recovers."""
    (post,) = grounds.posts("postgres")
    server = post.process
    children = server.children if isinstance(server, Server) and not server.has_ended() else []
    if not children:
        return False
    with suppress(ProcessLookupError):
        os.kill(children[int(which * len(children))], signal.SIGKILL)
        return True
    return False


def _still(grounds: Grounds, people: People) -> None:
    """The wind drops: a line without cuts, a bank that works, no new losses."""
    grounds.bad_line.cut_share = 0
    people.stop_reporting()
    eventually(lambda: grounds.tell_bank(CALM), UP_WITHIN_S, "the bank")


def _until_quiet(plan: Plan, grounds: Grounds, people: People) -> datetime:
    """Let people finish, and whatever is due be done; what does not come to an end in time is found afterwards.

    Returns:
        When it was last looked: a timer that fires after that, while the workers are stopped, is nobody's fault.
    """

    def is_quiet(looked_at: datetime) -> bool:
        if not people.finished():
            return False
        horizon = looked_at + plan.timers
        pending = [one for one in rows(grounds.settings.database, "effects") if one["state"] == "pending"]
        return not any(one["leased_until"] or one["due_at"] <= horizon for one in pending)

    ends = time.monotonic() + plan.quiet_within_s
    while not is_quiet(looked_at := datetime.now(UTC)) and time.monotonic() < ends:
        time.sleep(0.3)
    return looked_at


def _changed_answers(plan: Plan, grounds: Grounds, tally: Tally) -> list[str]:
    """Requests that are answered otherwise when they are sent once more under their key."""
    chance = Random(f"{plan.seed}/again")
    broken = []
    for asked in chance.sample(tally.asked, min(_ASKED_AGAIN, len(tally.asked))):
        caller = Caller(grounds.site.url, asked.token, tally)
        again = caller.again(asked)
        caller.close()
        if again != asked.answer:
            broken.append(
                f"{asked.path} was answered {asked.answer.status}, and {again.status} under the same key: "
                f"{again.body[:200]!r}"
            )
    return broken


def _missing(world: World, grounds: Grounds, tally: Tally) -> list[str]:
    """What was acknowledged and cannot be had over HTTP; dead effects that no operator is shown."""
    insurer = world.officer("insurer").http
    broken = []
    for claim, number in tally.numbers.items():
        shown = insurer.get(f"/claims/{claim}")
        if not shown.is_success or shown.json()["number"] != number:
            broken.append(f"{number} was acknowledged, and its claim is answered {shown.status_code}")
    for (claim, sha256), photo in tally.photos.items():
        original = insurer.get(f"/claims/{claim}/photos/{sha256}")
        if original.content != photo:
            broken.append(f"photo {sha256:.12} was acknowledged, and is answered {original.status_code}")
    listed = {one["id"] for one in insurer.get("/effects?state=dead&limit=500").json()["effects"]}
    dead = {str(one["id"]) for one in rows(grounds.settings.database, "effects") if one["state"] == "dead"}
    return broken + [f"effect {one} is dead, and nobody is told" for one in dead - listed]


def _left_running(grounds: Grounds) -> list[str]:
    """Stop everything but the database in good order; what does not end as it should."""
    broken = []
    for kind, codes in (("worker", {0}), ("api", {0, -signal.SIGTERM}), ("bank", {0, -signal.SIGTERM})):
        for post in grounds.posts(kind):
            code = post.process.stop() if post.process else None
            if code not in codes:
                broken.append(f"{post.name} ended with {code} when it was asked to stop")
    return broken
