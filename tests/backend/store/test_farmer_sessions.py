"""The law of families: whatever a farmer and a thief do in whatever order, one chain of tokens lives, or none."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.domain.authority.sight import EVERYWHERE
from backend.domain.ids import FarmId, PolicyNumber
from backend.domain.sign_in.codes import GOOD_FOR, MOST_TRIES
from backend.domain.sign_in.family import GRACE, LONGEST, Verdict
from backend.domain.sign_in.words import CodeFor, Way
from backend.store import contacts, farmer_codes, farmer_sessions
from backend.store.contacts import Contact
from backend.store.farmer_sessions import Bearer, Refreshed, TokenPair
from backend.store.farmer_tables import farmer_codes as codes_table
from backend.store.farmer_tables import farmer_sessions as sessions_table
from backend.store.farmer_tables import farmer_tokens
from tests.backend.store.county import County
from tests.builders import a_policy

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FARM = FarmId(a_policy().farm_id)


class Family:
    """One session, and every token of it that anybody ever got."""

    def __init__(self, county: County, *, policy: PolicyNumber | None = None) -> None:
        self.county, self.id, self.given = county, uuid4(), 1
        farms = () if policy else (FARM,)
        pair = self.pair(1)
        county.store.submit(
            lambda c: farmer_sessions.open_session(
                c, self.id, pair, county.clock(), device="", policy=policy, farms=farms
            )
        ).result()

    def pair(self, number: int) -> TokenPair:
        now = self.county.clock()
        return TokenPair(
            f"a{self.id}{number}"[:64], now + 15 * MINUTE, f"r{self.id}{number}"[:64], now + 30 * DAY
        )

    def refresh(self, number: int) -> Refreshed | None:
        new, now = self.pair(self.given + 1), self.county.clock()
        shown = f"r{self.id}{number}"[:64]
        done = self.county.store.submit(lambda c: farmer_sessions.refresh(c, shown, new, now)).result()
        if done and done.verdict is not Verdict.REUSED:
            self.given += 1
        return done

    def bearer(self, number: int) -> Bearer | None:
        shown, now = f"a{self.id}{number}"[:64], self.county.clock()
        return self.county.store.engine.read(lambda c: farmer_sessions.bearer(c, shown, now), EVERYWHERE)

    def use(self, number: int) -> bool:
        found, now = self.bearer(number), self.county.clock()
        if found:
            place = found.place
            self.county.store.submit(lambda c: farmer_sessions.touch(c, self.id, place, now)).result()
        return found is not None

    @property
    def is_over(self) -> bool:
        [row] = [one for one in self.county.rows(sessions_table) if one.id == self.id]
        return row.ended_at is not None


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("refresh"), st.integers(0, 3)),
        st.tuples(st.just("use"), st.integers(0, 3)),
        st.tuples(st.just("wait"), st.integers(1, 120)),
    ),
    max_size=14,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_law_of_a_family_one_chain_lives_or_none(county: County, moves: list[tuple[str, int]]) -> None:
    family, spent, used = Family(county), dict[int, int](), set[int]()
    newest, is_over, seconds = 1, False, 0

    for what, amount in moves:
        number = max(1, family.given - amount)
        if what == "wait":
            county.clock.move(timedelta(seconds=amount))
            seconds += amount
        elif what == "use":
            if family.use(number):
                assert not is_over
                used.add(number)
        else:
            done = family.refresh(number)
            if is_over:
                assert done is None
            elif number == newest:
                assert done is not None
                assert done.verdict is Verdict.NEXT
                spent[number], newest = seconds, family.given
            elif (
                number in spent
                and number == newest - 1
                and newest not in used
                and seconds - spent[number] <= GRACE.total_seconds()
            ):
                assert done is not None
                assert done.verdict is Verdict.AGAIN
                newest = family.given
            else:
                assert done is not None
                assert done.verdict is Verdict.REUSED
                is_over = True
        assert family.is_over is is_over

    if is_over:
        assert not any(family.bearer(number) for number in range(1, family.given + 1))


def test_a_session_acts_for_its_farms_policies_or_for_its_cards_alone(county: County) -> None:
    by_phone, by_card = Family(county), Family(county, policy=a_policy().number)

    phone, card = by_phone.bearer(1), by_card.bearer(1)

    assert phone is not None
    assert card is not None
    assert (phone.way, len(phone.policies)) == (Way.PHONE, 2)
    assert (card.way, card.policies) == (Way.CARD, {a_policy().number})


def test_an_access_token_ends_by_itself_and_a_year_ends_the_session(county: County) -> None:
    family = Family(county)

    county.clock.move(15 * MINUTE)

    assert family.bearer(1) is None
    for _ in range(13):
        assert family.refresh(family.given) is not None
        county.clock.move(29 * DAY)
    assert 13 * 29 * DAY > LONGEST
    assert family.refresh(family.given) is None


def test_what_nobody_can_come_with_any_more_is_forgotten(county: County) -> None:
    Family(county)
    county.store.submit(
        lambda c: farmer_codes.put(c, uuid4(), CodeFor.SIGN_IN, FARM, county.clock() + GOOD_FOR)
    ).result()
    county.clock.move(31 * DAY)

    county.store.submit(lambda c: farmer_sessions.forget_old(c, county.clock())).result()

    assert not county.rows(farmer_tokens)
    assert not county.rows(sessions_table)
    assert not county.rows(codes_table)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(guesses=st.lists(st.sampled_from(["right", "wrong"]), min_size=1, max_size=9))
def test_law_of_guesses_none_beyond_the_tries_succeeds(county: County, guesses: list[str]) -> None:
    request, ends_at = uuid4(), county.clock() + GOOD_FOR
    county.store.submit(lambda c: farmer_codes.put(c, request, CodeFor.SIGN_IN, FARM, ends_at)).result()
    county.store.submit(lambda c: farmer_codes.keep(c, request, "right", county.clock())).result()

    opened = [spend(county, request, guess) for guess in guesses]

    first_right = guesses.index("right") if "right" in guesses else len(guesses)
    is_in_time = first_right < min(len(guesses), MOST_TRIES)
    assert opened.count(True) == int(is_in_time)
    assert not any(opened[MOST_TRIES:])


@pytest.mark.parametrize("late", [GOOD_FOR, GOOD_FOR + MINUTE])
def test_a_code_ends_after_five_minutes(county: County, late: timedelta) -> None:
    request, ends_at = uuid4(), county.clock() + GOOD_FOR
    county.store.submit(lambda c: farmer_codes.put(c, request, CodeFor.SIGN_IN, FARM, ends_at)).result()
    county.store.submit(lambda c: farmer_codes.keep(c, request, "right", county.clock())).result()

    county.clock.move(late)

    assert not spend(county, request, "right")


def test_the_code_of_one_purpose_is_none_for_another(county: County) -> None:
    request, ends_at = uuid4(), county.clock() + GOOD_FOR
    county.store.submit(lambda c: farmer_codes.put(c, request, CodeFor.SIGN_IN, FARM, ends_at)).result()
    county.store.submit(lambda c: farmer_codes.keep(c, request, "right", county.clock())).result()

    assert not spend(county, request, "right", CodeFor.PAYEE)


def test_a_number_finds_every_farm_that_has_it(county: County) -> None:
    county.store.submit(lambda c: contacts.put(c, FARM, Contact("+8613912345678"))).result()

    def farms(phone: str) -> tuple[FarmId, ...]:
        return county.store.engine.read(lambda c: contacts.farms_with_phone(c, phone), EVERYWHERE)

    assert farms("+8613912345678") == (FARM,)
    assert farms("+8613912345679") == ()


def spend(county: County, request: UUID, code: str, purpose: CodeFor = CodeFor.SIGN_IN) -> bool:
    now = county.clock()
    return county.store.submit(lambda c: farmer_codes.spend(c, request, purpose, code, now)).result()
