"""What counts can get wrong without running anything."""

import json
import unittest

from counts.frames import GRPC, USER, Native
from counts.limits import FILE, Limits

TEXT = json.dumps({
    "tolerance": {"instructions": {"share": 0.04, "more": 0}, "allocations": {"share": 0.05, "more": 0.5}},
    "ways": {
        "counted": {"side": "server", "wire": "native", "in_flight": 64, "instructions": 1000.0, "allocations": 2.0},
        "new": {"side": "client", "wire": "grpc", "in_flight": 1, "options": ["--callers", "loop"]},
    },
})


class LimitsTests(unittest.TestCase):
    def test_a_little_more_than_before_is_allowed(self):
        limits = Limits(TEXT)
        counted, new = limits.limits
        self.assertAlmostEqual(counted.most("instructions", limits.tolerance), 1040)
        self.assertAlmostEqual(counted.most("allocations", limits.tolerance), 2.6)
        self.assertIsNone(new.most("instructions", limits.tolerance))

    def test_what_is_written_down_says_the_same(self):
        limits = Limits(TEXT)
        self.assertEqual(json.loads(limits.text()), json.loads(TEXT))
        self.assertEqual(Limits(FILE.read_text()).text(), FILE.read_text(), "written by --update")


class FramesTests(unittest.TestCase):
    def frames(self, wire, bytes_):
        frames = []
        while bytes_:
            end = wire.HEADER + wire.size(bytes_[:wire.HEADER])
            frames.append((bytes_[:wire.HEADER], bytes_[wire.HEADER:end]))
            bytes_ = bytes_[end:]
        return frames

    def test_the_user_is_that_of_all_peers(self):
        self.assertEqual(len(USER), 109)

    def test_calls_and_answers_end_once(self):
        for wire in (Native(), GRPC()):
            for write in (wire.call, wire.answer):
                for stream in (1, 3, 5):
                    ended = [wire.ended(header) for header, _ in self.frames(wire, write(stream))]
                    self.assertEqual([number for number in ended if number is not None], [stream])
                    self.assertIsNotNone(ended[-1])

    def test_settings_and_pings_are_acknowledged(self):
        wire = GRPC()
        (header, content), = self.frames(wire, wire.opening_of_server)
        owed = wire.owed(header, content)
        self.assertEqual(owed[3:5], b"\x04\x01")
        self.assertEqual(wire.owed(owed[:9], b""), b"")


if __name__ == "__main__":
    unittest.main()
