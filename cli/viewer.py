"""Opens a file with the system's own viewer, where there is one to see."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def open_outside(file: Path) -> bool:
    """Whether a viewer was started; over ssh there is none."""
    if sys.platform == "win32":
        os.startfile(file)  # noqa: S606 - our own file
        return True
    if sys.platform == "darwin":
        command = "open"
    elif os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        command = "xdg-open"
    else:
        return False
    program = shutil.which(command)
    if program is None:
        return False
    # The viewer outlives this command and must not write over its screen.
    subprocess.Popen(  # noqa: S603 - our own file, no shell
        [program, str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    return True
