"""Who is compared, by which commands, and what each of them can do."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path

from .paths import BUILT_MARTLET, BUILT_PEERS, DOCUMENTS


class Skill(Enum):
    """What a scenario takes."""

    UNARY = auto()
    """Unary calls over one connection."""
    CONNECTIONS = auto()
    """Unary calls over several connections."""
    STREAM = auto()
    """Streams of responses."""
    ECHO = auto()
    """Messages of a mebibyte."""
    HTTP2 = auto()
    """Answers h2load."""
    SERVER = auto()
    """A server whose memory and start count. Those that share a server with another contestant leave this out."""
    MALLOC = auto()
    """Its server's allocations can be counted: they go to the C library, which Go's don't."""
    MARTLET = auto()
    """The scenarios that only Martlet's programs have."""


@dataclass(frozen=True)
class Contestant:
    """A server and a client, usually of one framework."""

    name: str
    """In options, tables and data."""
    label: str
    """In the picture."""
    wire: str
    """What a connection to the server speaks: `native`, `grpc`, `ttrpc`, or `bytes` and `http` of those without RPC."""
    skills: frozenset[Skill]
    server: tuple[str, ...]
    """The command; `{port}` stands for the port. A scenario's options follow."""
    client: tuple[str, ...] = ()
    """The command, before `PORT SCENARIO SERVER_PID SECONDS`."""
    client_options: tuple[str, ...] = ()
    """What follows that, before a scenario's options."""
    small_server: tuple[str, ...] = ()
    """What is started instead of the server where only its start or its memory count, if there is one."""
    peer: str | None = None
    """Its folder in `Peers`; none for what comes with Martlet's programs or with the system."""
    is_martlet: bool = field(default=False)

    def missing_program(self) -> str | None:
        """The program that this machine lacks, if any."""
        for command in (self.server, self.client):
            if command and not Path(command[0]).exists() and shutil.which(command[0]) is None:
                return command[0]
        return None


_CALLS = frozenset({Skill.UNARY, Skill.CONNECTIONS, Skill.ECHO})
_BENCH = str(BUILT_MARTLET / "martlet-bench")


def _martlet(name: str, label: str, wire: str, callers: str, *skills: Skill) -> Contestant:
    return Contestant(
        name, label, wire, _CALLS | {Skill.STREAM, *skills},
        server=(_BENCH, "server", "{port}"), client=(_BENCH, "client"),
        client_options=("--wire", wire, "--callers", callers),
        small_server=(str(BUILT_MARTLET / "small-server"), "{port}"), is_martlet=True)


def _peer(name: str, label: str, wire: str, folder: str, *skills: Skill) -> Contestant:
    programs = BUILT_PEERS / folder
    return Contestant(
        name, label, wire, _CALLS | {Skill.SERVER, *skills},
        server=(str(programs / "server"), "{port}"), client=(str(programs / "client"),), peer=folder)


_FLOOR = str(BUILT_MARTLET / "floor")

#: In the order of tables. The first of Martlet's is what the others are compared with.
CONTESTANTS = (
    _martlet("martlet-native", "Martlet native", "native", "pool", Skill.SERVER, Skill.MALLOC, Skill.MARTLET),
    _martlet("martlet-native-loop", "Martlet native (loop)", "native", "loop"),
    _martlet("martlet-grpc", "Martlet gRPC", "grpc", "pool",
             Skill.SERVER, Skill.MALLOC, Skill.HTTP2, Skill.MARTLET),
    _martlet("martlet-grpc-loop", "Martlet gRPC (loop)", "grpc", "loop"),
    _martlet("martlet-ttrpc", "Martlet ttrpc", "ttrpc", "pool", Skill.SERVER, Skill.MALLOC),
    _peer("grpc-swift-2", "grpc-swift-2", "grpc", "grpc-swift", Skill.STREAM, Skill.HTTP2, Skill.MALLOC),
    _peer("cpp-grpc", "C++ gRPC", "grpc", "cpp-grpc", Skill.STREAM, Skill.HTTP2, Skill.MALLOC),
    _peer("grpc-go", "grpc-go", "grpc", "grpc-go", Skill.STREAM, Skill.HTTP2),
    _peer("ttrpc-go", "ttrpc-go", "ttrpc", "ttrpc-go"),
    Contestant(
        "floor", "raw bytes in C", "bytes", frozenset({Skill.UNARY}),
        server=(_FLOOR, "server", "{port}"), client=(_FLOOR, "client")),
    Contestant(
        "nghttpd", "nghttpd", "http", frozenset({Skill.HTTP2}),
        # It answers with a file of a reply's size. Debian keeps servers where only root looks.
        server=(shutil.which("nghttpd", path="/usr/local/bin:/usr/bin:/usr/sbin") or "nghttpd",
                "--no-tls", "--address=127.0.0.1", f"--htdocs={DOCUMENTS}", "{port}")),
)
