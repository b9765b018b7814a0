"""What is measured, and the figures that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from .contestants import Skill
from .paths import BUILT_MARTLET, BUILT_MARTLET_TLS


@dataclass(frozen=True)
class Figure:
    """A number in samples, under `key`."""

    key: str
    heading: str
    """Of its column, with the unit."""
    decimals: int = 0
    lower_is_better: bool = True
    scale: float = 1
    """What it is divided by to be shown."""


RATE = Figure("rate", "per s", lower_is_better=False)
MIB = Figure("mib_s", "MiB/s", lower_is_better=False)
P50 = Figure("p50_us", "p50 µs", 1)
P99 = Figure("p99_us", "p99 µs", 1)
P999 = Figure("p999_us", "p99.9 µs", 1)
CLIENT_CPU = Figure("cli_cpu_per_100k", "client CPU", 3)
SERVER_CPU = Figure("srv_cpu_per_100k", "server CPU", 3)
PEAK = Figure("srv_hwm_kb", "peak MiB", 1, scale=1024)
IDLE = Figure("kib_per_connection", "KiB when open", 1)
IDLE_AFTER_CALL = Figure("kib_per_connection_after_call", "KiB after a call", 1)
EMPTY = Figure("server_kib", "MiB before any", 1, scale=1024)
STARTUP = Figure("startup_ms", "ms", 1)
ALLOCATIONS = Figure("allocations", "per call", 1)


class Kind(Enum):
    """How a scenario is measured."""

    CLIENT = auto()
    """By the contestant's own client."""
    H2LOAD = auto()
    """By h2load, which is the same for all servers."""
    IDLE = auto()
    """By counting the memory of a server with many idle connections."""
    STARTUP = auto()
    """By calling a server that has just been started until it answers."""
    ALLOCATIONS = auto()
    """By counting a server's allocations during calls made one after another."""


@dataclass(frozen=True)
class Scenario:
    name: str
    title: str
    kind: Kind
    skill: Skill
    headline: Figure
    """What contestants are compared by."""
    argument: str = ""
    """What the client is told to do, or the options of h2load."""
    one_core: bool = False
    """Server and client share core 0."""
    server_options: tuple[str, ...] = ()
    client_options: tuple[str, ...] = ()
    tls: bool = False
    """It takes programs that were built with TLS, which are others: linked with it they start slower."""

    def programs(self, command: tuple[str, ...]) -> list[str]:
        """A contestant's command, with the program that this scenario takes."""
        program = command[0].replace(str(BUILT_MARTLET), str(BUILT_MARTLET_TLS)) if self.tls else command[0]
        return [program, *command[1:]]

    @property
    def columns(self) -> tuple[Figure, ...]:
        """The figures of its table beside the headline."""
        if self.kind in (Kind.STARTUP, Kind.ALLOCATIONS):
            return ()
        if self.kind is Kind.IDLE:
            return (IDLE, EMPTY)
        columns = (RATE, P50, P99, P999, CLIENT_CPU, SERVER_CPU, PEAK)
        return tuple(figure for figure in columns if figure is not self.headline)


def _calls(name: str, title: str, skill: Skill, argument: str, headline: Figure = RATE, **more) -> Scenario:
    return Scenario(name, title, Kind.CLIENT, skill, headline, argument, **more)


def _own(name: str, title: str, argument: str = "unary:1:64", **more) -> Scenario:
    return _calls(name, title, Skill.MARTLET, argument, **more)


SCENARIOS = (
    _calls("a", "Unary calls, 1 in flight", Skill.UNARY, "unary:1:1", P50),
    _calls("a-pinned", "Unary calls, 1 in flight, server and client on one core", Skill.UNARY, "unary:1:1",
           one_core=True),
    _calls("b", "Unary calls, 64 in flight, 1 connection", Skill.UNARY, "unary:1:64"),
    _calls("c", "Unary calls, 256 in flight, 4 connections", Skill.CONNECTIONS, "unary:4:256"),
    _calls("d", "Streamed messages, 20,000 a call", Skill.STREAM, "stream:20000"),
    _calls("e", "1 MiB there and back, 4 in flight", Skill.ECHO, "echo:1048576:4", MIB),
    Scenario("h2load-c1", "h2load, 64 in flight, 1 connection", Kind.H2LOAD, Skill.HTTP2, RATE, "-c1 -m64"),
    Scenario("h2load-c4", "h2load, 64 in flight on each of 4 connections", Kind.H2LOAD, Skill.HTTP2, RATE, "-c4 -m64"),
    Scenario("idle", "Server memory of an idle connection", Kind.IDLE, Skill.SERVER, IDLE_AFTER_CALL),
    Scenario("startup", "From start to the first answer", Kind.STARTUP, Skill.SERVER, STARTUP),
    Scenario("allocations", "Heap allocations of the server", Kind.ALLOCATIONS, Skill.MALLOC, ALLOCATIONS),
    _own("blocking", "As a, called by a thread that blocks", "unary:1:1", client_options=("--callers", "blocking")),
    _own("synchronous", "As b, handled by plain functions", server_options=("--mode", "synchronous")),
    _own("observed", "As b, each call counted, timed and traced", server_options=("--mode", "observed"),
         client_options=("--observed",)),
    _own("deadline", "As b, with timeouts, and every tenth call cancelled", "deadline:1:64"),
    _own("mixed", "As b, but every tenth call echoes 64 KiB", "mixed:1:64"),
    _own("tls", "As b, over TLS", server_options=("--tls",), client_options=("--tls",), tls=True),
    _own("upload", "Streamed requests, 20,000 a call", "upload:20000"),
    _own("bidi", "A message there and back, on 64 streams", "bidi:1:64"),
    _own("connections", "One call at a time on each of 1,000 connections", "connections:1000"),
    _own("streams", "One call at a time on 10,000 open streams", "streams:10000"),
)


def scenario_named(name: str) -> Scenario:
    return next(scenario for scenario in SCENARIOS if scenario.name == name)
