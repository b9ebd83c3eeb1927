"""The server that this machine talks to, and who is signed in there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from backend.domain.officer_keys.words import KeyStanding
from backend.domain.problems import Problem
from cli.checks.check import Check, Grade, fail, ok, warn
from cli.checks.machine import private
from cli.client import Api
from cli.profiles import Profile
from cli.refusals import Refused

_MOST_SKEW_S = 30.0
_INSURER = "insurer"


def online(server: str, name: str, *, is_needed: bool) -> Iterator[Check]:
    """The profile's server, or *server*; what needs a sign-in is left out without one."""
    try:
        profile = Profile.load(name)
        token = profile.token()
    except Problem as missing:
        yield (fail if is_needed else warn)("sign-in", missing.detail, missing.next)
        if not server:
            return
        with Api(server) as api:
            yield from _server(api)
        return
    yield private(profile)
    with Api(server or profile.server, token) as api:
        answers = list(_server(api))
        yield from answers
        if answers[0].check == "server" and len(answers) > 1:
            yield _asked("sign-in", lambda: _session(api))
            if profile.officer:
                yield from _officers(api, profile)


def _officers(api: Api, profile: Profile) -> Iterator[Check]:
    """What an officer works with; while their key waits, the server answers nothing else."""
    key = _asked("key", lambda: _key(api, profile))
    yield key
    if key.grade is Grade.WARN:
        return
    yield _asked("audit log", lambda: _log(api, profile))
    if profile.lane == _INSURER:
        yield _asked("effects", lambda: _effects(api))


def skew(check: str, of: str, date: str | None) -> Check | None:
    """How far this machine's clock is from the one behind an HTTP ``Date`` header; None without one."""
    if not date:
        return None
    skew_s = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    detail = f"{abs(skew_s):.0f} s {'behind' if skew_s < 0 else 'ahead of'} the {of}"
    if abs(skew_s) <= _MOST_SKEW_S:
        return ok(check, detail)
    return fail(check, detail, "Let this machine set its clock from the network (NTP).")


def _server(api: Api) -> Iterator[Check]:
    try:
        health, date = api.health()
    except Refused as refused:
        yield fail(
            "server", refused.body["detail"], "Check the network and the address, or start the server."
        )
        return
    yield ok("server", f"{api.server} answers, counter {health['counter']}")
    yield _ready(api)
    clock = skew("clock", "server", date)
    if clock:
        yield clock


def _ready(api: Api) -> Check:
    try:
        told = api.readiness()
    except Refused as refused:
        return warn(
            "ready", refused.body["detail"], "Ask the server's operator whether it is of this version."
        )
    wrong = [check for check in told["checks"] if not check["ok"]]
    if not wrong:
        return ok("ready", "the server has all that it needs")
    detail = "; ".join(f"{check['check']}: {check['why']}" for check in wrong)
    advice = " ".join(check["next"] for check in wrong)
    return warn("ready", detail, advice) if told["ready"] else fail("ready", detail, advice)


def _asked(name: str, ask: Callable[[], Check]) -> Check:
    try:
        return replace(ask(), check=name)
    except Refused as refused:
        return fail(name, refused.body["detail"], refused.body["next"])
    except Problem as problem:
        return fail(name, problem.detail, problem.next)


def _session(api: Api) -> Check:
    me = api.get("me")
    if me["kind"] == "farmer":
        return ok("", f"farmer of {', '.join(me['policies'])}")
    officer = me["officer"]
    return ok("", f"{officer['name']} ({officer['id']}), {officer['lane'] or 'no'} lane")


def _key(api: Api, profile: Profile) -> Check:
    from cli.signing import id_of, keys_at_server, public_key

    public = public_key(profile)
    if public is None:
        return fail("", "this machine has no key to sign with", "flashclaim keys new")
    key_id = id_of(public)
    known = keys_at_server(api).get(key_id)
    if known and known["standing"] == KeyStanding.PENDING:
        return warn(
            "", f"{known['fingerprint']} waits for an administrator", f"flashclaim keys approve {key_id}"
        )
    if not known or known["standing"] != KeyStanding.APPROVED:
        return fail("", f"the server does not take key {key_id}", "flashclaim keys new")
    return ok("", f"{key_id} is approved")


def _log(api: Api, profile: Profile) -> Check:
    from backend.domain.merkle.problems import NotInLogYet
    from cli.kept_log import KeptLog
    from cli.screens.audit import one_line

    try:
        said = api.get("audit", "checkpoint")
    except Refused as refused:
        if refused.body["type"] != NotInLogYet.type:
            raise
        return ok("", "no checkpoint has been signed yet")
    kept = KeptLog(profile.server, profile.organisation or "").load()
    if kept is None:
        return warn("", f"{one_line(said)}; none is kept here", "flashclaim audit cosign")
    return ok("", f"{one_line(said)}; kept here: {kept.checkpoint.size:,} records")


def _effects(api: Api) -> Check:
    dead = api.get("effects", state="dead")["effects"]
    if dead:
        return warn("", f"{len(dead)} effect(s) are dead", "flashclaim effect list --state dead")
    return ok("", "none is dead")
