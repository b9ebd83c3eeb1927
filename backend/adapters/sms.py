"""Text messages, as far as a file goes. A stub: nothing here reaches a phone.

It does what every gateway asks of its sender (the number's form, the split into parts), so that a real one only has to
carry what stands in the file. To connect one, use the webhook, or pass the file's lines on.
"""

import json
import os
from pathlib import Path

from backend.adapters.notices import Notice, NoticeRefused, NoticeUndelivered
from backend.domain.notices.phone import is_phone_number
from backend.domain.notices.text_message import is_gsm_7, parts


class SmsFile:
    """Appends each message as one line of JSON. Lines hold codes and numbers in clear: for the owner's eyes alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, notice: Notice) -> None:
        """See ``Notices.send``.

        Raises:
            NoticeRefused: ``to`` is not a number in the international form.
            NoticeUndelivered: The file cannot be written.
        """
        if not is_phone_number(notice.to):
            raise NoticeRefused("the number is not in the international form, such as +8613912345678")
        line = json.dumps(
            {
                "key": notice.key,
                "to": notice.to,
                "claim_number": notice.claim_number,
                "alphabet": "GSM-7" if is_gsm_7(notice.text) else "UCS-2",
                "parts": parts(notice.text),
            },
            ensure_ascii=False,
        )
        try:
            # One write a line: several threads and processes append.
            file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(file, f"{line}\n".encode("utf-8", "replace"))
            finally:
                os.close(file)
        except OSError as failure:
            raise NoticeUndelivered(f"the file cannot be written: {failure.strerror}") from failure
