"""Frames of both wires for calls and answers that come in batches, written and read by none of the code under test."""

from __future__ import annotations

import struct

from compare.messages import (
    GRPC_HEADERS, GRPC_HEADERS_AGAIN, GRPC_REQUEST, REQUEST, TTRPC_REQUEST, field, http2_frame, literal, ttrpc_frame,
    varint)

#: The answer that all servers of the benchmark give: 109 bytes.
USER = (
    field(1, b"user-000042") + field(2, b"someone.42@engineering.example.com") + field(3, b"Some One Forty-Two")
    + b"\x20" + varint(1_700_000_042) + field(5, b"administrator") + field(5, b"member") + field(5, b"auditor")
    + b"\x30\x01")


class Native:
    """PROTOCOL.md."""

    HEADER = 10
    CLIENT_PREFACE = 0
    _REQUEST, _RESPONSE, _HELLO, _WINDOW = 1, 2, 0x10, 0x13
    # Version, message limit, streams, credit of a stream and of the connection.
    _LIMITS = (
        b"\x08\x01" + b"\x18" + varint(4 << 20) + b"\x20" + varint(1000) + b"\x30" + varint(256 << 10)
        + b"\x38" + varint(4 << 20))

    opening_of_client = opening_of_server = ttrpc_frame(_HELLO, 0, _LIMITS)

    def size(self, header: bytes) -> int:
        return int.from_bytes(header[:4], "big")

    def call(self, stream: int) -> bytes:
        return ttrpc_frame(self._REQUEST, stream, TTRPC_REQUEST)

    def answer(self, stream: int) -> bytes:
        return ttrpc_frame(self._RESPONSE, stream, field(2, USER))

    def ended(self, header: bytes) -> int | None:
        """The stream whose call, or answer, is complete with this frame."""
        return int.from_bytes(header[4:8], "big") if header[8] in (self._REQUEST, self._RESPONSE) else None

    def owed(self, header: bytes, content: bytes) -> bytes:
        """What the frame has to be answered with at once."""
        return b""

    def credit_for_calls(self, count: int) -> bytes:
        return self._credit(count * len(REQUEST))

    def credit_for_answers(self, count: int) -> bytes:
        return self._credit(count * len(USER))

    def _credit(self, count: int) -> bytes:
        return ttrpc_frame(self._WINDOW, 0, b"\x08" + varint(count))


class GRPC:
    """RFC 9113. Headers come whole with the first call and from HPACK's table after it, as gRPC's own libraries send them."""

    HEADER = 9
    CLIENT_PREFACE = 24
    _DATA, _HEADERS, _SETTINGS, _PING, _WINDOW_UPDATE = 0, 1, 4, 6, 8
    _ACKNOWLEDGEMENT, _END_STREAM, _END_HEADERS = 1, 1, 4
    # MAX_CONCURRENT_STREAMS and INITIAL_WINDOW_SIZE.
    opening_of_server = http2_frame(_SETTINGS, 0, 0, struct.pack(">HIHI", 3, 1000, 4, 1 << 20))
    opening_of_client = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2_frame(_SETTINGS, 0, 0, struct.pack(">HI", 4, 1 << 20))

    def __init__(self) -> None:
        self._has_called = self._has_answered = False

    def size(self, header: bytes) -> int:
        return int.from_bytes(header[:3], "big")

    def call(self, stream: int) -> bytes:
        headers = GRPC_HEADERS_AGAIN if self._has_called else GRPC_HEADERS
        self._has_called = True
        return (http2_frame(self._HEADERS, self._END_HEADERS, stream, headers)
                + http2_frame(self._DATA, self._END_STREAM, stream, GRPC_REQUEST))

    def answer(self, stream: int) -> bytes:
        # Status 200 is 8 in the static table; of the other table, the newest is 62.
        headers, trailers = b"\x88" + bytes([0x80 | 63]), bytes([0x80 | 62])
        if not self._has_answered:
            headers, trailers = b"\x88" + literal(b"content-type", b"application/grpc"), literal(b"grpc-status", b"0")
        self._has_answered = True
        message = b"\0" + struct.pack(">I", len(USER)) + USER
        return (http2_frame(self._HEADERS, self._END_HEADERS, stream, headers)
                + http2_frame(self._DATA, 0, stream, message)
                + http2_frame(self._HEADERS, self._END_HEADERS | self._END_STREAM, stream, trailers))

    def ended(self, header: bytes) -> int | None:
        ends = header[3] in (self._DATA, self._HEADERS) and header[4] & self._END_STREAM
        return int.from_bytes(header[5:], "big") if ends else None

    def owed(self, header: bytes, content: bytes) -> bytes:
        if header[3] not in (self._SETTINGS, self._PING) or header[4] & self._ACKNOWLEDGEMENT:
            return b""
        return http2_frame(header[3], self._ACKNOWLEDGEMENT, 0, content if header[3] == self._PING else b"")

    def credit_for_calls(self, count: int) -> bytes:
        return self._credit(count * len(GRPC_REQUEST))

    def credit_for_answers(self, count: int) -> bytes:
        return self._credit(count * (5 + len(USER)))

    def _credit(self, count: int) -> bytes:
        return http2_frame(self._WINDOW_UPDATE, 0, 0, struct.pack(">I", count))


WIRES = {"native": Native, "grpc": GRPC}
