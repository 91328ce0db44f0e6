"""What is answered while a cell runs: questions about code, and the control channel."""

import queue

from kernel.frontend import PATIENCE, TRAINING, KernelCase, reply_to

# It waits for an answer on the stdin channel, so that it runs as long as a test wants it to.
WAITING = "$answer = Read-Host 'go on'"


class BusyCase(KernelCase):
    def begin(self, code, kind):
        """Starts a cell and waits until a message of a kind has come of it."""
        self.cell = self.client.execute(code, allow_stdin=kind == "input_request")
        self.is_ended = False
        self.addCleanup(self.stop_cell)
        if kind == "input_request":
            self.client.get_stdin_msg(timeout=PATIENCE)
            return
        while self.next_output()["msg_type"] != kind:
            pass

    def next_output(self):
        while True:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["parent_header"].get("msg_id") == self.cell:
                return message

    def end_cell(self):
        """Waits for the cell's end, and gives the reply."""
        while True:
            message = self.next_output()
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                self.is_ended = True
                return reply_to(self.client, self.cell)

    def stop_cell(self):
        """A test that fails in the middle leaves no cell behind."""
        if not self.is_ended:
            self.manager.interrupt_kernel()
            self.end_cell()

    def matches(self, code):
        return self.ask(self.client.complete(code, len(code)))["matches"]

    def inspect(self, code):
        content = self.ask(self.client.inspect(code))
        return content["data"]["text/plain"] if content["found"] else None


class TrainingTests(BusyCase):
    def test_questions_about_code_are_answered_during_a_training(self):
        self.run_cell("'before'")
        self.begin(TRAINING, "update_display_data")

        self.assertEqual(["New-ConvLayer"], self.matches("New-ConvL"))
        self.assertEqual(["-KernelSize"], self.matches("New-ConvLayer 3 -Kern"))
        self.assertIn("GELU", self.matches("New-ConvLayer 3 -Activation G"))
        self.assertIn("convolution", self.inspect("New-ConvLayer").lower())
        request = self.client.is_complete("if ($true) {")
        self.assertEqual("incomplete", self.ask(request)["status"])
        request = self.client.history(hist_access_type="tail", n=1)
        self.assertEqual(["'before'"], [entry[2] for entry in self.ask(request)["history"]])

        self.manager.interrupt_kernel()
        # It was running all the time: nothing but the interrupt ended it.
        self.assertEqual("Interrupted", self.end_cell()["ename"])


class WaitingTests(BusyCase):
    def begin_waiting(self):
        self.begin(WAITING, "input_request")

    def go_on(self):
        self.client.input("on")
        self.assertEqual("ok", self.end_cell()["status"])

    def test_the_session_s_names_are_known_as_they_were_when_the_cell_began(self):
        self.run_cell(
            "$wonderful = 42; $layer = New-DenseLayer 3\n"
            "function Get-Wonder {\n<# .SYNOPSIS\nTells a wonder. #>\nparam([int] $Depth) $Depth }\n"
            "Set-Alias wonder Get-Wonder; Set-Location /usr"
        )
        self.begin_waiting()
        self.assertEqual(["$wonderful"], self.matches("$wonde"))
        self.assertEqual(["Get-Wonder"], self.matches("Get-Wond"))
        self.assertEqual(["-Depth"], self.matches("wonder -D"))
        self.assertIn("Tells a wonder", self.inspect("Get-Wonder"))
        self.assertTrue(any("share" in match for match in self.matches("Get-Item sha")))
        # A cell may change any of them, so a value is told with its time, and one that can change by itself isn't told at all.
        self.assertEqual("$wonderful was [System.Int32] 42 when the running cell began.", self.inspect("$wonderful"))
        self.assertRegex(self.inspect("$layer"), r"DenseLayer\] when the running cell began; .* once the cell has ended")
        self.assertIsNone(self.inspect("$nothing_of_this_name"))
        self.go_on()
        self.assertIn("[System.Int32] $wonderful\n42", self.inspect("$wonderful"))

        self.run_cell(
            "Remove-Variable wonderful; Remove-Item function:Get-Wonder, alias:wonder; $layer = 7; function Get-Marvel($Width) { }"
        )
        self.begin_waiting()
        self.assertEqual([], self.matches("$wonde"))
        self.assertEqual([], self.matches("Get-Wond"))
        self.assertIsNone(self.inspect("$wonderful"))
        self.assertIsNone(self.inspect("Get-Wonder"))
        self.assertEqual(["-Width"], self.matches("Get-Marvel -W"))
        self.assertEqual("$layer was [System.Int32] 7 when the running cell began.", self.inspect("$layer"))
        self.go_on()

    def test_cells_stay_in_their_order_and_questions_overtake_them(self):
        self.begin_waiting()
        second = self.client.execute("'second'")
        question = self.client.complete("New-ConvL")
        third = self.client.execute("'third'")
        other = self.client.kernel_info()
        order = [self.next_reply(), self.next_reply()]
        self.assertEqual([question, other], order)
        self.client.input("on")
        self.assertEqual([self.cell, second, third], [self.next_reply() for _ in range(3)])
        self.is_ended = True

    def next_reply(self):
        return self.client.get_shell_msg(timeout=PATIENCE)["parent_header"]["msg_id"]

    def test_a_question_that_was_answered_does_not_make_the_kernel_seem_idle(self):
        self.begin_waiting()
        question = self.client.complete("New-ConvL")
        states = []
        while states[-2:] != [(question, "idle"), (self.cell, "busy")]:
            message = self.client.get_iopub_msg(timeout=PATIENCE)
            if message["msg_type"] == "status":
                states.append((message["parent_header"]["msg_id"], message["content"]["execution_state"]))
        self.client.input("on")
        self.assertEqual("ok", self.end_cell()["status"])
        with self.assertRaises(queue.Empty):
            self.client.get_iopub_msg(timeout=0.5)

    def control(self, kind, content=None):
        self.client.control_channel.send(self.client.session.msg(kind, content or {}))

    def test_the_control_channel_tells_of_the_kernel_and_of_no_optional_features(self):
        self.begin_waiting()
        # No subshells: to ask for one is logged, and has no reply.
        for kind in ("create_subshell_request", "list_subshell_request", "delete_subshell_request", "kernel_info_request"):
            self.control(kind)
        reply = self.client.get_control_msg(timeout=PATIENCE)
        self.assertEqual("kernel_info_reply", reply["msg_type"])
        self.assertEqual(("5.5", []), (reply["content"]["protocol_version"], reply["content"]["supported_features"]))
        self.go_on()

    def test_debugging_is_refused_as_a_debugger_refuses(self):
        self.control("debug_request", {"type": "request", "seq": 7, "command": "debugInfo"})
        reply = self.client.get_control_msg(timeout=PATIENCE)
        self.assertEqual("debug_reply", reply["msg_type"])
        expected = {"type": "response", "request_seq": 7, "command": "debugInfo", "success": False, "status": "error"}
        self.assertEqual(expected, {field: reply["content"][field] for field in expected})
        self.assertIn("no debugger", reply["content"]["message"])

    def test_cells_are_run_on_the_shell_channel_only(self):
        self.control("execute_request", {"code": "$smuggled = 1"})
        self.control("kernel_info_request")
        self.assertEqual("kernel_info_reply", self.client.get_control_msg(timeout=PATIENCE)["msg_type"])
        self.assertIsNone(self.inspect("$smuggled"))
