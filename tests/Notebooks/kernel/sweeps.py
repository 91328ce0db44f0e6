"""Sweeps, whose workers are processes of their own."""

import json
import os
import signal
import subprocess
import tempfile
from pathlib import Path

from kernel.interrupts import InterruptCase

SWEEP = """
$data = Import-Mnist -Name Synthetic -First 500 | Expand-Dimension
$space = New-SweepSpace @{{ Units = 8, 16 }}
Invoke-Sweep -Space $space -Data $data -Epochs {epochs} -Sampler Grid -Parallel 2 -Study '{study}' {{
    param($p)
    New-FlattenLayer | New-DenseLayer $p.Units | New-DenseLayer 10 -Activation Softmax
}}
"""


class SweepTests(InterruptCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.study = os.path.join(self.folder.name, "study")

    def tearDown(self):
        self.folder.cleanup()

    def records(self):
        return [json.loads(path.read_text()) for path in sorted(Path(self.study, "trials").glob("*.json"))]

    def workers(self):
        """Processes that were started for the study, by the system's own list."""
        return subprocess.run(["pgrep", "-f", self.study], capture_output=True, text=True).stdout.split()

    def test_a_sweep_shows_how_its_workers_get_on_and_gives_its_trials(self):
        cell = self.run_cell(SWEEP.format(epochs=100, study=self.study))
        self.assertEqual("ok", cell.reply["status"], cell.reply)
        shown = [c["data"]["text/plain"] for c in cell.of("display_data", "update_display_data")]
        self.assertTrue(any("Sweep study, 2 processes" in text for text in shown), shown)
        self.assertTrue(any("trial 0: " in text for text in shown), shown)
        self.assertEqual(2, cell.text().count("Completed"), cell.text())
        self.assertEqual(["Completed"] * 2, [record["state"] for record in self.records()])
        self.assertEqual([], self.workers())

    def test_an_interrupt_stops_the_workers_and_leaves_a_study_that_is_gone_on_with(self):
        # Nothing but the interrupts ends these.
        begin = SWEEP.format(epochs=1000000, study=self.study)
        ways = [
            (begin, self.manager.interrupt_kernel),
            (f"Invoke-Sweep -Study '{self.study}' -Parallel 2", lambda: os.kill(self.manager.provisioner.pid, signal.SIGINT)),
        ]
        before = [0, 0]
        for turn, (code, interrupt) in enumerate(ways, start=1):
            seen = []

            def note_and_interrupt():
                seen.extend(self.workers())
                interrupt()

            self.interrupt_when(code, lambda kind, _: self.are_beyond(before, turn), note_and_interrupt)
            self.assertEqual((2, []), (len(seen), self.workers()))
            records = self.records()
            # They wait with a checkpoint, and go on from there.
            self.assertEqual([("Waiting", turn)] * 2, [(record["state"], record["turn"]) for record in records])
            self.assertEqual(2, len(list(Path(self.study, "checkpoints").rglob("*.psconvnet"))))
            after = [len(record["history"]) for record in records]
            self.assertTrue(all(now > then for now, then in zip(after, before)), (before, after))
            before = after

    def are_beyond(self, epochs, turn):
        """Whether both trials have come further, in their present turn; records are whole whenever they are read."""
        records = self.records()
        return len(records) == 2 and all(
            record["turn"] == turn and len(record["history"]) > then for record, then in zip(records, epochs)
        )
