"""The published schema describes what the loader reads."""

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from backend.products.load import products, read_text
from backend.products.schema import product_schema
from backend.products.tariff import read_tariff
from backend.products.words import differences
from backend.products.writing import document_of

ROOT = Path(__file__).resolve().parents[3]
FILES = sorted(
    [*(ROOT / "backend/products").glob("*.toml"), *(ROOT / "docs/examples/products").glob("*.toml")]
)
SCHEMA = Draft202012Validator(product_schema())


def as_json(text: str) -> dict[str, object]:
    """A product file as JSON writes it: dates are strings."""
    found: dict[str, object] = json.loads(json.dumps(tomllib.loads(text), default=str))
    return found


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(product_schema())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_file_that_is_published_keeps_to_it_and_is_read(file: Path) -> None:
    text = file.read_text(encoding="utf-8")

    SCHEMA.validate(as_json(text))

    assert read_text(text, file.name).label == file.stem[: file.stem.rindex("-")] + "@" + file.stem[-1]


@pytest.mark.parametrize("product", list(products()), ids=lambda product: product.label)
def test_a_product_written_down_is_read_again_as_it_was(product: object) -> None:
    document = document_of(product)  # type: ignore[arg-type]

    SCHEMA.validate(document)

    again = read_tariff(document, "again")
    assert again == product
    assert differences(again, again) == []


@given(st.sampled_from(FILES), st.sampled_from(["name", "kind", "species", "subsidies", "method"]), st.data())
def test_what_the_loader_needs_the_schema_needs(file: Path, key: str, data: st.DataObject) -> None:
    document = as_json(file.read_text(encoding="utf-8"))
    place: object = document["method"] if key == "kind" else document
    assert isinstance(place, dict)
    if data.draw(st.booleans()):
        del place[key]
    else:
        place[f"{key}s"] = 1

    assert not SCHEMA.is_valid(document)
