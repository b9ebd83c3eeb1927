"""Logs: one event a line as JSON on stderr, named ``noun.past_tense``; no name, account or precise position."""

import sys

import structlog


def configure_logs() -> None:
    """Set up structlog for a server or worker process."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
