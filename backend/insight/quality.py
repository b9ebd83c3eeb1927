"""The service quality index 服务质量指数: published figures, weights and formula (``service_index``), nothing else."""

from datetime import datetime

from sqlalchemy import Connection

from backend.domain.quality.figure import FORMULA, TARGET_MS, shown, weighed_mean
from backend.domain.quality.heard import Heard
from backend.insight.gathered import Group, gather
from backend.insight.heard import hear
from backend.insight.wanted import Wanted
from backend.service_index.load import weights
from backend.store.day_pack import epoch_ms

Document = dict[str, object]


def quality(connection: Connection, wanted: Wanted, now: datetime) -> Document:
    """The index of the claims that are wanted with everything it is made of, and the index of each group."""
    found, heard = gather(connection, wanted, epoch_ms(now)), hear(connection, wanted, now)
    raw = raw_figures(found.whole, heard.whole)
    return {
        "as_of": now.isoformat(),
        "filter": wanted.as_json(),
        "claims": found.whole.total("claims"),
        "index": index(found.whole, heard.whole),
        "formula": FORMULA,
        "figures": [shown(one, raw[one.name]) for one in weights()],
        "voices": heard.whole.as_json(),
        "groups": [
            {"group": name, "claims": group.total("claims"), "index": index(group, heard.of(name))}
            for name, group in sorted(found.groups.items())
        ],
    }


def index(group: Group, heard: Heard) -> float | None:
    """0 to 100 with one place; None where no figure is known."""
    raw = raw_figures(group, heard)
    return weighed_mean([(one, raw[one.name]) for one in weights()])


def raw_figures(group: Group, heard: Heard) -> dict[str, float | None]:
    """What the index is made of, by name; None where there is no claim, or too few voices, that could say."""
    way, claims = group.way, group.total("claims")
    p90 = way.quantile_ms(0.9).value
    unreached = next(one.worst for one in weights() if one.name == "p90_seconds") if way.count else None
    promised = group.total("paid") + group.overdue
    return {
        "paid_within_15_min": way.through_within(TARGET_MS).value,
        "p90_seconds": unreached if p90 is None else p90 / 1000,
        "kept_promises": group.total("paid_in_time") / promised if promised else None,
        "asked_again": group.total("asked") / claims if claims else None,
    } | heard.raw(weights())
