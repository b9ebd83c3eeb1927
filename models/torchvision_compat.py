"""Let ultralytics run where torch is a CPU build and the registry's torchvision fails to load.

Such a torchvision is compiled against another torch and dies with ``operator torchvision::nms does not exist``.
ultralytics needs of it nothing but ``nms``, which its own pure-torch routine can do.
"""

import os
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path
from tempfile import gettempdir
from types import ModuleType
from typing import Any


def prepare() -> None:
    """Make ``import ultralytics`` safe, offline and quiet; call it before the first such import.

    Sets the environment that ultralytics reads while it is imported (no downloads, no automatic installs, checkpoints
    loaded without running code) and stands a stub in for a torchvision that cannot load. Idle where torchvision works.
    """
    os.environ.setdefault("YOLO_OFFLINE", "1")
    os.environ.setdefault("YOLO_AUTOINSTALL", "0")
    os.environ.setdefault("ULTRALYTICS_SAFE_LOAD", "1")
    cache = Path(os.environ.setdefault("YOLO_CONFIG_DIR", str(Path(gettempdir()) / "flashclaim-ultralytics")))
    cache.mkdir(parents=True, exist_ok=True)
    try:
        import torchvision  # noqa: F401
    except (RuntimeError, ImportError):
        _stand_in()


def prepare_to_serve() -> None:
    """Import ultralytics into a server or a command, silently and without its change to Pillow.

    ultralytics replaces ``PIL.Image.open`` for the whole process by one that answers a file which is no picture with
    ``ModuleNotFoundError``, as it looks for another HEIF plugin: the original is put back.

    Raises:
        ModuleNotFoundError: torch or ultralytics is not installed.
    """
    from PIL import Image

    # It would greet on stdout, where commands print their one JSON document.
    os.environ.setdefault("YOLO_VERBOSE", "false")
    prepare()
    opens = Image.open
    try:
        import ultralytics.models.yolo.detect  # noqa: F401
    finally:
        Image.open = opens


def _stand_in() -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
        del sys.modules[name]
    package, ops = ModuleType("torchvision"), ModuleType("torchvision.ops")
    # importlib.util.find_spec, which torch calls, refuses a module whose __spec__ is None.
    package.__spec__ = ModuleSpec("torchvision", loader=None, is_package=True)
    ops.__spec__ = ModuleSpec("torchvision.ops", loader=None)
    package.__path__ = []
    vars(package).update(__version__="0.0.0", ops=ops)
    vars(ops).update(nms=_nms)
    sys.modules.update({"torchvision": package, "torchvision.ops": ops})


def _nms(boxes: Any, scores: Any, iou_threshold: float) -> Any:  # tensors: torch is optional here
    from ultralytics.utils.nms import TorchNMS

    return TorchNMS.nms(boxes, scores, iou_threshold)
