"""A regulator's region 监管区域: a county, or all counties of a city or a province (GB/T 2260 administrative codes)."""

import re

_CODE = re.compile(r"[1-9]\d{5}")


def is_region(code: str) -> bool:
    """Whether it is written like a county (430121), a city (430100) or a province (430000)."""
    return _CODE.fullmatch(code) is not None


def lies_within(county: str, region: str) -> bool:
    """Whether a county belongs to a region; a county belongs to itself."""
    return county.startswith(_stem(region))


def _stem(region: str) -> str:
    for zeros in ("0000", "00"):
        if region.endswith(zeros):
            return region[: -len(zeros)]
    return region
