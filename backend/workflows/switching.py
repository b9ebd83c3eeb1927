"""Which network counts: recorded in the database, followed by every machine that opens it.

A switch that a person made leads. ``model.json`` in each data folder follows it at every start, and alone counts while
there is no database yet; the first start then records what it says, or the network that came with flashclaim.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.problems import Problem
from backend.store import model_switches
from backend.store.copying import snapshot
from backend.store.engine import DatabaseEngine, Transaction
from backend.store.migrate import current_revision, wanted_revision
from backend.store.model_switches import Network, Switch
from models.choice import Choice, InUse, keep, last_choice, prepare
from models.counter import Predictor
from models.manifest import SHIPPED, read_manifest

_SHIPPED_BY = "flashclaim"


class ComparisonNeeded(Problem):
    """Claims were paid on the counts of one network; another one is looked at on them first."""

    type = "/problems/comparison-needed"
    status = HTTPStatus.CONFLICT
    title = "The network has not been compared on past claims"
    next = "flashclaim model compare NAME@VERSION; or say why not: --without-comparison REASON."


@dataclass(frozen=True, slots=True)
class Switched:
    """What counts from the next start on; ``recorded`` is false while there is no database."""

    choice: Choice
    changed: bool
    recorded: bool
    comparison_id: int | None = None
    reason: str | None = None


def switch(
    engine: DatabaseEngine,
    home: Path,
    name: str,
    predictor: Predictor | None,
    *,
    by: str,
    at: datetime,
    without_comparison: str,
) -> Switched:
    """Have the whole installation count with the network *name*, and record who says so and what it rests on.

    Args:
        engine: Where it is recorded.
        home: This machine's data folder; its ``model.json`` is brought in line too.
        name: ``name@version``, installed on this machine.
        predictor: None keeps the one that stands.
        by: Who is signed in at the server's shell.
        at: When.
        without_comparison: Why the network was not compared on past claims; empty where it was, or need not be.

    Raises:
        ComparisonNeeded: Claims were paid here, the two networks were never compared, and nobody says why.
        NotInstalled, WeightsUnusable, PredictorMissing: As ``models.choice.prepare``.
    """
    last = chosen(engine.read(model_switches.standing, EVERYWHERE)) or last_choice(home)
    choice, _ = prepare(home, name, predictor, last, by=by, at=at)
    to = Network(choice.model, choice.sha256, choice.predictor.value)

    def work(connection: Transaction) -> Switch | None:
        model_switches.hold(connection)
        stands = model_switches.standing(connection)
        if stands and stands.chosen and stands.to == to:
            return None
        # A choice made before there was a database has its own former one, by name alone.
        former = stands.to if stands else _network(last) if last and _network(last) != to else _shipped()
        is_other = not to.counts_as(former)
        basis = model_switches.newest_comparison(connection, to, former) if is_other else None
        if is_other and basis is None and not without_comparison and model_switches.has_paid(connection):
            raise ComparisonNeeded(f"{to.model} was never compared with {former.model} on this installation")
        made = Switch(to, former, by, at, True, basis, without_comparison or None)
        model_switches.record(connection, made)
        return made

    made = engine.write(work).result()
    if made and made.former:
        choice = Choice(
            *(to.model, to.sha256, choice.predictor, by, at),
            (made.former.model, Predictor(made.former.predictor)),
        )
    keep(home, choice)
    if made is None:
        return Switched(choice, changed=False, recorded=True)
    return Switched(choice, True, True, made.comparison_id, made.reason)


def chosen(stands: Switch | None) -> Choice | None:
    """The recorded switch as a choice to count with; None where no person made one."""
    if stands is None or not stands.chosen:
        return None
    former = stands.former or stands.to
    return Choice(
        model=stands.to.model,
        sha256=stands.to.sha256,
        predictor=Predictor(stands.to.predictor),
        chosen_by=stands.by,
        chosen_at=stands.at,
        former=(former.model, Predictor(former.predictor)),
    )


def recorded(url: str) -> Choice | None:
    """The choice that the database at *url* holds; None where there is no schema of this version to ask.

    Raises:
        DatabaseUnreachable, DatabaseUnusable: With the server's reason.
    """
    if current_revision(url) != wanted_revision(url):
        return None
    with snapshot(url) as connection:
        return chosen(model_switches.standing(connection))


def follow(home: Path, recorded: Choice) -> None:
    """Bring the data folder's ``model.json`` in line with the record; a folder that takes no files is no hindrance."""
    if last_choice(home) != recorded:
        with suppress(OSError):
            keep(home, recorded)


def note_start(engine: DatabaseEngine, home: Path, used: InUse, version: str, at: datetime) -> None:
    """Record what counts where nothing says so yet: the choice of a data folder, or the network that came along.

    What the environment names is a matter of this one process, and is not recorded.
    """
    if "environment" in {used.folder_from, used.predictor_from}:
        return
    choice = last_choice(home)
    to = _network(choice) if choice else _shipped()

    def work(connection: Transaction) -> None:
        model_switches.hold(connection)
        stands = model_switches.standing(connection)
        if stands and (stands.chosen or stands.to == to):
            return
        former = stands.to if stands else None
        if choice:
            made = Switch(
                to, former, choice.chosen_by, choice.chosen_at, True, None, "chosen before it was recorded"
            )
        else:
            made = Switch(to, former, _SHIPPED_BY, at, False, None, f"came with flashclaim {version}")
        model_switches.record(connection, made)

    engine.write(work).result()


def _network(choice: Choice) -> Network:
    return Network(choice.model, choice.sha256, choice.predictor.value)


def _shipped() -> Network:
    manifest = read_manifest(SHIPPED)
    return Network(manifest.full_name, manifest.sha256, Predictor.ONNX.value)
