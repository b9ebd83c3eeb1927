"""Which network an installation counts with, and through which predictor.

The environment comes first (a folder, a predictor), then the choice that the installation's database records, then the
one in ``model.json`` of the data folder, then the shipped network through onnxruntime. Server and worker ask when they
start, and write a recorded choice into ``model.json``, which commands without a database follow.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self  # a JSON document is untyped until it is read
from uuid import uuid4

from models.counter import Predictor
from models.installed import NotInstalled, find
from models.manifest import SHIPPED, WeightsUnusable, read_manifest
from models.predictors import NetworkCounter, load_counter

FILE = "model.json"
RECORD = "record"
"""Where a choice was read that the installation's database holds."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A network and a predictor, who chose them and when, and the two that counted before."""

    model: str
    sha256: str
    predictor: Predictor
    chosen_by: str
    chosen_at: datetime
    former: tuple[str, Predictor]

    @classmethod
    def of(cls, document: Any) -> Self:
        """Read a document that ``as_json`` made; raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            model=str(document["model"]),
            sha256=str(document["sha256"]),
            predictor=Predictor(document["predictor"]),
            chosen_by=str(document["chosen_by"]),
            chosen_at=datetime.fromisoformat(document["chosen_at"]),
            former=(str(document["former"]["model"]), Predictor(document["former"]["predictor"])),
        )

    def as_json(self) -> dict[str, object]:
        """The document in ``model.json``."""
        return {
            "model": self.model,
            "sha256": self.sha256,
            "predictor": self.predictor.value,
            "chosen_by": self.chosen_by,
            "chosen_at": self.chosen_at.isoformat(),
            "former": {"model": self.former[0], "predictor": self.former[1].value},
        }


@dataclass(frozen=True, slots=True)
class InUse:
    """What a server started now would count with, and where each half was said."""

    folder: Path
    predictor: Predictor
    folder_from: str
    predictor_from: str

    def load(self) -> NetworkCounter:
        """Load it.

        Raises:
            WeightsUnusable: The network is missing, has changed, or this predictor cannot run it.
            PredictorMissing: The vision extra is needed and not installed.
        """
        return load_counter(self.folder, self.predictor)


def read_choice(home: Path) -> Choice | None:
    """Return what was chosen in the data folder *home*; none where nothing was.

    Raises:
        WeightsUnusable: The file is there and is no choice.
    """
    path = home / FILE
    try:
        return Choice.of(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        why = f"not a choice of a network ({wrong!r})"
        raise WeightsUnusable(path, why, "flashclaim model use NAME@VERSION writes it anew") from wrong


def choose(
    home: Path, name: str, predictor: Predictor | None, *, by: str, at: datetime
) -> tuple[Choice, bool]:
    """Have the data folder *home* count with the network *name*, where no database records it.

    Returns and raises as ``prepare``; the file keeps who made a choice first.
    """
    choice, is_new = prepare(home, name, predictor, last_choice(home), by=by, at=at)
    if is_new:
        keep(home, choice)
    return choice, is_new


def last_choice(home: Path) -> Choice | None:
    """The choice in the data folder; none where there is none, or one that cannot be read and is to be replaced."""
    try:
        return read_choice(home)
    except WeightsUnusable:
        return None


def prepare(
    home: Path, name: str, predictor: Predictor | None, last: Choice | None, *, by: str, at: datetime
) -> tuple[Choice, bool]:
    """Return a choice of the network *name* that can be counted with; nothing is written.

    The network is loaded through the predictor, which finds whatever would stop the next start.

    Args:
        home: The data folder; need not be there.
        name: ``name@version``.
        predictor: None keeps the one that was chosen last.
        last: What was chosen before.
        by: Who chooses.
        at: When.

    Returns:
        The choice, and false where it is *last* itself.

    Raises:
        NotInstalled: There is no such network.
        WeightsUnusable: The network is faulty, or the predictor cannot run it.
        PredictorMissing: The vision extra is needed and not installed.
    """
    one = find(home, name)
    if one.fault:
        raise one.fault
    taken = predictor or (last.predictor if last else Predictor.ONNX)
    counter = load_counter(one.folder, taken)
    sha256 = counter.manifest.sha256
    if last and (last.model, last.sha256, last.predictor) == (name, sha256, taken):
        return last, False
    former = (last.model, last.predictor) if last else (read_manifest(SHIPPED).full_name, Predictor.ONNX)
    return Choice(name, sha256, taken, by, at, former), True


def keep(home: Path, choice: Choice) -> None:
    """Write the choice into the data folder; a reader sees the old file or the new one whole."""
    home.mkdir(parents=True, exist_ok=True)
    # A name of its own: two that are switched at once would take each other's away.
    part = home / f".{FILE}.{uuid4().hex}.part"
    part.write_text(json.dumps(choice.as_json(), indent=2) + "\n", encoding="utf-8")
    part.replace(home / FILE)


def in_use(
    home: Path, *, folder: Path | None = None, predictor: str = "", recorded: Choice | None = None
) -> InUse:
    """Return what counts here.

    Args:
        home: The data folder.
        recorded: The choice that the installation's database holds; it comes before the data folder's.
        folder: The network's folder that the environment names.
        predictor: The predictor that the environment names; empty where it names none.

    Raises:
        WeightsUnusable: The chosen network is gone or is not the one that was chosen, or the choice cannot be read.
    """
    environment = "environment"
    # A file that the environment overrules cannot stop a start.
    chosen = None if folder and predictor else recorded or read_choice(home)
    by_whom = "default" if chosen is None else RECORD if recorded else FILE
    return InUse(
        folder=folder or (_chosen_folder(home, chosen) if chosen else SHIPPED),
        predictor=Predictor(predictor) if predictor else chosen.predictor if chosen else Predictor.ONNX,
        folder_from=environment if folder else by_whom,
        predictor_from=environment if predictor else by_whom,
    )


def _chosen_folder(home: Path, chosen: Choice) -> Path:
    again = (
        "flashclaim model install FOLDER on this machine, or flashclaim model use NAME@VERSION for another"
    )
    try:
        one = find(home, chosen.model)
    except NotInstalled as gone:
        why = f"{chosen.model} was chosen on {chosen.chosen_at:%Y-%m-%d} and is not installed"
        raise WeightsUnusable(home / FILE, why, again) from gone
    if one.manifest and one.manifest.sha256 != chosen.sha256:
        why = f"{chosen.model} is another network than the one chosen on {chosen.chosen_at:%Y-%m-%d}"
        raise WeightsUnusable(home / FILE, why, again)
    return one.folder
