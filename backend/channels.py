"""From settings to the ways over which people are told."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TextIO
from urllib.parse import urlsplit

from backend.adapters.notices import ConsoleNotices, Notices
from backend.adapters.signed_post import read_secrets
from backend.adapters.sms import SmsFile
from backend.adapters.webhook import WebhookNotices
from backend.domain.notices.channels import Channel
from backend.settings import PREFIX, Settings, SettingUnusable

Clock = Callable[[], datetime]


def webhook_secrets(settings: Settings) -> tuple[bytes, ...]:
    """What signs the webhook's notices; nothing where that channel was not chosen.

    Raises:
        SettingUnusable: The webhook lacks an address or a secret, or would travel in the clear.
    """
    if Channel.WEBHOOK not in settings.notices:
        return ()
    url = settings.webhook_url
    if not url:
        raise SettingUnusable(f"{PREFIX}WEBHOOK_URL", url, "an address, which the channel webhook needs")
    if urlsplit(url).scheme != "https" and not settings.webhook_allow_private:
        wanted = f"an https URL; {PREFIX}WEBHOOK_ALLOW_PRIVATE=1 allows http"
        raise SettingUnusable(f"{PREFIX}WEBHOOK_URL", url, wanted)
    file = settings.webhook_secret_file
    variable = f"{PREFIX}WEBHOOK_SECRET{'_FILE' if file else ''}"
    try:
        return read_secrets(file.read_text(encoding="utf-8") if file else settings.webhook_secret)
    except (OSError, ValueError) as wrong:
        # The value itself stays out of words that are logged.
        raise SettingUnusable(variable, str(file or "…"), f"usable: {_why(wrong)}") from None


@contextmanager
def open_channels(
    settings: Settings, secrets: tuple[bytes, ...], stream: TextIO, clock: Clock
) -> Iterator[Mapping[Channel, Notices]]:
    """The chosen channels in their order, closed again in the end.

    Args:
        settings: What this installation is.
        secrets: See ``webhook_secrets``.
        stream: Where the console prints.
        clock: The moment of a sending.
    """
    webhook = WebhookNotices(
        settings.webhook_url,
        secrets,
        clock,
        allow_private=settings.webhook_allow_private,
        source=settings.public_url or "/flashclaim",
    )
    known: Mapping[Channel, Notices] = {
        Channel.CONSOLE: ConsoleNotices(stream),
        Channel.WEBHOOK: webhook,
        Channel.SMS: SmsFile(settings.text_messages),
    }
    try:
        yield {channel: known[channel] for channel in settings.notices}
    finally:
        webhook.close()


def to_officers(channels: Mapping[Channel, Notices], stream: TextIO) -> Notices:
    """The way to service officers: the insurer's own system knows them, a text message reaches farmers alone.

    Args:
        channels: Those that are open.
        stream: Where it is printed if no system of the insurer's is connected.
    """
    return channels.get(Channel.WEBHOOK) or ConsoleNotices(stream)


def _why(wrong: Exception) -> str:
    if isinstance(wrong, OSError):
        return f"it cannot be read ({wrong.strerror})"
    return "it is no text" if isinstance(wrong, UnicodeDecodeError) else str(wrong)
