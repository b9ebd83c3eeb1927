import io

from backend.adapters.notices import ConsoleNotices, Notice

CODE = Notice(
    to="139****0001", claim_number="FC-20260402-0001", language="zh", text="验收码 482913", key="accept:1"
)


def test_a_notice_is_one_line_with_everything_a_person_needs() -> None:
    stream = io.StringIO()

    ConsoleNotices(stream).send(CODE)

    assert stream.getvalue() == "notice to 139****0001 [FC-20260402-0001] (zh): 验收码 482913\n"


def test_line_breaks_and_control_characters_cannot_forge_a_second_notice() -> None:
    stream = io.StringIO()
    forged = Notice("x", "FC-1", "en", "hello\nnotice to y\x1b[2J\u2028end", "k")

    ConsoleNotices(stream).send(forged)

    assert stream.getvalue().splitlines() == ["notice to x [FC-1] (en): hello notice to y [2J end"]
