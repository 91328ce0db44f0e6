"""How kernels end."""

import os
import signal
import subprocess
import sys
import time
import unittest

import zmq
from jupyter_client.manager import start_new_kernel
from kernel.frontend import KERNEL, PATIENCE, TRAINING, Cell, KernelCase, end


class RestartTests(KernelCase):
    def test_a_restart_gives_a_fresh_session(self):
        self.run_cell("$before = 1")
        self.manager.restart_kernel()
        self.client.wait_for_ready(timeout=PATIENCE)
        self.assertFalse(self.ask(self.client.inspect("$before"))["found"])
        # Help can be read before the first cell.
        self.assertTrue(self.ask(self.client.inspect("New-ConvLayer"))["found"])
        self.assertEqual(1, self.run_cell("1").reply["execution_count"])


class EndTests(unittest.TestCase):
    def test_a_shutdown_ends_a_training_and_the_process_and_the_key_was_never_printed(self):
        manager, client = start_new_kernel(
            kernel_name=KERNEL, startup_timeout=PATIENCE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        process = manager.provisioner.process
        shell = zmq.Context.instance().socket(zmq.DEALER)
        shell.connect(f"tcp://{manager.ip}:{manager.shell_port}")
        shell.send_multipart([b"<IDS|MSG>", b"wrong", b"{}", b"{}", b"{}", b"{}"])
        client.execute(TRAINING)
        while client.get_iopub_msg(timeout=PATIENCE)["msg_type"] != "update_display_data":
            pass
        start = time.monotonic()
        client.shutdown()
        process.wait(PATIENCE)
        self.assertLess(time.monotonic() - start, 6)
        self.assertEqual(0, process.returncode)
        printed = process.stdout.read()
        self.assertIn(b"dropped", printed)
        self.assertNotIn(manager.session.key, printed)
        end(manager, client)

    def test_exit_leaves_the_kernel(self):
        manager, client = start_new_kernel(kernel_name=KERNEL, startup_timeout=PATIENCE)
        process = manager.provisioner.process
        reply = Cell(client, "exit").reply
        self.assertEqual(["ask_exit"], [p["source"] for p in reply["payload"]])
        process.wait(PATIENCE)
        end(manager, client)

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
