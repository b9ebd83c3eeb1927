"""The examples in ``deploy/`` are read by the programs they are for, and start nothing that we do not have."""

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import typer
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from backend.insight import metrics
from backend.instruments import PROCESS
from backend.settings import PREFIX, Settings
from backend.store import tables
from backend.store.engine import open_engine
from backend.workflows.clock import utc_now
from cli.main import app

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
SECRETS = ("POSTGRES_PASSWORD", "FLASHCLAIM_BANK_URL", "FLASHCLAIM_BANK_SECRET", "FLASHCLAIM_METRICS_TOKEN")
VARIABLES = {PREFIX + setting.name.upper() for setting in fields(Settings)}


def ran(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a checker, or skip the test where it is not installed; sbin is looked into too."""
    path = f"{os.environ['PATH']}:/usr/sbin:{Path(sys.executable).parent}"
    found = shutil.which(str(command[0]), path=path)
    if found is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run(
        [found, *command[1:]],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def command_parses(line: list[str]) -> None:
    """Fail unless this is a command of ours with arguments that it takes."""
    command: Any = typer.main.get_command(app)
    left, name = line, "flashclaim"
    while hasattr(command, "commands"):
        name, left = left[0], left[1:]
        assert name in command.commands, f"flashclaim {' '.join(line)}"
        command = command.commands[name]
    command.make_context(name, list(left))


def dockerfile() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined, comments dropped."""
    lines = [line for line in (DEPLOY / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1].strip()) for line in joined.splitlines() if line]


def copied() -> Iterator[tuple[str, str]]:
    """What comes from this folder into the image, and where it goes."""
    for instruction, rest in dockerfile():
        if instruction == "COPY" and not rest.startswith("--from"):
            *sources, target = rest.split()
            yield from ((source, target) for source in sources)


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    checked = ran("hadolint", DEPLOY / "Dockerfile")

    assert (checked.returncode, checked.stdout) == (0, "")


def test_the_image_holds_what_a_wheel_is_made_of_and_nothing_that_the_context_leaves_out(
    tmp_path: Path,
) -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    for source, target in copied():
        assert source in allowed
        place = tmp_path / target if target != "./" else tmp_path / source
        (shutil.copytree if (ROOT / source).is_dir() else shutil.copy)(ROOT / source, place)  # type: ignore[operator]

    built = ran(sys.executable, "-m", "build", "--no-isolation", "--wheel", tmp_path)

    assert built.returncode == 0, built.stdout + built.stderr
    with ZipFile(next((tmp_path / "dist").glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {"backend/api/app.py", "cli/main.py", "models/shipped/counter.onnx"} <= names


def test_the_image_starts_a_command_of_ours_as_no_root() -> None:
    instructions = dict(dockerfile())

    assert json.loads(instructions["ENTRYPOINT"]) == ["flashclaim"]
    command_parses(json.loads(instructions["CMD"]))
    assert instructions["USER"].split(":")[0] not in {"root", "0"}
    probe = json.loads(instructions["HEALTHCHECK"].partition(" CMD ")[2])
    compile(probe[2], "healthcheck", "exec")


def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((DEPLOY / "docker-compose.yml").read_text())
    return document


def test_every_service_of_ours_starts_a_command_of_ours_with_settings_of_ours() -> None:
    ours = {name: one for name, one in compose()["services"].items() if "flashclaim" in one["image"]}

    assert set(ours) == {"migrate", "api", "worker"}
    for service in ours.values():
        command_parses(service["command"])
        assert set(service["environment"]) <= VARIABLES
        assert (ROOT / "deploy" / service["build"]["context"] / service["build"]["dockerfile"]).exists()


def test_compose_takes_the_file_and_asks_for_every_secret(tmp_path: Path) -> None:
    kept = tmp_path / "env"
    kept.write_text("".join(f"{name}=x\n" for name in SECRETS))
    file = ("-f", str(DEPLOY / "docker-compose.yml"), "config")

    complete = ran("docker-compose", "--env-file", str(kept), *file)
    kept.write_text("")
    bare = ran("docker-compose", "--env-file", str(kept), *file)

    assert complete.returncode == 0, complete.stderr
    assert bare.returncode != 0
    named = re.findall(r"^(\w+)=$", (DEPLOY / "env.example").read_text(), re.MULTILINE)
    assert set(SECRETS) <= set(named)


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_a_unit_starts_a_command_of_ours_with_settings_of_ours(unit: Path) -> None:
    class Lists(dict[str, Any]):
        """systemd repeats keys; the last alone would hide what the others say."""

        def __setitem__(self, key: str, value: Any) -> None:
            if isinstance(value, list) and key in self:
                self[key].extend(value)
            else:
                super().__setitem__(key, value)

    reader = configparser.RawConfigParser(strict=False, dict_type=Lists, interpolation=None)
    reader.optionxform = str  # type: ignore[assignment,method-assign]
    reader.read(unit)
    service = reader["Service"]

    program, *line = service["ExecStart"].split()
    command_parses(line)
    assert program == "/opt/flashclaim/bin/flashclaim"
    assert {one.partition("=")[0] for one in service["Environment"].split()} <= VARIABLES


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_takes_a_unit_and_finds_it_shut_in(unit: Path, tmp_path: Path) -> None:
    # The program of the example is not on this machine: verify would stop at it.
    here = tmp_path / unit.name
    here.write_text(unit.read_text().replace("/opt/flashclaim/bin/flashclaim", sys.executable))

    verified = ran("systemd-analyze", "verify", here)
    judged = ran("systemd-analyze", "security", "--offline=true", here)

    assert (verified.returncode, verified.stderr.strip()) == (0, "")
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", judged.stdout)
    assert exposure is not None, judged.stdout + judged.stderr
    assert float(exposure[1]) < 2.5


def test_nginx_takes_the_proxys_file(tmp_path: Path) -> None:
    written = (DEPLOY / "proxy" / "nginx.conf").read_text()
    certificate_for(tmp_path)
    inner = written.replace("/etc/ssl/flashclaim", str(tmp_path)).replace(
        "443 ssl", f"unix:{tmp_path}/socket ssl"
    )
    whole = f"pid {tmp_path}/pid; error_log stderr; events {{}} http {{ access_log off; {inner} }}"
    (tmp_path / "whole.conf").write_text(whole)

    checked = ran("nginx", "-t", "-p", tmp_path, "-c", tmp_path / "whole.conf")

    assert checked.returncode == 0, checked.stderr
    assert "proxy_buffering off" in written
    assert "client_max_body_size 25m" in written


def test_caddy_takes_the_proxys_file() -> None:
    checked = ran("caddy", "adapt", "--adapter", "caddyfile", "--config", DEPLOY / "proxy" / "Caddyfile")

    assert checked.returncode == 0, checked.stderr


def test_prometheus_takes_its_files() -> None:
    checked = ran("promtool", "check", "config", "--syntax-only", DEPLOY / "prometheus" / "prometheus.yml")
    rules = ran("promtool", "check", "rules", DEPLOY / "prometheus" / "alerts.yml")

    assert checked.returncode == 0, checked.stderr
    assert rules.returncode == 0, rules.stderr


def alerts() -> list[dict[str, Any]]:
    document = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
    return [rule for group in document["groups"] for rule in group["rules"]]


def test_alerts_speak_of_metrics_that_there_are_and_of_chapters_that_there_are(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    engine.write(tables.metadata.create_all).result()
    figures = metrics.Figures(engine.read, utc_now)
    families = [*PROCESS.collect(), *figures.collect()]
    figures.close()
    engine.close()
    known = {family.name for family in families}
    chapters = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    anchors = {
        re.sub(r"[^\w -]", "", title.lower()).strip().replace(" ", "-")
        for title in re.findall(r"^#+ (.+)$", chapters, re.MULTILINE)
    }

    for alert in alerts():
        spoken = set(re.findall(r"flashclaim_\w+", alert["expr"]))
        assert {re.sub(r"_(count|bucket|sum)$", "", one) for one in spoken} <= known, alert["alert"]
        assert alert["annotations"]["runbook"].partition("#")[2] in anchors, alert["alert"]


def test_the_runbook_explains_every_metric(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    ours = {family.name for family in PROCESS.collect() if family.name.startswith("flashclaim_")}
    told = set(re.findall(r"flashclaim_[a-z_]+", Path(metrics.__file__).read_text(encoding="utf-8")))

    assert sorted(name for name in ours | told if name not in text) == []


def certificate_for(folder: Path) -> None:
    """A certificate that nginx can load; nobody trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "claims.example.cn")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
