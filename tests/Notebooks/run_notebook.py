"""Runs notebooks by Debian's nbclient with the kernel in PSCONVNET_KERNEL, and fails where a cell fails.

A notebook that takes long says in its metadata how to run it quickly: {"psconvnet": {"quick": {"epochs": 1}}}; these become a
cell after the one tagged `parameters`.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

PATIENCE = 300


def literal(value):
    """A value of JSON in PowerShell."""
    if value is None:
        return "$null"
    if isinstance(value, bool):
        return "$true" if value else "$false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, list):
        return "@(" + ", ".join(map(literal, value)) + ")"
    return repr(value)


def run(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    quick = notebook.metadata.get("psconvnet", {}).get("quick", {})
    if quick:
        places = [i for i, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", [])]
        code = "\n".join(f"${name} = {literal(value)}" for name, value in quick.items())
        notebook.cells.insert(places[0] + 1 if places else 0, nbformat.v4.new_code_cell(code))
    # In its own folder, as frontends do; what it writes goes to a temporary one, and away with it.
    with tempfile.TemporaryDirectory() as scratch:
        os.environ["TMPDIR"] = scratch
        client = NotebookClient(
            notebook, timeout=PATIENCE, kernel_name=os.environ["PSCONVNET_KERNEL"], resources={"metadata": {"path": str(path.parent)}}
        )
        client.execute()
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in code if cell.source.strip()), "a cell was not run"
    print(f"{path.name}: {len(code)} cells, {sum(len(cell.outputs) for cell in code)} outputs")
    return notebook


if __name__ == "__main__":
    for name in sys.argv[1:]:
        run(Path(name))
