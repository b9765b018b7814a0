import unittest

from ..messages import GRPC_HEADERS, GRPC_REQUEST, REQUEST, TTRPC_REQUEST, field, http2_frame, ttrpc_frame, varint


class MessageTests(unittest.TestCase):
    def test_varints_have_seven_bits_a_byte(self):
        self.assertEqual([varint(number).hex() for number in (0, 127, 128, 300)], ["00", "7f", "8001", "ac02"])

    def test_a_request_has_the_size_that_the_benchmark_names(self):
        self.assertEqual(len(REQUEST), 13)
        self.assertEqual(GRPC_REQUEST[:5], bytes([0, 0, 0, 0, 13]))

    def test_frames_have_their_lengths_in_front(self):
        self.assertEqual(ttrpc_frame(0x10, 0, b"\x08\x01").hex(), "00000002000000001000" + "0801")
        self.assertEqual(http2_frame(4, 1, 3, b"ab").hex(), "000002" + "04" + "01" + "00000003" + "6162")

    def test_a_native_request_has_the_bytes_that_the_floor_sends(self):
        self.assertEqual(len(ttrpc_frame(1, 1, TTRPC_REQUEST)), 61)
        self.assertTrue(TTRPC_REQUEST.startswith(field(1, b"benchmarks.v1.UserService")))

    def test_headers_name_the_call(self):
        self.assertIn(b"\x40\x05:path\x22/benchmarks.v1.UserService/GetUser", GRPC_HEADERS)
