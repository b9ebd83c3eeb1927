"""``flashclaim model``: which networks are installed, how well they count, and which one does. Needs no server."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backend.domain.problems import InvalidInput
from cli.counters import refusing, settings_here, weights_problem
from cli.exits import Exit
from cli.model_compare import compare
from cli.model_dataset import app as dataset
from cli.model_eval import evaluate
from cli.model_switching import history, use
from cli.options import AsJson
from cli.render import print_json, refuse, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from backend.settings import Settings
    from models.choice import Choice, InUse
    from models.installed import Installed
    from models.manifest import WeightsUnusable

app = typer.Typer(help="Networks that count animals 清点模型.", no_args_is_help=True)

app.add_typer(dataset, name="dataset")
for command in (use, compare, history):
    app.command()(command)

_SHORT_HASH = 12


@app.callback()
def model() -> None:
    """Networks that count animals 清点模型."""


app.command("eval")(evaluate)


@dataclass(frozen=True, slots=True)
class _Here:
    """What is installed on this machine and what counts, or why nothing can."""

    networks: "Sequence[Installed]"
    used: "InUse | None"
    fault: "WeightsUnusable | None"

    @classmethod
    def looked_at(cls, settings: "Settings") -> "_Here":
        from models.choice import in_use
        from models.installed import installed, look_at
        from models.manifest import WeightsUnusable

        networks, own = list(installed(settings.data_folder)), settings.model_folder
        if own and own.resolve() not in {one.folder.resolve() for one in networks}:
            networks.append(look_at(own))
        try:
            used = in_use(
                settings.data_folder, folder=own, predictor=settings.predictor, recorded=_recorded(settings)
            )
        except WeightsUnusable as fault:
            return cls(networks, None, fault)
        chosen = next((one for one in networks if one.folder.resolve() == used.folder.resolve()), None)
        return cls(networks, used, chosen.fault if chosen else None)

    def counts(self, one: "Installed") -> bool:
        """Whether a server started now would count with this one."""
        return self.used is not None and self.used.folder.resolve() == one.folder.resolve()

    def as_json(self) -> dict[str, object]:
        used = next((one for one in self.networks if self.counts(one)), None)
        return {
            "models": [self._row(one) for one in self.networks],
            "in_use": None
            if self.used is None or used is None
            else {
                "model": used.name,
                "predictor": self.used.predictor,
                "model_from": self.used.folder_from,
                "predictor_from": self.used.predictor_from,
            },
            "fault": None if self.fault is None else weights_problem(self.fault),
        }

    def _row(self, one: "Installed") -> dict[str, object]:
        from models.predictors import usable

        manifest = one.manifest
        return {
            "model": one.name,
            "sha256": manifest.sha256 if manifest else None,
            "classes": list(manifest.classes) if manifest else None,
            "image_size": manifest.image_size if manifest else None,
            "predictors": list(usable()) if manifest else [],
            "in_use": self.counts(one),
            "shipped": one.is_shipped,
            "folder": str(one.folder),
            "fault": weights_problem(one.fault) if one.fault else None,
        }


def _recorded(settings: "Settings") -> "Choice | None":
    """What the database says, where it can be asked; else the data folder alone tells."""
    from backend.learning import recorded_choice

    return recorded_choice(settings)


@app.command("list")
def list_networks(as_json: AsJson = False) -> None:
    """List the installed networks, and which one counts here.

    Each is checked against its hash; a faulty one is listed with its fault. Exit code 1 where what should count is
    gone.

    Example: flashclaim model list --json
    """
    with refusing(as_json=as_json):
        settings = settings_here()
        here = _Here.looked_at(settings)
    if as_json:
        print_json(here.as_json())
    else:
        _print_table(here)
        for one in here.networks:
            if one.fault:
                say(f"{one.name}: {one.fault}")
    if here.fault and here.used is None and not as_json:
        say(f"{here.fault}")
    if here.fault:
        raise typer.Exit(Exit.FAILED)


@app.command()
def install(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="What models.export wrote.")],
    as_json: AsJson = False,
) -> None:
    """Copy a network of your own into the data folder, checked against its hash.

    It does not count yet: flashclaim model use does that.

    Example: flashclaim model install runs/own-farms
    """
    with refusing(as_json=as_json):
        from models.installed import install as put
        from models.manifest import WeightsUnusable

        try:
            one, is_new = put(settings_here().data_folder, folder)
        except WeightsUnusable as broken:
            if broken.file.exists():
                raise
            advice = {"next": "Name a folder that models.export wrote: a manifest and its network."}
            wrong = InvalidInput(f"{broken.file}: {broken.why}").as_json() | advice
            refuse(wrong, Exit.USAGE, as_json=as_json)
    if as_json:
        print_json({"model": one.name, "folder": str(one.folder), "changed": is_new})
        return
    say(f"{one.name} is installed in {one.folder}." if is_new else f"{one.name} was installed already.")
    say(f"To count with it: flashclaim model use {one.name}")


def _print_table(here: _Here) -> None:
    from rich.table import Column, Table

    from cli.screens.writing import console, text
    from models.predictors import usable

    table = Table(
        *(Column(name, no_wrap=True) for name in ("model", "sha256", "px", "predictors", "counts")),
        Column("classes", overflow="fold"),
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
        header_style="dim",
    )
    for one in here.networks:
        through = str(here.used.predictor) if here.used and here.counts(one) else ""
        if one.manifest:
            size, short = str(one.manifest.image_size), one.manifest.sha256[:_SHORT_HASH]
            classes = ", ".join(one.manifest.classes)
            table.add_row(text(one.name), short, size, "\n".join(usable()), through, text(classes))
        else:
            table.add_row(text(one.name), "-", "-", "-", through, "cannot be used")
    console().print(table)
