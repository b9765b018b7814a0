"""Connections made by hand: opened without a client's library, with or without one call of GetUser."""

from __future__ import annotations

import socket
import struct
from typing import Callable

from .messages import (
    GRPC_HEADERS, GRPC_HEADERS_AGAIN, GRPC_REQUEST, LEAST_REPLY, TTRPC_REQUEST, http2_frame, ttrpc_frame, varint)

_HELLO, _RESPONSE, _TTRPC_REQUEST = 0x10, 0x02, 0x01
_DATA, _HEADERS, _RESET, _SETTINGS, _PING, _GO_AWAY, _WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
_ACKNOWLEDGEMENT, _END_STREAM, _END_HEADERS = 1, 1, 4
#: What servers may send on a connection before they must wait: more than they ever will.
_WINDOW = 1 << 30


def open_connection(wire: str, port: int, call: bool) -> socket.socket:
    """A connection that has been greeted, and on which a call has been answered if `call`.

    Raises OSError if the server isn't there (yet), or answers something else.
    """
    connection = socket.create_connection(("127.0.0.1", port), 5)
    try:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _GREETINGS[wire](connection, call)
    except BaseException:
        connection.close()
        raise
    return connection


def call_again(connection: socket.socket, wire: str, streams: range) -> None:
    """Makes calls one after another on a connection on which one was made when it was opened, on stream 1."""
    for stream in streams:
        if wire == "grpc":
            connection.sendall(_grpc_call(stream, GRPC_HEADERS_AGAIN))
            _await_grpc_answer(connection, stream)
        else:
            connection.sendall(ttrpc_frame(_TTRPC_REQUEST, stream, TTRPC_REQUEST))
            _await_frame(connection, _RESPONSE, LEAST_REPLY)


def _greet_native(connection: socket.socket, call: bool) -> None:
    hello = b"\x08" + varint(1) + b"\x38" + varint(_WINDOW)  # version, initial_connection_window
    connection.sendall(
        ttrpc_frame(_HELLO, 0, hello) + (ttrpc_frame(_TTRPC_REQUEST, 1, TTRPC_REQUEST) if call else b""))
    _await_frame(connection, _RESPONSE if call else _HELLO, LEAST_REPLY if call else 0)


def _greet_ttrpc(connection: socket.socket, call: bool) -> None:
    # Without a call there is nothing to say on this wire.
    if call:
        connection.sendall(ttrpc_frame(_TTRPC_REQUEST, 1, TTRPC_REQUEST))
        _await_frame(connection, _RESPONSE, LEAST_REPLY)


def _await_frame(connection: socket.socket, wanted: int, least: int) -> None:
    """Reads until a frame of that type has come."""
    while True:
        length, _, kind, _ = struct.unpack(">IIBB", _receive(connection, 10))
        _receive(connection, length)
        if kind == wanted:
            if length < least:
                raise OSError(f"an answer of {length} bytes, which is none of GetUser")
            return


def _greet_grpc(connection: socket.socket, call: bool) -> None:
    opening = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + http2_frame(_SETTINGS, 0, 0, b"")
    opening += http2_frame(_WINDOW_UPDATE, 0, 0, struct.pack(">I", _WINDOW))
    connection.sendall(opening + (_grpc_call(1, GRPC_HEADERS) if call else b""))
    _await_grpc_answer(connection, 1 if call else None)


def _grpc_call(stream: int, headers: bytes) -> bytes:
    return (http2_frame(_HEADERS, _END_HEADERS, stream, headers)
            + http2_frame(_DATA, _END_STREAM, stream, GRPC_REQUEST))


def _await_grpc_answer(connection: socket.socket, stream: int | None) -> None:
    """Reads until the stream has ended, or without one, until the server's settings have come."""
    received = 0
    while True:
        header = _receive(connection, 9)
        kind, flags, arrived_on = header[3], header[4], int.from_bytes(header[5:], "big") & 0x7FFFFFFF
        content = _receive(connection, int.from_bytes(header[:3], "big"))
        if kind in (_RESET, _GO_AWAY):
            raise OSError(f"the server gave up: frame type {kind}, {content!r}")
        if kind == _SETTINGS and not flags & _ACKNOWLEDGEMENT:
            connection.sendall(http2_frame(_SETTINGS, _ACKNOWLEDGEMENT, 0, b""))
            if stream is None:
                return
        elif kind == _PING and not flags & _ACKNOWLEDGEMENT:
            connection.sendall(http2_frame(_PING, _ACKNOWLEDGEMENT, 0, content))
        elif arrived_on == stream and kind in (_DATA, _HEADERS):
            received += len(content) if kind == _DATA else 0
            if flags & _END_STREAM:
                if received < LEAST_REPLY:
                    raise OSError(f"an answer of {received} bytes, which is none of GetUser")
                return


def _receive(connection: socket.socket, count: int) -> bytes:
    received = bytearray()
    while len(received) < count:
        part = connection.recv(count - len(received))
        if not part:
            raise OSError("the server closed the connection")
        received += part
    return bytes(received)


_GREETINGS: dict[str, Callable[[socket.socket, bool], None]] = {
    "native": _greet_native, "grpc": _greet_grpc, "ttrpc": _greet_ttrpc}
