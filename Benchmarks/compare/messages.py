"""The bytes of a call of GetUser, as each wire has them."""

from __future__ import annotations

import struct

SERVICE = "benchmarks.v1.UserService"
METHOD = "GetUser"
PATH = f"/{SERVICE}/{METHOD}"


def field(number: int, content: bytes) -> bytes:
    """A protobuf field with a length."""
    return bytes([number << 3 | 2]) + varint(len(content)) + content


def varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


#: GetUserRequest, 13 bytes.
REQUEST = field(1, b"user-000042")

#: The least that the answer, 109 bytes in every framework, may have.
LEAST_REPLY = 100

#: The request as gRPC puts it into DATA: not compressed, with its length.
GRPC_REQUEST = b"\0" + struct.pack(">I", len(REQUEST)) + REQUEST

#: A Request of ttrpc, and of Martlet's native wire.
TTRPC_REQUEST = field(1, SERVICE.encode()) + field(2, METHOD.encode()) + field(3, REQUEST)


def ttrpc_frame(kind: int, stream: int, content: bytes) -> bytes:
    """A frame without flags of ttrpc and of the native wire (PROTOCOL.md)."""
    return struct.pack(">IIBB", len(content), stream, kind, 0) + content


def http2_frame(kind: int, flags: int, stream: int, content: bytes) -> bytes:
    """RFC 9113, section 4.1."""
    return struct.pack(">I", len(content))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + content


def literal(name: bytes, value: bytes) -> bytes:
    """A header for the dynamic table, with its name spelled out (RFC 7541, section 6.2.1)."""
    return b"\x40" + bytes([len(name)]) + name + bytes([len(value)]) + value


#: The headers of the call, in HPACK: method POST and scheme http are 3 and 6 in the static table.
GRPC_HEADERS = b"\x83\x86" + literal(b":path", PATH.encode()) + literal(b":authority", b"127.0.0.1") + literal(
    b"content-type", b"application/grpc") + literal(b"te", b"trailers")

#: The same on a connection where they have been sent: 62 to 65 are the table's newest, the last one first.
GRPC_HEADERS_AGAIN = bytes([0x83, 0x86, 0x80 | 65, 0x80 | 64, 0x80 | 63, 0x80 | 62])
