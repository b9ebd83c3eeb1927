"""What this process measures about itself: one registry of counters and histograms, read by ``/metrics``.

Figures of the installation, computed from the database, are in ``backend.insight.metrics``. To measure something new,
declare it here and observe it where it happens. Labels come from our own lists, never from what a caller sent.
"""

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
)

# A creation time for every series would double the text for nothing that Prometheus needs.
disable_created_metrics()  # type: ignore[no-untyped-call]
PROCESS = CollectorRegistry()

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds; 0.2 is the target of the API's 95th percentile."""
_SIZES = (1, 2, 4, 8, 16, 32, 64)

BUILD = Info("flashclaim_build", "What runs here: version, Python, database, counter.", registry=PROCESS)
REQUEST_SECONDS = Histogram(
    "flashclaim_http_request_duration_seconds",
    "From a request's arrival to the end of its answer; event streams are not in it.",
    ("method", "route", "status"),
    buckets=_QUICK,
    registry=PROCESS,
)
REQUEST_BYTES = Counter(
    "flashclaim_http_request_body_bytes",
    "Bytes of bodies received, photos above all.",
    ("method", "route"),
    registry=PROCESS,
)
REQUESTS_IN_PROGRESS = Gauge(
    "flashclaim_http_requests_in_progress", "Requests being answered, event streams too.", registry=PROCESS
)
STREAMS_OPEN = Gauge(
    "flashclaim_http_event_streams_open", "Server-sent event streams being read.", registry=PROCESS
)
EFFECT_SECONDS = Histogram(
    "flashclaim_effect_duration_seconds",
    "One attempt at an effect, by how it ended: finished, postponed, failed, buried.",
    ("kind", "outcome"),
    buckets=_QUICK,
    registry=PROCESS,
)
EFFECTS_IN_HAND = Gauge("flashclaim_effects_in_hand", "Effects being carried out.", registry=PROCESS)
PHOTO_SECONDS = Histogram(
    "flashclaim_photo_verification_duration_seconds",
    "Everything about one photo: reading, decoding, counting, fence.",
    buckets=_QUICK,
    registry=PROCESS,
)
COUNT_SECONDS = Histogram(
    "flashclaim_photo_count_duration_seconds",
    "The model's share of it: counting the animals on one photo.",
    ("counter",),
    buckets=_QUICK,
    registry=PROCESS,
)
COMMIT_SECONDS = Histogram(
    "flashclaim_database_commit_duration_seconds",
    "One commit with everything in it, until it is durable.",
    buckets=_QUICK,
    registry=PROCESS,
)
COMMIT_JOBS = Histogram(
    "flashclaim_database_commit_jobs",
    "Commands that shared one commit.",
    buckets=_SIZES,
    registry=PROCESS,
)
VERSION_CLASHES = Counter(
    "flashclaim_database_version_clashes",
    "Decisions made again because another writer was first.",
    registry=PROCESS,
)
CONNECTIONS_OPEN = Gauge(
    "flashclaim_database_connections_open", "Database connections of this process.", registry=PROCESS
)
CONNECTIONS_IN_USE = Gauge(
    "flashclaim_database_connections_in_use", "Of these, the ones at work.", registry=PROCESS
)
ProcessCollector(registry=PROCESS)


def committed(seconds: float, *, jobs: int) -> None:
    """One transaction with this many commands is durable, or has failed as a whole."""
    COMMIT_SECONDS.observe(seconds)
    COMMIT_JOBS.observe(jobs)
