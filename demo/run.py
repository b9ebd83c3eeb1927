"""The main job on real photos: report, count, fence, three signed approvals, handover, bank.

Four claims: a clean one that is paid, one whose photo was taken 900 m off the farm, one that shows a photo which
another farm has already used, and one whose photo is too dark to count on. The animals on the photos are alive: there
are no free photos of dead ones.
"""

import argparse
import json
import re
import shutil
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from demo.phone import Report, Shot, send, sign_in, take
from demo.processes import DemoFailed, Process, clean_environment, free_port, run

HERE = Path(__file__).resolve().parent
CLEAN_PHOTO, OUTSIDE_PHOTO, NIGHT_PHOTO = "cattle-3.jpg", "pig-1.jpg", "sheep-1.jpg"
NIGHT_LIGHT = 0.03
"""Of the light of day: nothing of the photo can be made out any more."""
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif"}
OFF_THE_FARM_M = 900.0
WAIT_SECONDS = 60.0
_OFFICERS = ("picc-changsha-1", "vet-changsha-1", "insp-changsha-1", "disposal-changsha-1")
_APPROVERS = ("vet-changsha-1", "insp-changsha-1", "picc-changsha-1")
_COLOURS = {"farmer": "green", "machine": "cyan", "bank": "yellow", "disposal": "magenta"}

console = Console()


@dataclass(frozen=True, slots=True)
class Scene:
    """Photos of one claim and what the farmer says they show."""

    photos: tuple[Path, ...]
    species: str
    heads: int


class Demo:
    """One run: its folder, its processes, its county."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = clean_environment(folder)
        self.processes: list[Process] = []
        self.server = ""
        self.bank = ""
        self.county: dict[str, Any] = {}
        self.signed_in: dict[str, str] = {}

    def start(self) -> None:
        """Database, county, bank, server, worker; officers sign in with keys of their own."""
        port = free_port()
        self.server = f"http://127.0.0.1:{port}"
        callback = f"{self.server}/api/v1/bank/callbacks"
        bank = self._launch(
            "bank", "sandbox", "bank", "--callback-url", callback, "--database", str(self.folder / "bank.db"),
        )  # fmt: skip
        run(self.environment, "server", "migrate")
        self.county = json.loads(run(self.environment, "server", "seed", "--farms", "20", "--json"))
        self.bank = str(bank.ready()["url"])
        self.environment |= {"FLASHCLAIM_BANK_URL": self.bank, "FLASHCLAIM_SERVER": self.server}
        server = self._launch("server", "server", "run", "--port", str(port))
        worker = self._launch("worker", "server", "worker")
        with httpx.Client(trust_env=False) as http:
            for policy in self.county["policies"]:
                account = {"account": policy["account"], "holder": policy["payee"]}
                http.post(f"{self.bank}/accounts", json=account).raise_for_status()
        server.ready()
        tokens = {one["id"]: one["login_token"] for one in self.county["officers"]}
        with ThreadPoolExecutor() as pool:
            signed_in = list(pool.map(lambda one: self._sign_in(one, tokens[one]), _OFFICERS))
        keys = [json.loads(one)["key"] for one in signed_in]
        # Nobody could approve the first keys but whoever runs the server; the record says so.
        why = ("--reason", "the demo made these keys itself")
        run(self.environment, "server", "approve-key", *(one["key_id"] for one in keys), *why)
        said = " · ".join(f"{one['officer']} {one['fingerprint'][:9]}…" for one in keys)
        console.print(f"keys of the first administrators, approved at the server: {said}", style="dim")
        worker.ready()

    def _sign_in(self, officer: str, token: str) -> str:
        # The demo's folder is its own, and nobody is there to type a passphrase.
        return run(self._as(officer), "login", "--token", token, "--no-passphrase", "--json")

    def stop(self) -> None:
        """End every process, the last started first."""
        for process in reversed(self.processes):
            process.stop()

    def policy(self, species: str, place: int) -> dict[str, Any]:
        """The n-th policy for a species."""
        return [one for one in self.county["policies"] if one["species"] == species][place]

    def report(self, policy: dict[str, Any], scene: Scene, shots: list[Shot]) -> str:
        """Report a loss from the farmer's phone and return the claim's number."""
        weight = "96.5" if scene.species == "pig" else "420.0"
        declared = Report(
            policy["policy_number"],
            self.phone(policy),
            scene.species,
            scene.heads,
            weight,
            tuple(policy["tags"]),
        )
        return str(send(self.server, declared, shots)["number"])

    def phone(self, policy: dict[str, Any]) -> str:
        """The access token of the farmer's phone, which signs in once."""
        number = policy["policy_number"]
        if number not in self.signed_in:
            self.signed_in[number] = sign_in(self.server, policy["card"])
        return self.signed_in[number]

    def show(self, number: str) -> dict[str, Any]:
        """The claim as ``claim show`` gives it."""
        shown = json.loads(run(self._as("picc-changsha-1"), "claim", "show", number, "--json"))
        return dict(shown)

    def wait(self, number: str, *states: str) -> dict[str, Any]:
        """The claim once it is in one of these states.

        Raises:
            DemoFailed: It did not get there.
        """
        ends = time.monotonic() + WAIT_SECONDS
        while (shown := self.show(number))["state"] not in states:
            if time.monotonic() > ends:
                raise DemoFailed(
                    f"{number} is {shown['state']}, not {' or '.join(states)}; see {self.folder}"
                )
            time.sleep(0.1)
        return shown

    def approve(self, number: str, note: str = "") -> None:
        """Three officers of three organisations sign, each with their own key."""
        for officer in _APPROVERS:
            noted = ("--note", note) if note else ()
            run(self._as(officer), "claim", "approve", number, *noted)

    def settle(self, number: str, scene: Scene, policy: dict[str, Any]) -> None:
        """The farmer agrees, and the collector takes the carcasses."""
        weight = (96.5 if scene.species == "pig" else 420.0) * scene.heads
        code = self.code(number, "agree, give code")
        accept = {"code": code}
        headers = {"Authorization": f"Bearer {self.phone(policy)}", "Idempotency-Key": f"accept-{number}"}
        url = f"{self.server}/api/v1/claims/{number}/acceptance"
        httpx.post(url, json=accept, headers=headers, trust_env=False, timeout=30).raise_for_status()
        run(
            self._as("disposal-changsha-1"), "handover", "record", number, "--receipt", f"R-{number}",
            "--heads", str(scene.heads), "--weight", f"{weight:.1f}",
            "--farmer-code", self.code(number, "tell the collector code"),
        )  # fmt: skip

    def certify(self, number: str) -> None:
        """The inspection office certifies the harmless disposal; nothing is left to do."""
        run(self._as("insp-changsha-1"), "certificate", "issue", number, "--number", f"C-{number}")

    def code(self, number: str, words: str) -> str:
        """The newest one-time code that the farmer was sent; in the demo notices go to the worker's log."""
        pattern = re.compile(rf"\[{number}\].*{words} (\d{{6}})")
        ends = time.monotonic() + WAIT_SECONDS
        while not (found := pattern.findall((self.folder / "worker.log").read_text(encoding="utf-8"))):
            if time.monotonic() > ends:
                raise DemoFailed(f"no code for {number} was sent; see {self.folder / 'worker.log'}")
            time.sleep(0.05)
        return str(found[-1])

    def transfers_to(self, account: str) -> list[dict[str, Any]]:
        """What the bank has settled to an account."""
        answer = httpx.get(f"{self.bank}/transfers", trust_env=False).raise_for_status().json()
        return [one for one in answer["transfers"] if one["account"] == account]

    def timeline(self, number: str) -> dict[str, Any]:
        """The claim's timeline."""
        return dict(json.loads(run(self._as("picc-changsha-1"), "claim", "timeline", number, "--json")))

    def _as(self, officer: str) -> dict[str, str]:
        return self.environment | {"FLASHCLAIM_PROFILE": officer}

    def _launch(self, name: str, *arguments: str) -> Process:
        process = Process(name, arguments, self.environment, self.folder)
        self.processes.append(process)
        return process


def tell(demo: Demo, scene: Scene, outside: Scene) -> bool:
    """Play the four claims; True when each ended where it belongs."""
    policy, away, other = (
        demo.policy(scene.species, 0),
        demo.policy(outside.species, 1),
        demo.policy(scene.species, 2),
    )
    shots = [take(photo, policy["inside"]) for photo in scene.photos]
    console.rule("[bold]1 · a clean claim")
    clean = demo.report(policy, scene, shots)
    triaged = demo.wait(clean, "JOINT_REVIEW", "TRIAGED")
    _say_triage(clean, triaged)
    note = "" if triaged["path"] == "FAST" else "Photos looked at for the demo"
    demo.approve(clean, note)
    demo.settle(clean, scene, policy)
    demo.wait(clean, "PAID", "CLOSED")
    demo.certify(clean)
    paid = demo.show(clean)
    moved = demo.transfers_to(policy["account"])
    _say_timeline(demo.timeline(clean), paid)

    console.rule("[bold]2 · a photo taken 900 m off the farm")
    off = [take(photo, northernmost(away), north_m=OFF_THE_FARM_M) for photo in outside.photos]
    strayed = demo.report(away, outside, off)
    assisted = demo.wait(strayed, "JOINT_REVIEW", "TRIAGED")
    _say_triage(strayed, assisted)

    console.rule("[bold]3 · the first claim's photo, sent by another farm")
    copied = demo.report(other, scene, shots)
    held = demo.wait(copied, "JOINT_REVIEW", "TRIAGED")
    _say_triage(copied, held)

    console.rule("[bold]4 · a photo taken at night")
    night = Scene((HERE / "photos" / NIGHT_PHOTO,), "pig", 1)
    late = demo.policy(night.species, 3)
    dark = demo.report(
        late, night, [take(photo, late["inside"], light=NIGHT_LIGHT) for photo in night.photos]
    )
    unsure = demo.wait(dark, "JOINT_REVIEW", "TRIAGED")
    _say_triage(dark, unsure)

    checks = {
        f"{clean} is PAID": paid["payout"]["state"] == "PAID",
        f"{clean} was paid exactly once": [one["amount"] for one in moved] == [paid["payout"]["amount"]],
        f"{strayed} is ASSISTED because of the place": assisted["path"] == "ASSISTED"
        and "OUTSIDE_PREMISES" in {reason["code"] for reason in assisted["reasons"]},
        f"{copied} is on HOLD because of the photo": held["path"] == "HOLD"
        and "DUPLICATE_PHOTO" in {reason["code"] for reason in held["reasons"]},
        f"{dark} is ASSISTED because its count is unsure": unsure["path"] == "ASSISTED"
        and unsure["count"]["verdict"] == "unsure"
        and "DARK" in unsure["count"]["reasons"],
    }
    console.rule("[bold]result")
    for words, is_so in checks.items():
        console.print(f"[{'green' if is_so else 'red'}]{'✓' if is_so else '✗'}[/] {words}")
    return all(checks.values())


def northernmost(policy: dict[str, Any]) -> tuple[float, float]:
    """The farm's northernmost corner (lon, lat): going north from there, it stays the nearest point of the farm."""
    corners = policy["boundary"]["coordinates"][0]
    lon, lat = max(corners, key=lambda corner: corner[1])
    return lon, lat


def _say_triage(number: str, shown: dict[str, Any]) -> None:
    colour = {"FAST": "green", "ASSISTED": "yellow", "HOLD": "red"}[shown["path"]]
    fence = shown["fence"]
    console.print(
        f"[bold]{number}[/]  [{colour}]{shown['path']}[/]  "
        f"counted {shown['heads_counted']} of {shown['heads_claimed']} claimed, {shown['count']['verdict']} · "
        f"{fence['decision']} ({fence['distance_m']:.0f} m) · {float(shown['offer']['amount']):,.2f} CNY"
    )
    said = dict.fromkeys((reason["code"], reason["text"]) for reason in shown["reasons"])
    for code, text in said:
        console.print(f"    [yellow]{code}[/]  {text}")


def _say_timeline(timeline: dict[str, Any], shown: dict[str, Any]) -> None:
    amount = f"{float(shown['payout']['amount']):,.2f} CNY"
    table = Table(
        title=f"{timeline['number']}: {amount} on the account after {timeline['seconds_to_paid']:.1f} s"
    )
    for heading in ("stage", "held by"):
        table.add_column(heading)
    table.add_column("seconds", justify="right")
    table.add_column("")
    longest = max(stage["seconds"] for stage in timeline["stages"]) or 1.0
    for stage in timeline["stages"]:
        colour = _COLOURS.get(stage["held_by"], "blue")
        bar = "█" * max(1, round(30 * stage["seconds"] / longest))
        seconds = f"{stage['seconds']:.2f}" + ("…" if stage["open"] else "")
        table.add_row(stage["stage"], stage["held_by"], seconds, f"[{colour}]{bar}[/]")
    console.print(table)


def choose(photos: Path | None, environment: dict[str, str]) -> tuple[Scene, Scene]:
    """The scenes of the clean and of the outside claim.

    Our own photos carry the true number in their names. For a user's photos nobody has told how many animals there
    are, so the demo claims what the counter sees, and says so.

    Raises:
        DemoFailed: No usable photo in the folder.
    """
    outside = Scene((HERE / "photos" / OUTSIDE_PHOTO,), "pig", 1)
    if photos is None:
        return Scene((HERE / "photos" / CLEAN_PHOTO,), "cattle", 3), outside
    found = tuple(sorted(one for one in photos.iterdir() if one.suffix.lower() in PICTURES))[:6]
    if not found:
        raise DemoFailed(f"{photos} holds no photo ({', '.join(sorted(PICTURES))})")
    counted = json.loads(run(environment, "count", *map(str, found), "--json"))
    seen = [box["species"] for photo in counted["photos"] for box in photo.get("boxes", [])]
    species = "pig" if seen.count("pig") > seen.count("cattle") else "cattle"
    heads = max(1, counted["scene"]["count"])
    console.print(f"Your photos: the counter sees {heads} animal(s); the demo claims {heads} {species}.")
    return Scene(found, species, heads), outside


def main() -> int:
    """Run the demo; exit code 0 only if every claim ended where it belongs."""
    parser = argparse.ArgumentParser(description="Play four claims from photo to money.")
    parser.add_argument("--photos", type=Path, help="a folder with your own photos for the clean claim")
    parser.add_argument("--serve", action="store_true", help="leave everything running until Ctrl-C")
    parser.add_argument(
        "--out", type=Path, default=HERE / "out", help="where data and logs go; emptied first"
    )
    chosen = parser.parse_args()
    folder = chosen.out.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    demo = Demo(folder)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Also under a shell that lets background jobs ignore Ctrl-C: the processes below must not outlive this one.
        signal.signal(number, signal.default_int_handler)
    console.print(
        "The animals on these photos are alive: there are no free photos of dead ones.", style="dim"
    )
    is_good = False
    try:
        began = time.monotonic()
        scenes = choose(chosen.photos, demo.environment)
        demo.start()
        console.print(f"server, worker and bank are up after {time.monotonic() - began:.1f} s", style="dim")
        is_good = tell(demo, *scenes)
        _say_where_to_look(demo)
        if chosen.serve:
            _serve_on(demo)
    except KeyboardInterrupt:
        console.print("stopping")
        return 0 if is_good else 1
    except (DemoFailed, httpx.HTTPError) as trouble:
        console.print(f"[red]The demo failed:[/] {trouble}")
        return 1
    finally:
        demo.stop()
    return 0 if is_good else 1


def _say_where_to_look(demo: Demo) -> None:
    places = demo.environment
    console.print(f"logs: {demo.folder}", style="dim")
    database = places.get("FLASHCLAIM_DATABASE_URL") or demo.folder / "data" / "flashclaim.db"
    photos = places.get("FLASHCLAIM_PHOTOS_URL") or demo.folder / "data" / "photos"
    console.print(
        f"database: {_without_password(str(database))} · photos: {photos}", style="dim", soft_wrap=True
    )
    console.print(
        "next: make serve leaves it running; then flashclaim review, claim show, stats speed", style="dim"
    )


def _without_password(url: str) -> str:
    return re.sub(r"(//[^:/@]*):[^@/]*@", r"\1:***@", url)


def _serve_on(demo: Demo) -> None:
    (demo.folder / "county.json").write_text(
        json.dumps(demo.county, ensure_ascii=False, indent=2), encoding="utf-8"
    )
    console.rule("[bold]running until Ctrl-C")
    console.print(f"API description   {demo.server}/docs")
    console.print("as an officer     in another terminal:")
    names = ("FLASHCLAIM_CLI_FOLDER", "FLASHCLAIM_SERVER")
    for name in names:
        console.print(f"  export {name}={demo.environment[name]}", highlight=False, soft_wrap=True)
    console.print("  FLASHCLAIM_PROFILE=picc-changsha-1 .venv/bin/flashclaim review", highlight=False)
    console.print(f"farmers' codes    {demo.folder / 'worker.log'}", soft_wrap=True)
    signal.pause()


if __name__ == "__main__":
    sys.exit(main())
