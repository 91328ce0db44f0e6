"""The stop button."""

import os
import signal
import time

from kernel.frontend import TRAINING, KernelCase


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

    def test_a_question_that_waits_is_cancelled(self):
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
