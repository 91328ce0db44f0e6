"""The module in the engine of Polyglot Notebooks: tables, progress, and every way to stop, by Jupyter's protocol and by VS Code's.

PSCONVNET_KERNEL is the engine's PowerShell kernel, PSCONVNET_POLYGLOT its program, PSCONVNET_MODULE the module's manifest; PolyglotTests runs this.
"""

import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from kernel.frontend import KERNEL, PATIENCE, KernelCase

PROGRAM = os.environ["PSCONVNET_POLYGLOT"]
IMPORT = f"""
Import-Module '{os.environ["PSCONVNET_MODULE"]}'
$data = Import-Mnist -Name Synthetic -First 500
function New-Small($name) {{ New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28 -Name $name }}
"""
ENDLESS = "New-Small long | Invoke-Training -Data $data -Epochs 1000000"


def tables(outputs):
    return [html for html in (output["data"].get("text/html", "") for output in outputs) if "<table" in html]


class OutputTests(KernelCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_cell(cls, "$Error.Clear()" + IMPORT)

    def one_table(self, code):
        cell = self.run_cell(code)
        self.assertEqual("ok", cell.reply["status"], (cell.reply, cell.text()))
        self.assertEqual("", cell.text().strip())
        shown = tables(cell.of("display_data"))
        self.assertEqual(1, len(shown), cell.messages)
        return shown[0]

    def test_rows_that_belong_together_are_one_table(self):
        html = self.one_table("$runs = 'a', 'b', 'c' | ForEach-Object { New-Small $_ } | Invoke-Training -Data $data -Epochs 1; "
                              "$runs | Compare-Model -Data $data")
        self.assertEqual(1, html.count("McNemar"), html)
        self.assertEqual(1, html.count("<thead>"), html)
        self.assertEqual(4, html.count("<tr>"), html)
        self.assertNotIn("Summary:", html)
        html = self.one_table("Measure-Dataset $data")
        self.assertIn(">Synthetic</caption>", html)
        self.assertEqual(3, html.count("<tr>"), html)
        self.assertEqual(3, self.one_table("New-DenseLayer 1 | New-DenseLayer 2").count("<tr>"))
        self.assertEqual(11, self.one_table("(Measure-Model (New-Small x) -Data $data).Classes").count("<tr>"))
        self.assertIn("dense_1", self.one_table("New-Small x | Get-ModelSummary"))

    def test_other_objects_stay_what_they_are_and_where_they_are(self):
        cell = self.run_cell("'first'; New-DenseLayer 1; 'second'; New-DenseLayer 2; [pscustomobject]@{ Mine = 5 }")
        shown = [(kind, content) for _, kind, content in cell.messages if kind in ("stream", "display_data")]
        words = [content["text"].strip() if kind == "stream" else "table" for kind, content in shown]
        self.assertEqual(["first", "table", "second", "table"], [word for word in words if word][:4])
        self.assertIn("Mine", cell.text())
        self.assertIn("Units : 3", self.run_cell("New-DenseLayer 3 | Format-List Units").text())

    def test_a_page_to_draw_on_is_a_frame_below_the_cell(self):
        shown = self.run_cell("New-Small drawn | Show-ModelPage").of("display_data")
        self.assertEqual(1, len(shown), shown)
        self.assertTrue(shown[0]["data"]["text/html"].startswith("<iframe"), shown[0]["data"]["text/html"][:200])

    def test_a_cell_runs_as_it_does_without_the_module(self):
        cell = self.run_cell("using namespace System.IO\nclass Thing { [int] $Size = 4 }\n[Path]::Combine('a', 'b')\nNew-ConvLayer -5\n'after'")
        self.assertEqual("a/b", cell.text().split()[0])
        self.assertIn("after", cell.text())
        self.assertEqual("error", cell.reply["status"])
        self.assertIn("4", self.run_cell("[Thing]::new().Size").text())
        self.assertIn("Missing condition", self.run_cell("if (").text("stderr"))
        self.assertEqual("7", self.run_cell("param($x = 7) $x").text().strip())

    def test_progress_is_one_display_that_ends_as_a_line(self):
        cell = self.run_cell("$run = New-Small p | Invoke-Training -Data $data -Epochs 30")
        shown = cell.of("display_data")
        updates = cell.of("update_display_data")
        self.assertEqual(1, len(shown), shown)
        self.assertIn("<progress", shown[0]["data"]["text/html"])
        self.assertEqual({shown[0]["transient"]["display_id"]}, {update["transient"]["display_id"] for update in updates})
        self.assertIn("Training p: done", updates[-1]["data"]["text/plain"])
        self.assertEqual([], self.run_cell("$ProgressPreference = 'SilentlyContinue'; $run = New-Small q | Invoke-Training -Data $data -Epochs 2; "
                                           "$ProgressPreference = 'Continue'").of("display_data"))


class JupyterStopTests(KernelCase):
    def test_the_signal_of_the_stop_button_ends_the_training_and_not_the_kernel(self):
        self.run_cell(IMPORT + "$kept = 'kept'")
        for presses in (1, 3):
            sent = []

            def on_message(kind, content):
                if kind == "update_display_data" and not sent:
                    sent.append(time.monotonic())
                    for _ in range(presses):
                        self.manager.interrupt_kernel()
                        time.sleep(0.05)

            cell = self.run_cell(ENDLESS + "; 'never'", on_message=on_message)
            print(f"SIGINT: idle after {time.monotonic() - sent[0]:.2f} s")
            self.assertEqual("error", cell.reply["status"])
            self.assertNotIn("never", cell.text())
            self.assertIn("Training long: stopped at epoch", cell.of("update_display_data")[-1]["data"]["text/plain"])
        self.assertEqual("kept", self.run_cell("$kept").text().strip())


class JupyterShutdownTests(unittest.TestCase):
    def test_a_shutdown_leaves_the_checkpoint_of_the_stop(self):
        manager, client = start_new_kernel(kernel_name=KERNEL, startup_timeout=PATIENCE)
        self.addCleanup(client.stop_channels)
        with tempfile.TemporaryDirectory() as folder:
            # In one cell: what runs while the module is imported is stopped too.
            client.execute(IMPORT + ENDLESS + f" -CheckpointPath '{folder}/c'")
            while client.get_iopub_msg(timeout=PATIENCE)["msg_type"] != "update_display_data":
                pass
            start = time.monotonic()
            manager.shutdown_kernel()
            print(f"shutdown: ended after {time.monotonic() - start:.2f} s")
            steps = [path for path in Path(folder, "c").glob("*.psconvnet") if "0000000000" not in path.name]
            self.assertTrue(steps, list(Path(folder).rglob("*")))


class Stdio:
    """`dotnet-interactive stdio`, as VS Code starts it: commands and events, a line of JSON each."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["dotnet", PROGRAM, "stdio", "--default-kernel", "pwsh"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        self.events = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()
        self.until("KernelReady")

    def read(self):
        for line in self.process.stdout:
            if line.startswith("{"):
                self.events.put(json.loads(line))

    def send(self, kind, token, **command):
        self.process.stdin.write(json.dumps({"commandType": kind, "command": command, "token": token, "routingSlip": []}) + "\n")
        self.process.stdin.flush()

    def submit(self, token, code):
        self.send("SubmitCode", token, code=code, targetKernelName="pwsh")

    def until(self, kinds, token=None):
        seen = []
        while True:
            seen.append(self.events.get(timeout=PATIENCE))
            if seen[-1]["eventType"] in kinds and (token is None or seen[-1]["command"]["token"] == token):
                return seen


class StdioStopTests(unittest.TestCase):
    ENDS = ("CommandSucceeded", "CommandFailed")

    @classmethod
    def setUpClass(cls):
        cls.host = Stdio()
        cls.addClassCleanup(cls.host.process.kill)
        cls.host.submit("import", IMPORT)
        cls.host.until(cls.ENDS, "import")

    def test_cancel_ends_the_training_and_the_next_cell_runs(self):
        for i in range(2):
            self.host.submit(f"train{i}", ENDLESS + "; 'never'")
            self.host.until(["DisplayedValueUpdated"])
            start = time.monotonic()
            self.host.send("Cancel", f"cancel{i}")
            self.host.submit(f"next{i}", "'next'")
            seen = self.host.until(self.ENDS, f"next{i}")
            print(f"Cancel: the next cell had run after {time.monotonic() - start:.2f} s")
            self.assertEqual("CommandSucceeded", seen[-1]["eventType"], seen)
            text = json.dumps(seen)
            self.assertIn("Training long: stopped at epoch", text)
            self.assertNotIn("never", text.replace("; 'never'", ""))

    def test_work_that_would_begin_after_a_cancel_does_not(self):
        self.host.submit("asleep", "[Console]::Out.WriteLine('asleep'); Start-Sleep 2; " + ENDLESS)
        self.host.until(["StandardOutputValueProduced"])
        self.host.send("Cancel", "cancel")
        self.host.submit("after", "'next'")
        self.assertEqual("CommandSucceeded", self.host.until(self.ENDS, "after")[-1]["eventType"])

    def test_a_ctrl_c_ends_the_training_and_not_the_process(self):
        self.host.submit("train", ENDLESS)
        self.host.until(["DisplayedValueUpdated"])
        self.host.process.send_signal(signal.SIGINT)
        self.assertEqual("CommandFailed", self.host.until(self.ENDS, "train")[-1]["eventType"])
        self.host.submit("next", "'next'")
        self.assertEqual("CommandSucceeded", self.host.until(self.ENDS, "next")[-1]["eventType"])


class StdioQuitTests(unittest.TestCase):
    def test_quit_leaves_the_checkpoint_of_the_stop(self):
        host = Stdio()
        self.addCleanup(host.process.kill)
        with tempfile.TemporaryDirectory() as folder:
            host.submit("train", IMPORT + ENDLESS + f" -CheckpointPath '{folder}/c'")
            host.until(["DisplayedValueUpdated"])
            start = time.monotonic()
            host.send("Quit", "quit")
            host.process.wait(PATIENCE)
            print(f"Quit: ended after {time.monotonic() - start:.2f} s")
            steps = [path for path in Path(folder, "c").glob("*.psconvnet") if "0000000000" not in path.name]
            self.assertTrue(steps, list(Path(folder).rglob("*")))


if __name__ == "__main__":
    unittest.main()
