"""Options and arguments that several commands share, so that they read and behave alike."""

from datetime import datetime
from typing import Annotated

import typer

from backend.domain.words import Lane
from backend.texts.load import Language

ClaimName = Annotated[str, typer.Argument(metavar="CLAIM", help="Claim number or id.")]
ProfileName = Annotated[
    str,
    typer.Option(
        "--profile", envvar="FLASHCLAIM_PROFILE", help="Whose sign-in of this machine to use.", metavar="NAME"
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")]
Reading = Annotated[
    Language | None, typer.Option("--language", help="Of sentences; as the terminal's where left out.")
]
InLane = Annotated[Lane | None, typer.Option("--lane", help="Your own where left out.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="In words, kept with the decision.")]
Why = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, in words, kept with the claim.")]
OfficerName = Annotated[str, typer.Argument(metavar="OFFICER", help="An officer's id.")]
WhichOfficer = Annotated[
    str | None, typer.Option("--officer", metavar="ID", help="A colleague's; an administrator's to ask.")
]
From = Annotated[
    datetime | None, typer.Option("--at", help="Local time from which it counts; now where left out.")
]
PlainKey = Annotated[
    bool,
    typer.Option("--no-passphrase", help="Keep the key as a plain file: for machines that only you reach."),
]
Photos = Annotated[
    list[str] | None, typer.Argument(metavar="PHOTO...", help="JPEG, HEIC, PNG or WebP files.")
]
Place = Annotated[str, typer.Option("--at", metavar="LON,LAT", help="Where the photos were taken, WGS 84.")]
Accuracy = Annotated[
    float | None,
    typer.Option("--accuracy", metavar="M", help="Radius in metres that holds the place with 68 %."),
]
NetworkName = Annotated[
    str, typer.Option("--model", metavar="NAME@VERSION", help="An installed network: flashclaim model list.")
]
PredictorName = Annotated[
    str, typer.Option("--predictor", metavar="onnx|ultralytics", help="Who finds the boxes.")
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=200, help="At most so many rows.")]
FailEmpty = Annotated[bool, typer.Option("--fail-empty", help="Exit code 8 when there is nothing.")]
ImportFile = Annotated[str, typer.Argument(metavar="FILE", help="The file; its ending says what it is.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing; show what would change.")]
SkipRefused = Annotated[
    bool, typer.Option("--skip-refused", help="Write the good rows although others are refused.")
]
Encoding = Annotated[str, typer.Option("--encoding", metavar="NAME", help="Of the texts, such as gbk.")]
Layer = Annotated[
    str, typer.Option("--layer", metavar="NAME", help="One layer of the file; else all of them.")
]
ColumnMap = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="THEIRS=OURS", help="Which column is which field; repeat."),
]
TokenFile = Annotated[
    str, typer.Option("--tokens", metavar="FILE", help="Make tokens for the new rows and write them here.")
]

DEFAULT_PROFILE = "default"
