"""The other end of what is counted: calls and answers come in whole batches, so that each run does the same."""

from __future__ import annotations

import socket
from typing import Iterator

from .frames import WIRES

_PATIENCE = 60


class Connection:
    def __init__(self, connected: socket.socket, wire: str):
        connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connected.settimeout(_PATIENCE)
        self.wire = WIRES[wire]()
        self._socket, self._rest = connected, b""

    def send(self, frames: bytes) -> None:
        if frames:
            self._socket.sendall(frames)

    def receive(self) -> Iterator[tuple[bytes, bytes]]:
        """Waits for bytes; gives the headers and contents of the frames that are complete with them."""
        received = self._socket.recv(1 << 20)
        if not received:
            raise EOFError
        self._rest += received
        at, header = 0, self.wire.HEADER
        while len(self._rest) - at >= header:
            end = at + header + self.wire.size(self._rest[at:at + header])
            if len(self._rest) < end:
                break
            yield self._rest[at:at + header], self._rest[at + header:end]
            at = end
        self._rest = self._rest[at:]

    def skip(self, count: int) -> None:
        while count:
            count -= len(self._socket.recv(count))


def call(port: int, wire: str, in_flight: int, count: int) -> None:
    """Calls a server `count` times: the next batch leaves when the last is answered."""
    with socket.create_connection(("127.0.0.1", port), _PATIENCE) as connected:
        connection = Connection(connected, wire)
        connection.send(connection.wire.opening_of_client)
        stream = 1
        for _ in range(count // in_flight):
            connection.send(b"".join(connection.wire.call(stream + 2 * i) for i in range(in_flight)))
            stream += 2 * in_flight
            answered = 0
            while answered < in_flight:
                owed = b""
                for header, content in connection.receive():
                    answered += connection.wire.ended(header) is not None
                    owed += connection.wire.owed(header, content)
                connection.send(owed)
            connection.send(connection.wire.credit_for_answers(in_flight))


def answer(listener: socket.socket, wire: str, in_flight: int) -> None:
    """Answers one client's calls, each batch when it is whole, until the client leaves. The first call comes alone."""
    connected, _ = listener.accept()
    with connected:
        connection = Connection(connected, wire)
        connection.skip(connection.wire.CLIENT_PREFACE)
        connection.send(connection.wire.opening_of_server)
        open_calls: list[int] = []
        batch = 1
        try:
            while True:
                owed = b""
                for header, content in connection.receive():
                    stream = connection.wire.ended(header)
                    if stream is not None:
                        open_calls.append(stream)
                    owed += connection.wire.owed(header, content)
                if len(open_calls) == batch:
                    owed += connection.wire.credit_for_calls(batch)
                    owed += b"".join(connection.wire.answer(stream) for stream in open_calls)
                    open_calls, batch = [], in_flight
                connection.send(owed)
        except (EOFError, ConnectionResetError):
            # It has made its calls.
            return
