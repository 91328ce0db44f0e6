"""A frontend: sends requests, and gathers what comes of them."""

import atexit
import functools
import os
import queue
import time
import unittest

from jupyter_client.manager import start_new_kernel

KERNEL = os.environ["PSCONVNET_KERNEL"]
PATIENCE = 60
SLEEP = "[System.Threading.Thread]::Sleep({0})"
# Nothing but an interrupt ends it.
TRAINING = """
$data = Import-Mnist -Name Synthetic -First 2000
New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28 -Name long |
    Invoke-Training -Data $data -Epochs 100000
"""


@functools.cache
def shared_kernel():
    """A kernel and a client of it. To start one takes longer than most tests."""
    manager, client = start_new_kernel(kernel_name=KERNEL, startup_timeout=PATIENCE)
    atexit.register(end, manager, client)
    return manager, client


def end(manager, client):
    client.stop_channels()
    manager.shutdown_kernel(now=True)


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
    """Tests in the one kernel that all of them share; a session is a new one only after a restart."""

    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = shared_kernel()

    def run_cell(self, code, **options):
        return Cell(self.client, code, **options)

    def ask(self, request):
        return reply_to(self.client, request)
