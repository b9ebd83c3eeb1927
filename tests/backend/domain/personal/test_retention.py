"""How long the law has personal data kept."""

from datetime import date

from backend.domain.personal.retention import LONG_COVER, SHORT_COVER, VOUCHERS, file_kept, voucher_kept


def test_the_file_of_a_cover_of_a_year_is_kept_for_five_years_from_its_end() -> None:
    kept = file_kept(date(2026, 3, 1), date(2027, 2, 28))

    assert (kept.until, kept.source) == (date(2032, 2, 28), SHORT_COVER.source)


def test_the_file_of_a_longer_cover_is_kept_for_ten() -> None:
    kept = file_kept(date(2026, 3, 1), date(2027, 3, 1))

    assert (kept.until, kept.source) == (date(2037, 3, 1), LONG_COVER.source)


def test_a_leap_day_ends_a_day_later_never_sooner() -> None:
    assert file_kept(date(2027, 3, 1), date(2028, 2, 29)).until == date(2033, 3, 1)
    assert file_kept(date(2028, 2, 29), date(2029, 2, 28)).source == SHORT_COVER.source


def test_vouchers_are_kept_from_the_end_of_their_year() -> None:
    assert voucher_kept(date(2026, 1, 2)).until == date(2056, 12, 31)
    assert voucher_kept(date(2026, 12, 31), 0).until == date(2026, 12, 31)
    assert VOUCHERS.years == 30
