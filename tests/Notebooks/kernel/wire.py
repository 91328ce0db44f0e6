"""A frontend that does what it must not."""

import hashlib
import hmac
import json
import time
import uuid

import zmq
from kernel.frontend import PATIENCE, KernelCase, reply_to


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
        self.assertEqual((b"", "iopub_welcome", "5.5"), (frames[0], header["msg_type"], header["version"]))
        self.assertEqual({"subscription": ""}, content)
        self.assertEqual({}, json.loads(frames[4]))

    def test_a_topic_that_is_no_text_gets_no_welcome(self):
        subscriber = self.socket(zmq.SUB, "iopub_port")
        subscriber.subscribe(b"\xff")
        subscriber.subscribe(b"kernel.\xc3\xa9")
        self.assertTrue(subscriber.poll(PATIENCE * 1000))
        self.assertEqual(b"kernel.\xc3\xa9", subscriber.recv_multipart()[0])

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
