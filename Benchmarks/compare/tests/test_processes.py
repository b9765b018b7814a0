import os
import sys
import unittest

from ..processes import Server, ServerFailed, free_port, last_words

#: Listens on the port that it is given, and waits.
LISTENER = """
import socket, sys, time
with socket.create_server(("127.0.0.1", int(sys.argv[1]))): time.sleep(60)
"""


@unittest.skipUnless(sys.platform == "linux", "servers are looked at in /proc")
class ProcessTests(unittest.TestCase):
    def test_a_server_is_known_to_listen_and_is_gone_in_the_end(self):
        port = free_port()
        with Server([sys.executable, "-c", LISTENER, str(port)]) as server:
            server.wait_until_listening(port)
            self.assertGreater(server.resident_kib, 0)
        with self.assertRaises(ProcessLookupError):
            os.kill(server.pid, 0)

    def test_a_server_that_ends_is_told_of_with_its_last_words(self):
        with Server([sys.executable, "-c", "import sys; sys.exit('no such port')"]) as server:
            with self.assertRaisesRegex(ServerFailed, "status 1: no such port"):
                server.wait_until_listening(free_port())

    def test_the_environment_is_added_to(self):
        program = "import os, sys; sys.exit(os.environ['WORD'] + ('' if 'PATH' in os.environ else ' alone'))"
        with Server([sys.executable, "-c", program], {"WORD": "hello"}) as server:
            with self.assertRaisesRegex(ServerFailed, "hello$"):
                server.wait_until_listening(free_port())

    def test_last_words_are_the_last_and_not_too_many(self):
        self.assertEqual(last_words("1\n2\n3\n4\n5\n"), "2 / 3 / 4 / 5")
        self.assertEqual(last_words(" \n"), "it said nothing")
        self.assertEqual(last_words("a" * 1000), "…" + "a" * 500)
