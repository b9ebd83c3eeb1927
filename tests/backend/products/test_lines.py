"""Where the keys of a TOML file stand."""

import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.products.lines import line_at, lines_of

# "a" and "rows" head tables below: as keys of values they would make the document no TOML.
KEYS = st.one_of(st.from_regex(r"[a-z0-9_-]{1,4}", fullmatch=True), st.text(max_size=3)).filter(
    lambda key: key not in ("a", "rows")
)
SCALARS = st.one_of(
    st.integers(-9, 9).map(str),
    st.booleans().map(lambda found: str(found).lower()),
    st.just("2026-03-01"),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=4).map(
        lambda found: '"' + found.replace("\\", "\\\\").replace('"', '\\"') + '"'
    ),
    st.sampled_from(["'''a\n#b'''", '"""x\n[y]\n"z" """', "'#'", '"""a""""']),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[ # one\n" + ",\n".join(items) + "\n]"),
        st.dictionaries(st.sampled_from("pqr"), inner, max_size=2).map(
            lambda table: "{ " + ", ".join(f"{key} = {value}" for key, value in table.items()) + " }"
        ),
    ),
    max_leaves=5,
)


def pointers(found: object, above: str = "") -> Iterator[str]:
    yield above
    if isinstance(found, dict):
        for key, value in found.items():
            yield from pointers(value, f"{above}/{key.replace('~', '~0').replace('/', '~1')}")
    if isinstance(found, list):
        for place, value in enumerate(found):
            yield from pointers(value, f"{above}/{place}")


def quoted(key: str) -> str:
    return '"' + "".join(f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else sign for sign in key) + '"'


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = [f"{quoted(key)} = {draw(VALUES)}" for key in draw(st.lists(KEYS, unique=True, max_size=3))]
    for place in range(draw(st.integers(0, 3))):
        head = draw(
            st.sampled_from([f"[table-{place}]", "[[rows]]", "[[rows]]\n[rows.inside]", "[a . 'b.c']"])
        )
        if head in lines and not head.startswith("[["):
            continue
        lines += ["", "# what follows", head, f"x.y = {draw(VALUES)} # here", f"z = {draw(VALUES)}"]
    return "\n".join(lines)


@given(documents())
def test_every_key_that_toml_reads_has_a_line_and_no_other(text: str) -> None:
    assert set(lines_of(text)) == set(pointers(tomllib.loads(text)))


@pytest.mark.parametrize(
    ("pointer", "written"),
    [
        ("", "# Fattening pigs"),
        ("/name", 'name = "pig-bands"'),
        ("/method", "[method]"),
        ("/method/kind", "kind ="),
        ("/method/bands", "bands = ["),
        ("/method/bands/2", '{ from_kg = "40"'),
        ("/method/bands/2/percent", '{ from_kg = "40"'),
        ("/method/bands/4/to_kg", '{ from_kg = "90"'),
        ("/subsidies/pig", 'pig = "800.00"'),
        ("/no/such/key", "# Fattening pigs"),
    ],
)
def test_a_key_is_found_where_it_is_written(pointer: str, written: str) -> None:
    text = (files("backend.products") / "pig-bands-1.toml").read_text(encoding="utf-8")

    line = line_at(lines_of(text), pointer)

    assert text.splitlines()[line - 1].strip().startswith(written)


def test_lines_of_a_file_with_carriage_returns_are_counted_alike() -> None:
    assert lines_of('a = 1\r\n[b]\r\nc = "x"\r\n') == {"": 1, "/a": 1, "/b": 2, "/b/c": 3}
