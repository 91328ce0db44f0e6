"""Runs notebooks in the engine of Polyglot Notebooks, quickly: every cell without an error, pictures there, every comparison one table."""

import sys
from pathlib import Path

import run_notebook


def check(notebook):
    comparisons = pictures = 0
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        html = [output["data"].get("text/html", "") for output in cell.outputs if output.output_type == "display_data"]
        pictures += sum("data:image/png;base64," in text for text in html)
        if any(word in cell.source for word in ("Compare-Model", "Measure-Dataset", "Get-SweepTrial", ".Classes")):
            comparisons += 1
            tables = [text for text in html if "<table" in text]
            assert len(tables) == 1, f"{len(tables)} tables, not one, came of:\n{cell.source}"
            text = "".join(output.text for output in cell.outputs if output.output_type == "stream")
            assert not text.strip(), f"beside its table came {text!r} of:\n{cell.source}"
    assert comparisons > 1 and pictures > 5, f"{comparisons} tables, {pictures} pictures"
    print(f"{comparisons} cells with a table, {pictures} pictures")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        check(run_notebook.run(Path(name)))
