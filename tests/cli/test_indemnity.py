"""``flashclaim indemnity quote`` as scripts of other people call it (formats.md)."""

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.indemnity import app

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
QUOTES = sorted((EXAMPLES / "quotes").glob("*.json"))
PUBLISHED = json.loads((EXAMPLES / "pig-bands.json").read_text(encoding="utf-8"))


def run(*arguments: str, given: str | bytes | None = None) -> Result:
    return CliRunner().invoke(app, ["quote", *arguments], input=given)


def ask(document: object) -> Result:
    return run("-", "--json", given=json.dumps(document))


def wrong_fields(document: object) -> dict[str, str]:
    answer = ask(document)
    assert answer.exit_code == 2, answer.output
    return {error["pointer"]: error["detail"] for error in json.loads(answer.stdout)["errors"]}


def changed(path: str, value: object) -> dict[str, object]:
    """The published loss with one field changed; ``...`` leaves it out."""
    document = copy.deepcopy(PUBLISHED)
    *above, last = path.strip("/").split("/")
    place = document
    for step in above:
        place = place[_key(place, step)]
    if value is ...:
        del place[_key(place, last)]
    else:
        place[_key(place, last)] = value
    return document


def _key(place: object, step: str) -> str | int:
    return int(step) if isinstance(place, list) else step


@pytest.mark.parametrize("expected", QUOTES, ids=lambda path: path.stem)
def test_every_example_gives_the_quote_beside_it(expected: Path) -> None:
    answer = run(str(EXAMPLES / expected.name), "--json")

    assert answer.exit_code == 0
    assert json.loads(answer.stdout) == json.loads(expected.read_text(encoding="utf-8"))


def test_every_shipped_product_has_an_example() -> None:
    from backend.products.load import products

    shown = {json.loads(path.read_text(encoding="utf-8"))["product"] for path in QUOTES}

    assert shown == {product.label for product in products()}


def test_the_published_example_is_answered_as_published() -> None:
    answer = ask(PUBLISHED)

    assert json.loads(answer.stdout) == {
        "product": "pig-bands@1",
        "covered": True,
        "payable": "525.00",
        "currency": "CNY",
        "heads_payable": 1,
        "lines": [
            {
                "ref": "1",
                "amount": "525.00",
                "working": "≥ 90 kg: 100 % of 700.00 × 150/200 = 525.00",
                "working_zh": "体重 90 公斤及以上：700.00 的 100 % × 承保 150/存栏 200 = 525.00 元",
                "codes": [],
            }
        ],
        "findings": [],
    }


def test_a_person_reads_the_working_and_the_sum() -> None:
    answer = run(str(EXAMPLES / "pig-bands-under-insured.json"), "--lang", "en")

    assert "326.67  ≥ 40 and < 60 kg: 60 % of 700.00 × 70/90 = 326.67" in answer.stdout
    assert "sum  1,415.55  CNY for 3 heads" in answer.stdout


def test_a_person_reads_why_nothing_is_due() -> None:
    answer = run(str(EXAMPLES / "observation-period.json"))

    assert answer.exit_code == 0
    assert "OUT OF COVER" in answer.stdout
    assert "it is covered from 2026-03-21" in answer.stdout


def test_all_examples_at_once_are_one_document() -> None:
    files = sorted(str(path) for path in EXAMPLES.glob("*.json"))

    answer = run(*files, "--json")

    quotes = json.loads(answer.stdout)["quotes"]
    assert answer.exit_code == 0
    assert [one["file"] for one in quotes] == files
    for one in quotes:
        alone = json.loads((EXAMPLES / "quotes" / Path(one["file"]).name).read_text(encoding="utf-8"))
        assert {name: value for name, value in one.items() if name != "file"} == alone


def test_one_unusable_file_of_many_is_named_and_the_others_are_quoted(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{}", encoding="utf-8")

    answer = run(str(broken), str(EXAMPLES / "pig-bands.json"), "--json")

    first, second = json.loads(answer.stdout)["quotes"]
    assert answer.exit_code == 2
    assert (first["file"], first["error"]["code"]) == (str(broken), "invalid-input")
    assert second["payable"] == "525.00"


def test_the_working_is_read_in_chinese() -> None:
    answer = run(str(EXAMPLES / "pig-bands.json"), "--lang", "zh")

    assert "体重 90 公斤及以上：700.00 的 100 % × 承保 150/存栏 200 = 525.00 元" in answer.stdout


def test_products_of_a_folder_stand_beside_the_shipped_ones(tmp_path: Path) -> None:
    shipped = (ROOT / "backend/products/pig-bands-1.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(
        shipped.replace("version = 1", "version = 2").replace("2017-01-01", "2026-01-01"), encoding="utf-8"
    )
    loss = tmp_path / "loss.json"
    loss.write_text(json.dumps(changed("/product", "pig-bands")), encoding="utf-8")

    answer = run(str(loss), "--products", str(tmp_path), "--json")

    assert json.loads(answer.stdout)["product"] == "pig-bands@2"


def test_out_of_cover_is_an_answer_and_no_failure() -> None:
    answer = ask(changed("/loss/occurred_at", "2025-01-01T00:00:00+08:00"))

    found = json.loads(answer.stdout)
    assert (answer.exit_code, found["covered"], found["payable"]) == (0, False, "0.00")
    assert [finding["code"] for finding in found["findings"]] == ["NOT_IN_FORCE"]


def test_a_whole_number_needs_no_quotes_and_seconds_may_be_left_out() -> None:
    document = changed("/policy/sum_insured", 700)
    document["animals"][0]["weight_kg"] = 95  # type: ignore[index]
    document["loss"]["occurred_at"] = "2026-03-21T00:00+08:00"  # type: ignore[index]

    answer = ask(document)

    assert json.loads(answer.stdout)["payable"] == "525.00"


def test_all_wrong_fields_are_named_at_once() -> None:
    document = {
        "product": "pig-bands",
        "policy": {
            "incepted": "2026-03-01",
            "expires": "2025-03-01",
            "insured_heads": 0,
            "stock": -1,
            "deductible_percent": "101",
            "sum_insured": 700.5,
            "heads": 3,
        },
        "loss": {"cause": "flood", "occurred_at": "2026-04-02T10:00:00"},
        "animals": [
            {"ref": "1", "species": "pig", "weight_kg": "-3"},
            {"ref": "1", "species": "dragon", "weight_kg": "ninety"},
            {"species": "pig"},
        ],
    }

    found = wrong_fields(document)

    assert set(found) == {
        "/policy/expires",
        "/policy/insured_heads",
        "/policy/stock",
        "/policy/deductible_percent",
        "/policy/sum_insured",
        "/policy/heads",
        "/loss/cause",
        "/loss/occurred_at",
        "/animals/0/weight_kg",
        "/animals/1/ref",
        "/animals/1/species",
        "/animals/1/weight_kg",
        "/animals/2/ref",
    }
    assert "not exact" in found["/policy/sum_insured"]
    assert "no UTC offset" in found["/loss/occurred_at"]


def test_what_the_method_lacks_is_named_along_with_what_is_wrong() -> None:
    document = changed("/animals/0/weight_kg", ...)
    document["policy"]["stock"] = 0  # type: ignore[index]
    document["policy"]["sum_insured"] = None  # type: ignore[index]

    assert set(wrong_fields(document)) == {"/policy/stock", "/policy/sum_insured", "/animals/0/weight_kg"}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/product", "pig-bandz"),
        ("/product", "pig-bands@9"),
        ("/product", 7),
        ("/policy", []),
        ("/policy", ...),
        ("/loss", None),
        ("/animals", {}),
        ("/animals", ...),
        ("/animals", []),
        ("/animals/0", "pig"),
        ("/policy/incepted", "2026-02-30"),
        ("/policy/incepted", "20260301"),
        ("/policy/insured_heads", "150"),
        ("/policy/insured_heads", True),
        ("/policy/insured_heads", 150.0),
        ("/policy/stock", 10**12),
        ("/policy/heads_paid", -1),
        ("/policy/deductible_percent", "-0.1"),
        ("/policy/sum_insured", "0.00"),
        ("/policy/sum_insured", "700.001"),
        ("/policy/sum_insured", "-700"),
        ("/policy/sum_insured", "７００"),
        ("/policy/sum_insured", True),
        ("/loss/occurred_at", "2026-04-02"),
        ("/loss/occurred_at", "2026-04-02T25:00:00+08:00"),
        ("/loss/occurred_at", "2026-04-02T10:00:00+8"),
        ("/loss/occurred_at", "0001-01-01T00:00:00+14:00"),
        ("/loss/market_price_per_kg", "0"),
        ("/loss/age_percent", "100.5"),
        ("/loss/deaths", -1),
        ("/animals/0/weight_kg", "NaN"),
        ("/animals/0/weight_kg", "9.5e1"),
        ("/animals/0/weight_kg", 95.0),
        ("/animals/0/weight_kg", "0"),
        ("/animals/0/age_months", "3"),
        ("/animals/0/category", "huge"),
        ("/animals/0/ref", "\x1b[31m"),
    ],
)
def test_one_wrong_field_is_the_one_that_is_named(path: str, value: object) -> None:
    assert set(wrong_fields(changed(path, value))) == {path}


def test_an_unknown_product_names_the_ones_there_are() -> None:
    assert "beef-fixed" in wrong_fields(changed("/product", "pig-bandz"))["/product"]


def test_a_bare_name_on_a_day_without_a_version_names_the_periods() -> None:
    document = changed("/product", "pig-bands")
    document["policy"]["incepted"] = "1999-01-01"  # type: ignore[index]

    assert "pig-bands@1 (from 2017-01-01)" in wrong_fields(document)["/product"]


def test_missing_fields_of_a_method_have_a_problem_type_of_their_own() -> None:
    answer = ask(changed("/animals/0/weight_kg", None))

    problem = json.loads(answer.stdout)
    assert (answer.exit_code, problem["code"]) == (2, "missing-for-method")
    assert "/animals/0/weight_kg" in answer.stderr


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"product": "a", "product": "b"}',
        b'{"product": ' + b"9" * 5000 + b"}",
        b'{"product": "\\ud800"}',
        b'{"\\ud800": 1}',
        b"[]",
        b"null",
        b"NaN",
        b'"text"',
    ],
    ids=lambda content: repr(content[:24]),
)
def test_what_is_no_loss_document_ends_with_a_problem(content: bytes) -> None:
    answer = run("-", "--json", given=content)

    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["code"] == "invalid-input"
    assert "Next:" in answer.stderr


@pytest.mark.parametrize("name", ["no-such-file.json", "."])
def test_a_file_that_cannot_be_read_ends_with_a_problem(name: str, tmp_path: Path) -> None:
    answer = run(str(tmp_path / name), "--json")

    assert answer.exit_code == 2
    assert "cannot be read" in json.loads(answer.stdout)["detail"]


def test_the_base_install_is_enough(fresh_python: Callable[[str], str]) -> None:
    quote = f"cli.indemnity.app(['quote', {str(EXAMPLES / 'pig-bands.json')!r}], standalone_mode=False)"
    program = (
        f"import sys, cli.indemnity; {quote}; print(sorted({{name.split('.')[0] for name in sys.modules}}))"
    )

    imported = fresh_python(program)

    assert "525.00" in imported
    for heavy in ("msgspec", "litestar", "sqlalchemy", "numpy", "shapely", "PIL", "geo", "models"):
        assert f"'{heavy}'" not in imported


@pytest.fixture
def fresh_python() -> Callable[[str], str]:
    def python(program: str) -> str:
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True
        )
        return done.stdout

    return python
