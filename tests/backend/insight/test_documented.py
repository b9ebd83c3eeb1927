"""What docs/insight.md says of the index is what its data says."""

from pathlib import Path

from backend.service_index.load import weights

PAGE = Path(__file__).resolve().parents[3] / "docs" / "insight.md"


def test_the_page_names_the_weight_of_every_figure() -> None:
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| figure")
    ]

    assert [int(row[1]) for row in cells] == [one.weight for one in weights()]
