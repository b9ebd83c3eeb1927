"""What the commands of the counter share: which counter counts here, and how a faulty one is said."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from backend.domain.problems import InvalidInput, NotFound, Problem
from cli.exits import Exit
from cli.render import needs_extra, refuse

if TYPE_CHECKING:
    from backend.settings import Settings
    from models.manifest import WeightsUnusable
    from models.predictors import NetworkCounter


class NetworkNotInstalled(NotFound):
    """No network of that name and version is installed here."""

    type = "/problems/network-not-installed"
    title = "This network is not installed"
    next = "flashclaim model list names those there are; flashclaim model install FOLDER adds one."


class NetworkNameTaken(Problem):
    """Another network is installed under this name and version: their counts could not be told apart."""

    type = "/problems/network-name-taken"
    title = "Another network has this name and version"
    next = "Export yours again with a higher --version."


class PredictorNotInstalled(Problem):
    """The packages of the predictor are not installed."""

    type = "/problems/predictor-not-installed"
    title = "This predictor is not installed"
    next = "pip install 'flashclaim[server,vision]', or choose the predictor onnx."


class DataFolderUnusable(Problem):
    """A network or the choice of one cannot be read or written there."""

    type = "/problems/data-folder-unusable"
    title = "The data folder cannot be used"
    next = "Check the rights and the free space of FLASHCLAIM_DATA_FOLDER."


@contextmanager
def refusing(*, as_json: bool) -> Iterator[None]:
    """Say what keeps a counter from counting and what to do, and end the command."""
    with needs_extra("server"):
        from backend.settings import SettingUnusable
        from models.installed import NameTaken, NotInstalled
        from models.manifest import WeightsUnusable
        from models.predictors import PredictorMissing
    try:
        yield
    except WeightsUnusable as broken:
        refuse(weights_problem(broken), Exit.FAILED, as_json=as_json)
    except PredictorMissing as missing:
        refuse(PredictorNotInstalled(missing.why), Exit.FAILED, as_json=as_json)
    except NotInstalled as unknown:
        refuse(NetworkNotInstalled("installed network", unknown.name), Exit.NOT_FOUND, as_json=as_json)
    except NameTaken as taken:
        refuse(NetworkNameTaken(str(taken)), Exit.CONFLICT, as_json=as_json)
    except SettingUnusable as wrong:
        advice = {"next": "Mend the variable; docs/configuration.md lists them."}
        refuse(InvalidInput(str(wrong)).as_json() | advice, Exit.USAGE, as_json=as_json)
    except OSError as fault:
        why = DataFolderUnusable(f"{fault.filename}: {fault.strerror}")
        refuse(why, Exit.FAILED, as_json=as_json)


def settings_here() -> "Settings":
    """The settings of this process's environment.

    Raises:
        SettingUnusable: A FLASHCLAIM_ variable cannot be used.
    """
    from backend.settings import Settings

    return Settings.from_environment(os.environ)


def counter_here(model: str, predictor: str) -> "NetworkCounter":
    """Load the named network and predictor; where a name is empty, what a server started here would use.

    Raises:
        NotInstalled, WeightsUnusable, PredictorMissing, SettingUnusable: For ``refusing``.
    """
    from models.choice import in_use
    from models.installed import find

    settings = settings_here()
    folder = find(settings.data_folder, model).folder if model else settings.model_folder
    return in_use(settings.data_folder, folder=folder, predictor=predictor or settings.predictor).load()


def known_predictor(name: str, *, as_json: bool) -> str:
    """Return *name*, empty or a predictor's; end the command with a usage error for anything else."""
    from models.counter import Predictor

    if name and name not in set(Predictor):
        wrong = InvalidInput(f"--predictor {name} is neither {' nor '.join(Predictor)}")
        refuse(
            wrong.as_json() | {"next": "Leave it out, or name one of the two."}, Exit.USAGE, as_json=as_json
        )
    return name


def weights_problem(broken: "WeightsUnusable") -> dict[str, object]:
    """The problem document of a network that cannot be used."""
    return {
        "type": "/problems/weights-unusable",
        "status": 500,
        "title": "The counter's network cannot be used",
        "detail": f"{broken.file}: {broken.why}",
        "code": "weights-unusable",
        "next": broken.next,
        "errors": [],
    }
