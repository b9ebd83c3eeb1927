"""The text of ``docs/licences.md``: what flashclaim is installed with, under which licences, and whether that may be.

Versions come from the lock, licences from what each package says of itself in this environment. Run:
``python -m scripts.licences`` to write it, with ``--check`` to compare.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "licences.md"
LOCK = ROOT / "requirements" / "server.lock"
# May be combined with AGPL-3.0-or-later (https://www.gnu.org/licenses/license-list.html).
ALLOWED = frozenset(
    {
        *(
            "0BSD",
            "Apache-2.0",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "BSD",
            "ISC",
            "MIT",
            "MIT-0",
            "MIT-CMU",
            "Zlib",
        ),
        *(
            "PSF-2.0",
            "MPL-2.0",
            "LGPL-3.0-only",
            "LGPL-3.0",
            "LGPL-2.1",
            "Unlicense",
            "CC0-1.0",
            "Unicode-3.0",
        ),
    }
)
# How packages that give no SPDX expression say it.
_SAID = {
    "MIT License": "MIT",
    "MIT": "MIT",
    "BSD License": "BSD",
    "BSD": "BSD",
    "BSD 3-Clause": "BSD-3-Clause",
    "BSD 3-Clause License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "PSFL": "PSF-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
}
HEAD = """# Licences

What the extras `server` and `postgres` install (the command line alone installs a part of it), by
`requirements/server.lock`. flashclaim itself is AGPL-3.0-or-later; files that come with it are named in
[NOTICE](../NOTICE) and `backend/web/static/vendored.toml`. The wheel of pillow-heif carries libheif and libde265
(LGPL-3.0) and x265 (GPL-2.0-or-later). The extra `vision` adds ultralytics (AGPL-3.0) and torch (BSD-3-Clause).

Written by `python -m scripts.licences`; a test compares, and fails on a licence that is not allowed
beside ours. `scripts/sbom` writes the same as a CycloneDX document.

| package | version | licence |
|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Package:
    """One locked package."""

    name: str
    version: str
    licence: str

    @property
    def is_allowed(self) -> bool:
        """Whether one of the licences that it offers may be combined with ours, and all that it demands."""
        offered = re.split(r"\s+OR\s+", self.licence.replace("(", "").replace(")", ""))
        return any(set(re.split(r"\s+AND\s+", one)) <= ALLOWED for one in offered)


def packages() -> Iterator[Package]:
    """Those of the lock that are installed on a machine like this one."""
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if not line or line[0] in " #":
            continue
        wanted = Requirement(line.removesuffix("\\").strip())
        if wanted.marker and not wanted.marker.evaluate():
            continue
        version = str(wanted.specifier).removeprefix("==")
        yield Package(wanted.name, version, _licence(distribution(wanted.name)))


def text() -> str:
    """The page."""
    rows = (f"| {one.name} | {one.version} | {one.licence} |" for one in packages())
    return HEAD + "\n".join(rows) + "\n"


def _licence(installed: Distribution) -> str:
    said = installed.metadata
    if expression := said.get("License-Expression"):
        return expression
    classifiers = [
        one.rsplit(" :: ", 1)[1]
        for one in said.get_all("Classifier", [])
        if one.startswith("License :: ") and one != "License :: OSI Approved"
    ]
    words = classifiers or [
        str(said.get("License", "")).strip().splitlines()[0] if said.get("License") else "unsaid"
    ]
    return " AND ".join(sorted({_SAID.get(one, one) for one in words}))


def main() -> int:
    """Write or compare."""
    if "--check" in sys.argv[1:]:
        return int(PAGE.read_text(encoding="utf-8") != text())
    PAGE.write_text(text(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
