"""The kernel as a frontend sees it, by Debian's jupyter_client: order and time of outputs, questions, interrupts, attacks, its end.

The kernel's name is in PSCONVNET_KERNEL; JUPYTER_PATH says where it is registered. NotebookKernelTests runs this for each shell.
"""

import hashlib
import hmac
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import uuid
from pathlib import Path

import zmq
from jupyter_client.manager import start_new_kernel

KERNEL = os.environ["PSCONVNET_KERNEL"]
PATIENCE = 60
SLEEP = "[System.Threading.Thread]::Sleep({0})"
TRAINING = """
$data = Import-Mnist -Name Synthetic -First 2000
New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28 -Name long |
    Invoke-Training -Data $data -Epochs 100000
"""

SWEEP = """
$data = Import-Mnist -Name Synthetic -First 500 | Expand-Dimension
$space = New-SweepSpace @{{ Units = 8, 16 }}
Invoke-Sweep -Space $space -Data $data -Epochs {epochs} -Sampler Grid -Parallel 2 -Study '{study}' {{
    param($p)
    New-FlattenLayer | New-DenseLayer $p.Units | New-DenseLayer 10 -Activation Softmax
}}
"""


class Cell:
    """What came of one request: messages with the seconds since it was sent, and the reply."""

    def __init__(self, client, code, answers=(), on_message=None, **options):
        answers = list(answers)
        self.messages, self.questions = [], []
        start = time.monotonic()
        self.id = client.execute(code, allow_stdin=bool(answers) or options.pop("allow_stdin", False), **options)
        while True:
            try:
                question = client.get_stdin_msg(timeout=0)
                self.questions.append(question["content"])
                if answers:
                    client.input(answers.pop(0))
            except queue.Empty:
                pass
            try:
                message = client.get_iopub_msg(timeout=0.05)
            except queue.Empty:
                if time.monotonic() - start > PATIENCE:
                    raise AssertionError(f"{code!r} did not end; came: {self.messages}") from None
                continue
            if message["parent_header"].get("msg_id") != self.id:
                continue
            kind, content = message["msg_type"], message["content"]
            self.messages.append((time.monotonic() - start, kind, content))
            if on_message:
                on_message(kind, content)
            if kind == "status" and content["execution_state"] == "idle":
                break
        self.reply = reply_to(client, self.id)

    def of(self, *kinds):
        return [content for _, kind, content in self.messages if kind in kinds]

    def text(self, name="stdout"):
        return "".join(c["text"] for c in self.of("stream") if c["name"] == name)


def reply_to(client, request):
    while True:
        message = client.get_shell_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") == request:
            return message["content"]


class KernelCase(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name=KERNEL, startup_timeout=PATIENCE)

    @classmethod
    def tearDownClass(cls):
        cls.client.stop_channels()
        cls.manager.shutdown_kernel(now=True)

    def run_cell(self, code, **options):
        return Cell(self.client, code, **options)


class OutputTests(KernelCase):
    def test_objects_appear_as_they_come(self):
        cell = self.run_cell("1..4 | ForEach-Object { \"row $_\"; " + SLEEP.format(300) + " }")
        times = [t for t, kind, _ in cell.messages if kind == "stream"]
        self.assertEqual("row 1\nrow 2\nrow 3\nrow 4\n", cell.text())
        self.assertEqual(4, len(times), cell.messages)
        # The first one is there long before the last, and the cell's end comes after its last sleep.
        self.assertLess(times[0], times[3] - 0.7)
        self.assertGreater(cell.messages[-1][0], times[3] + 0.2)

    def test_rows_of_a_table_appear_as_they_come_and_stay_one_table(self):
        cell = self.run_cell("1..3 | ForEach-Object { New-DenseLayer $_; " + SLEEP.format(400) + " }")
        streams = [(t, c["text"]) for t, kind, c in cell.messages if kind == "stream"]
        self.assertGreaterEqual(len(streams), 3, streams)
        self.assertGreater(streams[-1][0] - streams[0][0], 0.7)
        self.assertEqual(1, cell.text().count("Settings"), cell.text())

    def test_all_that_a_cell_writes_comes_in_its_order(self):
        cell = self.run_cell("1; $Host.UI.WriteErrorLine('two'); 3; Get-ModelSummary (New-Model -Preset TutorialDense); 4")
        kinds = [(kind, c.get("name")) for _, kind, c in cell.messages if kind in ("stream", "display_data")]
        self.assertEqual(
            [("stream", "stdout"), ("stream", "stderr"), ("stream", "stdout"), ("display_data", None), ("stream", "stdout")],
            kinds,
        )
        shown = cell.of("display_data")[0]["data"]
        self.assertIn("<table", shown["text/html"])
        self.assertIn("dense_1", shown["text/plain"])
        self.assertNotIn("\x1b", shown["text/plain"])

    def test_a_hundred_thousand_lines_arrive_whole_in_few_messages(self):
        cell = self.run_cell("1..100000")
        self.assertEqual([*range(1, 100001)], [int(line) for line in cell.text().split()])
        self.assertLess(len(cell.of("stream")), 500)

    def test_characters_beyond_the_first_plane_are_never_cut(self):
        cell = self.run_cell("1..5000 | ForEach-Object { '\U0001f600\u00e9' }")
        self.assertEqual("\U0001f600\u00e9\n" * 5000, cell.text())

    def test_progress_is_one_display_that_is_updated_a_few_times_a_second(self):
        cell = self.run_cell(TRAINING.replace("100000", "20"))
        shown = cell.of("display_data")
        bars = [c for c in shown if "progress" in c["data"].get("text/html", "")]
        updates = [(t, c) for t, kind, c in cell.messages if kind == "update_display_data"]
        self.assertEqual(1, len(bars), shown)
        self.assertTrue(updates)
        self.assertEqual({bars[0]["transient"]["display_id"]}, {c["transient"]["display_id"] for _, c in updates})
        self.assertIn("100 %", updates[-1][1]["data"]["text/plain"])
        self.assertLess(len(updates), 6 * cell.messages[-1][0] + 3)
        # The run itself is shown too, as a table.
        self.assertEqual(2, len(shown))

    def test_text_in_progress_is_escaped(self):
        cell = self.run_cell(
            "$r = [System.Management.Automation.ProgressRecord]::new(7, '<b>&', 's'); $Host.UI.WriteProgress(1, $r)"
        )
        html = cell.of("display_data")[0]["data"]["text/html"]
        self.assertIn("&lt;b&gt;&amp;", html)
        self.assertNotIn("<b>", html)

    def test_what_programs_write_is_caught(self):
        cell = self.run_cell("sh -c 'echo out; echo err >&2'; [Console]::Out.WriteLine('direct')")
        self.assertIn("out\n", cell.text())
        self.assertIn("direct\n", cell.text())
        self.assertEqual("err\n", cell.text("stderr"))
        self.assertEqual("ok", cell.reply["status"])

    def test_a_silent_cell_says_nothing_and_is_not_counted(self):
        count = self.run_cell("1").reply["execution_count"]
        cell = self.run_cell("'x'; Write-Host 'y'", silent=True)
        self.assertEqual(["status", "status"], [kind for _, kind, _ in cell.messages])
        self.assertEqual(count + 1, self.run_cell("1").reply["execution_count"])

    def test_a_cell_that_is_not_stored_is_not_in_the_history(self):
        self.run_cell("'secret word'", store_history=False)
        request = self.client.history(hist_access_type="search", pattern="*secret word*")
        self.assertEqual([], reply_to(self.client, request)["history"])

    def test_user_expressions_are_answered_each_for_itself(self):
        cell = self.run_cell("$x = 20", user_expressions={"a": "$x + 1", "b": "throw 'no'"})
        answers = cell.reply["user_expressions"]
        self.assertEqual("21", answers["a"]["data"]["text/plain"])
        self.assertEqual(("error", "no"), (answers["b"]["status"], answers["b"]["evalue"]))


class ErrorTests(KernelCase):
    def test_an_error_tells_its_line_and_column_and_ends_the_cell(self):
        cell = self.run_cell("'before'\n  New-ConvLayer -5\n'after'")
        error = cell.of("error")[0]
        self.assertEqual("before\n", cell.text())
        self.assertEqual("LayerSettingInvalid", error["ename"])
        self.assertEqual("error", cell.reply["status"])
        self.assertEqual(error["traceback"], cell.reply["traceback"])
        trace = "\n".join(error["traceback"])
        self.assertIn("line 2, column 3", trace)
        self.assertIn("New-ConvLayer -5", trace)
        self.assertIn("\x1b[31m", trace)

    def test_what_can_not_be_parsed_tells_where(self):
        trace = "\n".join(self.run_cell("1\n$x = (2 +").of("error")[0]["traceback"])
        self.assertIn("line 2", trace)

    def test_an_error_that_is_only_written_does_not_fail_the_cell(self):
        cell = self.run_cell("function f { [CmdletBinding()]param() $PSCmdlet.WriteError([System.Management.Automation."
                             "ErrorRecord]::new([Exception]::new('not so bad'), 'Id', 0, $null)) }; f; 'after'")
        self.assertIn("not so bad", cell.text("stderr"))
        self.assertEqual("after\n", cell.text())
        self.assertEqual("ok", cell.reply["status"])

    def test_a_failure_takes_the_waiting_cells_with_it(self):
        slow = SLEEP.format(500)
        first = self.client.execute(slow + "; throw 'first'")
        second = self.client.execute("'second'")
        asked = self.client.kernel_info()
        self.assertEqual("error", reply_to(self.client, first)["status"])
        statuses = {}
        while len(statuses) < 2:
            message = self.client.get_shell_msg(timeout=PATIENCE)
            statuses[message["parent_header"]["msg_id"]] = message["content"]["status"]
        self.assertEqual({second: "aborted", asked: "ok"}, statuses)

    def test_a_cell_that_is_sent_on_hearing_of_a_failure_is_run(self):
        for i in range(60):
            self.assertEqual("error", reply_to(self.client, self.client.execute("throw 'it'"))["status"])
            self.assertEqual("ok", reply_to(self.client, self.client.execute(str(i)))["status"])

    def test_without_stop_on_error_they_go_on(self):
        first = self.client.execute(SLEEP.format(300) + "; throw 'first'", stop_on_error=False)
        second = self.client.execute("'second'")
        self.assertEqual("error", reply_to(self.client, first)["status"])
        self.assertEqual("ok", reply_to(self.client, second)["status"])


class InterruptCase(KernelCase):
    def interrupt_when(self, code, is_time, interrupt, **options):
        sent = []

        def on_message(kind, content):
            if not sent and is_time(kind, content):
                sent.append(time.monotonic())
                interrupt()

        cell = self.run_cell(code, on_message=on_message, **options)
        self.assertTrue(sent, f"the moment to interrupt never came; came: {cell.messages}, {cell.reply}")
        self.assertEqual("Interrupted", cell.of("error")[0]["ename"])
        self.assertEqual("error", cell.reply["status"])
        return time.monotonic() - sent[0]


class InterruptTests(InterruptCase):
    def test_a_training_stops_within_a_moment_and_leaves_a_usable_model(self):
        took = self.interrupt_when(
            TRAINING.replace("New-Model 28,28 -Name long", "New-Model 28,28 -Name long -OutVariable kept"),
            lambda kind, _: kind == "update_display_data",
            self.manager.interrupt_kernel,
        )
        self.assertLess(took, 3)
        cell = self.run_cell("(Measure-Model $kept[0] -Data $data).Accuracy -gt 0.2")
        self.assertEqual("True", cell.of("execute_result")[0]["data"]["text/plain"])

    def test_a_second_interrupt_works_as_the_first(self):
        for _ in range(2):
            self.interrupt_when(
                "1; while ($true) { }", lambda kind, _: kind == "stream", self.manager.interrupt_kernel
            )

    def test_a_signal_does_the_same(self):
        for _ in range(2):
            took = self.interrupt_when(
                "1; while ($true) { }",
                lambda kind, _: kind == "stream",
                lambda: os.kill(self.manager.provisioner.pid, signal.SIGINT),
            )
            self.assertLess(took, 3)
        self.assertEqual("42", self.run_cell("6 * 7").of("execute_result")[0]["data"]["text/plain"])

    def test_a_question_that_waits_is_given_up(self):
        took = self.interrupt_when(
            "'ask'; Read-Host 'name'",
            lambda kind, _: kind == "stream",
            self.manager.interrupt_kernel,
            allow_stdin=True,
        )
        self.assertLess(took, 3)
        # Its late answer is not that of the next one.
        self.client.input("late")
        time.sleep(0.3)
        cell = self.run_cell("$n = Read-Host 'again'; \"<$n>\"", answers=["now"])
        self.assertEqual("<now>\n", cell.text())

    def test_an_interrupt_of_nothing_is_answered_and_changes_nothing(self):
        self.manager.interrupt_kernel()
        # It has a channel of its own, and must not overtake the cell.
        time.sleep(1)
        self.assertEqual("ok", self.run_cell("1").reply["status"])

    def test_the_control_channel_answers_while_a_cell_runs(self):
        running = self.client.execute(SLEEP.format(2000))
        time.sleep(0.3)
        start = time.monotonic()
        message = self.client.session.msg("kernel_info_request", {})
        self.client.control_channel.send(message)
        answer = self.client.get_control_msg(timeout=PATIENCE)
        self.assertEqual("kernel_info_reply", answer["msg_type"])
        self.assertLess(time.monotonic() - start, 1)
        self.assertEqual("ok", reply_to(self.client, running)["status"])


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
        cell = self.run_cell(SWEEP.format(epochs=400, study=self.study))
        self.assertEqual("ok", cell.reply["status"], cell.reply)
        shown = [c["data"]["text/plain"] for c in cell.of("display_data", "update_display_data")]
        self.assertTrue(any("Sweep study on Synthetic" in text for text in shown), shown)
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


class InputTests(KernelCase):
    def test_read_host_asks_the_frontend(self):
        cell = self.run_cell("$n = Read-Host 'Your name'; \"hello $n\"", answers=["Ada"])
        self.assertEqual("Your name: ", cell.questions[0]["prompt"])
        self.assertFalse(cell.questions[0]["password"])
        self.assertEqual("hello Ada\n", cell.text())

    def test_a_secret_is_asked_for_as_one(self):
        cell = self.run_cell(
            "$s = Read-Host 'Key' -AsSecureString; [Net.NetworkCredential]::new('', $s).Password.Length", answers=["abc"]
        )
        self.assertTrue(cell.questions[0]["password"])
        self.assertEqual("3\n", cell.text())

    def test_a_choice_that_is_none_is_asked_for_again(self):
        code = ("$c = '&Yes', '&No' | ForEach-Object { [System.Management.Automation.Host.ChoiceDescription]::new($_) };"
                "$Host.UI.PromptForChoice('Sure?', 'Really?', $c, 1)")
        cell = self.run_cell(code, answers=["maybe", "y"])
        self.assertEqual(2, len(cell.questions))
        self.assertIn("Sure?", cell.questions[0]["prompt"])
        self.assertIn("[Y] Yes", cell.questions[0]["prompt"])
        self.assertIn("0", str(cell.messages))

    def test_a_frontend_without_anyone_gets_an_error(self):
        cell = self.run_cell("Read-Host 'name'", allow_stdin=False)
        self.assertEqual("error", cell.reply["status"])
        self.assertIn("name", cell.reply["evalue"])


class AskingTests(KernelCase):
    def test_completion_counts_characters(self):
        text = "'\U0001f600\U0001f600'; New-ConvL # after"
        cursor = text.index("New-ConvL") + len("New-ConvL")
        content = reply_to(self.client, self.client.complete(text, cursor))
        self.assertEqual(["New-ConvLayer"], content["matches"])
        self.assertEqual("New-ConvL", text[content["cursor_start"] : content["cursor_end"]])

    def test_completion_knows_the_session_and_closed_sets(self):
        self.run_cell("$wonderful = 1")
        self.assertIn("$wonderful", reply_to(self.client, self.client.complete("$wonde"))["matches"])
        self.assertIn("GELU", reply_to(self.client, self.client.complete("New-ConvLayer 3 -Activation G"))["matches"])

    def test_nothing_to_complete_is_an_empty_answer(self):
        for text in ("", "Xyzzy-Nothing", "'\U0001f600"):
            content = reply_to(self.client, self.client.complete(text, len(text)))
            self.assertEqual("ok", content["status"])

    def test_inspection_gives_help_values_and_parameters(self):
        def inspect(code, cursor=None, detail=0):
            content = reply_to(self.client, self.client.inspect(code, cursor, detail))
            return content["data"].get("text/plain", "") if content["found"] else None

        self.run_cell("$answer = 42; $list = 1, 2")
        self.assertIn("convolution", inspect("New-ConvLayer 3").lower())
        self.assertIn("42", inspect("1 + $answer"))
        self.assertIn("Int32", inspect("$answer"))
        self.assertIn("KernelSize", inspect("New-ConvLayer 3 -KernelSize 5", 20))
        self.assertGreater(len(inspect("New-ConvLayer", detail=1)), len(inspect("New-ConvLayer")))
        for nothing in ("", "Xyzzy-Nothing", "$nothing_of_this_name", "# words"):
            self.assertIsNone(inspect(nothing))

    def test_the_history_knows_ranges(self):
        for code in ("'h1'", "'h2'", "'h3'"):
            last = self.run_cell(code).reply["execution_count"]
        request = self.client.history(hist_access_type="range", session=0, start=last - 1, stop=last, output=True)
        self.assertEqual([[1, last - 1, ["'h2'", "h2"]]], reply_to(self.client, request)["history"])
        request = self.client.history(hist_access_type="tail", n=2)
        self.assertEqual(["'h2'", "'h3'"], [entry[2] for entry in reply_to(self.client, request)["history"]])


class WireTests(KernelCase):
    """A frontend of our own, that does what it must not."""

    def setUp(self):
        with open(self.manager.connection_file, encoding="utf-8") as file:
            self.connection = json.load(file)
        self.context = zmq.Context()
        self.shell = self.socket(zmq.DEALER, "shell_port")

    def tearDown(self):
        self.context.destroy(linger=0)

    def socket(self, kind, port):
        socket = self.context.socket(kind)
        socket.connect(f"tcp://{self.connection['ip']}:{self.connection[port]}")
        return socket

    def frames(self, kind="kernel_info_request", content=None, key=None):
        header = {"msg_id": uuid.uuid4().hex, "session": "s", "username": "u", "date": "", "msg_type": kind, "version": "5.3"}
        parts = [json.dumps(part).encode() for part in (header, {}, {}, content or {})]
        key = self.connection["key"].encode() if key is None else key
        signature = hmac.new(key, b"".join(parts), hashlib.sha256).hexdigest().encode()
        return [b"<IDS|MSG>", signature, *parts]

    def answered(self, seconds=0.5):
        return bool(self.shell.poll(seconds * 1000)) and bool(self.shell.recv_multipart())

    def test_a_signed_message_is_answered_once(self):
        frames = self.frames()
        self.shell.send_multipart(frames)
        self.assertTrue(self.answered(PATIENCE))
        self.shell.send_multipart(frames)
        self.assertFalse(self.answered(), "a message that was sent again was answered")

    def test_what_is_not_signed_rightly_is_not_answered_and_harms_nothing(self):
        good = self.frames("execute_request", {"code": "$broken = 1"})
        attempts = [
            self.frames("execute_request", {"code": "$broken = 1"}, key=b"another"),
            [good[0], b"", *good[2:]],
            [good[0], good[1][:-1], *good[2:]],
            [good[0], good[1].upper(), *good[2:]],
            [*good[:5], good[5].replace(b"broken", b"broker")],
            [good[0], good[1], good[3], good[2], *good[4:]],
            good[:4], good[1:], [b""], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"", b"", b"", b"", b""],
        ]
        for attempt in attempts:
            self.shell.send_multipart(attempt)
        self.assertFalse(self.answered(1))
        self.assertFalse(reply_to(self.client, self.client.inspect("$broken"))["found"])

    def test_messages_with_any_byte_changed_are_dropped(self):
        good = self.frames("execute_request", {"code": "$broken = 1"})
        for i in range(200):
            part = 1 + i % 5
            frame = bytearray(good[part])
            if not frame:
                continue
            frame[(i * 7) % len(frame)] ^= 1 << (i % 8)
            self.shell.send_multipart([*good[:part], bytes(frame), *good[part + 1 :]])
        self.assertFalse(self.answered(1))
        self.assertFalse(reply_to(self.client, self.client.inspect("$broken"))["found"])

    def test_signed_nonsense_is_survived(self):
        nonsense = [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a":1,"a":2}', b"[" * 10000, b'{"code":5}', b'{"code":"\\ud800"}']
        key = self.connection["key"].encode()
        for text in nonsense:
            for place in range(4):
                parts = self.frames("execute_request", {"code": "1"})[2:]
                parts[place] = text
                signature = hmac.new(key, b"".join(parts), hashlib.sha256).hexdigest().encode()
                self.shell.send_multipart([b"<IDS|MSG>", signature, *parts])
        for kind in ("history_request", "complete_request", "inspect_request", "is_complete_request", "no_such_request"):
            for content in ({}, {"code": 7, "cursor_pos": "x"}, {"cursor_pos": -5, "code": "a"}, {"pattern": {}, "hist_access_type": "search", "n": -1}):
                self.shell.send_multipart(self.frames(kind, content))
        self.assertEqual("ok", self.run_cell("1").reply["status"])

    def test_a_subscriber_is_welcomed(self):
        subscriber = self.socket(zmq.SUB, "iopub_port")
        subscriber.subscribe(b"")
        self.assertTrue(subscriber.poll(PATIENCE * 1000))
        frames = subscriber.recv_multipart()
        header, content = json.loads(frames[3]), json.loads(frames[6])
        self.assertEqual((b"", "iopub_welcome", "5.4"), (frames[0], header["msg_type"], header["version"]))
        self.assertEqual({"subscription": ""}, content)

    def test_the_heart_beats_while_a_cell_runs(self):
        running = self.client.execute("$end = [DateTime]::Now.AddSeconds(1.5); while ([DateTime]::Now -lt $end) { }")
        heart = self.socket(zmq.REQ, "hb_port")
        for i in range(10):
            heart.send(b"beat %d" % i)
            self.assertTrue(heart.poll(1000))
            self.assertEqual(b"beat %d" % i, heart.recv())
        self.assertEqual("ok", reply_to(self.client, running)["status"])

    def test_the_sockets_are_of_this_machine_alone(self):
        ports = {f"{self.connection[p]:04X}" for p in self.connection if p.endswith("_port")}
        listening = []
        for name in ("tcp", "tcp6"):
            with open(f"/proc/net/{name}", encoding="ascii") as table:
                for line in table.readlines()[1:]:
                    address, port = line.split()[1].split(":")
                    if line.split()[3] == "0A" and port in ports:
                        listening.append(address)
        self.assertEqual(["0100007F"] * 5, listening)


class EndTests(unittest.TestCase):
    def test_a_restart_gives_a_fresh_session(self):
        manager, client = start_new_kernel(kernel_name=KERNEL, startup_timeout=PATIENCE)
        try:
            Cell(client, "$before = 1")
            manager.restart_kernel()
            client.wait_for_ready(timeout=PATIENCE)
            self.assertFalse(reply_to(client, client.inspect("$before"))["found"])
            self.assertEqual(1, Cell(client, "1").reply["execution_count"])
        finally:
            client.stop_channels()
            manager.shutdown_kernel(now=True)

    def test_a_shutdown_ends_a_training_and_the_process(self):
        manager, client = start_new_kernel(kernel_name=KERNEL, startup_timeout=PATIENCE)
        process = manager.provisioner.process
        client.execute(TRAINING)
        time.sleep(3)
        start = time.monotonic()
        client.shutdown()
        process.wait(PATIENCE)
        self.assertLess(time.monotonic() - start, 6)
        self.assertEqual(0, process.returncode)
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    def test_exit_leaves_the_kernel(self):
        manager, client = start_new_kernel(kernel_name=KERNEL, startup_timeout=PATIENCE)
        process = manager.provisioner.process
        reply = Cell(client, "exit").reply
        self.assertEqual(["ask_exit"], [p["source"] for p in reply["payload"]])
        process.wait(PATIENCE)
        client.stop_channels()
        manager.shutdown_kernel(now=True)

    def test_a_kernel_whose_frontend_was_killed_ends(self):
        script = (
            "import sys, time\n"
            "from jupyter_client.manager import start_new_kernel\n"
            "m, c = start_new_kernel(kernel_name=sys.argv[1], startup_timeout=60)\n"
            "print(m.provisioner.pid, flush=True)\n"
            "time.sleep(600)\n"
        )
        frontend = subprocess.Popen([sys.executable, "-W", "ignore", "-c", script, KERNEL], stdout=subprocess.PIPE, text=True)
        kernel = int(frontend.stdout.readline())
        frontend.send_signal(signal.SIGKILL)
        frontend.wait()
        end = time.monotonic() + 10
        while time.monotonic() < end and os.path.exists(f"/proc/{kernel}"):
            with open(f"/proc/{kernel}/stat", encoding="ascii") as stat:
                if stat.read().rsplit(")", 1)[1].split()[0] == "Z":
                    break
            time.sleep(0.1)
        else:
            self.assertFalse(os.path.exists(f"/proc/{kernel}"), "the kernel lives on")

    def test_the_key_is_never_printed(self):
        manager, client = start_new_kernel(
            kernel_name=KERNEL, startup_timeout=PATIENCE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        key = manager.session.key
        shell = zmq.Context.instance().socket(zmq.DEALER)
        shell.connect(f"tcp://{manager.ip}:{manager.shell_port}")
        shell.send_multipart([b"<IDS|MSG>", b"wrong", b"{}", b"{}", b"{}", b"{}"])
        time.sleep(0.5)
        client.shutdown()
        process = manager.provisioner.process
        process.wait(PATIENCE)
        printed = process.stdout.read()
        self.assertIn(b"dropped", printed)
        self.assertNotIn(key, printed)
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)
