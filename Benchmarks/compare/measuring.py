"""One sample: one scenario, one contestant."""

from __future__ import annotations

import json
import re
import resource
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from .contestants import Contestant
from .messages import GRPC_REQUEST, LEAST_REPLY, PATH
from .paths import ALLOCATIONS
from .probes import call_again, open_connection
from .processes import PATIENCE, Server, ServerFailed, free_port, last_words, machine_ticks
from .scenarios import Kind, Scenario

Sample = dict[str, Any]

#: Connections that lie idle at the same time.
IDLE_CONNECTIONS = 500
#: Seconds that a server gets to come to rest before its memory is read.
_REST = 0.5
#: How often a start is measured in one sample, of which the median counts.
_STARTS = 5
#: Calls during which allocations are counted, and those before, which fill caches.
_COUNTED_CALLS, _UNCOUNTED_CALLS = 1000, 200
#: Requests with which h2load warms a server up.
_WARM_UP_REQUESTS = 10_000


def measure(contestant: Contestant, scenario: Scenario, seconds: float) -> Sample:
    """The figures of one run, or `{"error": …}` with what went wrong."""
    all_before, stolen_before = machine_ticks()
    try:
        sample = _MEASURES[scenario.kind](contestant, scenario, seconds)
    except (_ClientFailed, ServerFailed, OSError) as error:
        return {"error": str(error)}
    all_after, stolen_after = machine_ticks()
    # Much of it means that the machine is one of several on a busy host, and that the sample isn't worth much.
    sample["stolen_percent"] = round(100 * (stolen_after - stolen_before) / max(1, all_after - all_before), 1)
    return sample


class _ClientFailed(Exception):
    pass


def _measure_client(contestant: Contestant, scenario: Scenario, seconds: float) -> Sample:
    port = free_port()
    with _start(contestant, scenario, port) as server:
        server.wait_until_listening(port)
        command = [*scenario.programs(contestant.client), str(port), scenario.argument, str(server.pid), str(seconds)]
        output = _run(_on_cores(scenario, [*command, *contestant.client_options, *scenario.client_options]), seconds)
        server.require_alive()
    try:
        return json.loads(output)
    except json.JSONDecodeError:
        raise _ClientFailed(f"the client printed no line of JSON but: {last_words(output)}") from None


def _measure_h2load(contestant: Contestant, scenario: Scenario, seconds: float) -> Sample:
    port = free_port()
    with tempfile.NamedTemporaryFile() as body, _start(contestant, scenario, port) as server:
        body.write(GRPC_REQUEST)
        body.flush()
        server.wait_until_listening(port)

        def load(requests: int) -> str:
            return _run([
                "h2load", *scenario.argument.split(), "-t1", f"-n{requests}", "-d", body.name,
                "-H", "content-type: application/grpc", "-H", "te: trailers", f"http://127.0.0.1:{port}{PATH}"],
                seconds)

        requests = max(_WARM_UP_REQUESTS, int(_h2load_rate(load(_WARM_UP_REQUESTS)) * seconds))
        server_before, client_before = server.cpu_seconds, _children_cpu_seconds()
        rate = _h2load_rate(load(requests))
        return {
            "ops": requests, "rate": rate,
            "cli_cpu_per_100k": (_children_cpu_seconds() - client_before) * 1e5 / requests,
            "srv_cpu_per_100k": (server.cpu_seconds - server_before) * 1e5 / requests,
            "srv_hwm_kb": server.peak_kib}


def _h2load_rate(output: str) -> float:
    rate = re.search(r"finished in [\d.]+\w+, ([\d.]+) req/s", output)
    succeeded = re.search(r"(\d+) total, .* (\d+) succeeded", output)
    data = re.search(r"\((\d+)\) data", output)
    if not rate or not succeeded or succeeded.group(1) != succeeded.group(2):
        raise _ClientFailed(f"h2load: {last_words(output)}")
    if not data or int(data.group(1)) < LEAST_REPLY * int(succeeded.group(1)):
        raise _ClientFailed("h2load: the answers are too short to be users")
    return float(rate.group(1))


def _measure_idle(contestant: Contestant, scenario: Scenario, seconds: float) -> Sample:
    sample: Sample = {}
    for key, call in (("kib_per_connection", False), ("kib_per_connection_after_call", True)):
        port = free_port()
        with _start(contestant, scenario, port) as server:
            server.wait_until_listening(port)
            time.sleep(_REST)
            sample["server_kib"] = server.resident_kib
            # What the first connection takes is not what each takes.
            connections = [open_connection(contestant.wire, port, True)]
            time.sleep(_REST)
            before = server.resident_kib
            connections += [open_connection(contestant.wire, port, call) for _ in range(IDLE_CONNECTIONS)]
            time.sleep(2 * _REST)
            sample[key] = (server.resident_kib - before) / IDLE_CONNECTIONS
            for connection in connections:
                connection.close()
    return sample


def _measure_startup(contestant: Contestant, scenario: Scenario, seconds: float) -> Sample:
    times = []
    for _ in range(_STARTS):
        port = free_port()
        with _start(contestant, scenario, port) as server:
            while True:
                try:
                    open_connection(contestant.wire, port, True).close()
                    break
                except ConnectionError:
                    server.require_alive()
                    if time.perf_counter() - server.started > PATIENCE:
                        raise ServerFailed(f"the server didn't answer within {PATIENCE} s") from None
                    time.sleep(0.0002)
            times.append((time.perf_counter() - server.started) * 1000)
    return {"startup_ms": sorted(times)[_STARTS // 2], "startups_ms": times}


def _measure_allocations(contestant: Contestant, scenario: Scenario, seconds: float) -> Sample:
    port = free_port()
    with tempfile.NamedTemporaryFile() as counter:
        counter.write(bytes(8))
        counter.flush()

        def count() -> int:
            return struct.unpack("N", Path(counter.name).read_bytes())[0]

        # Streams have odd numbers, and 1 is taken.
        first_counted = 3 + 2 * _UNCOUNTED_CALLS
        preload = {"LD_PRELOAD": str(ALLOCATIONS), "ALLOCATIONS": counter.name}
        with _start(contestant, scenario, port, preload) as server:
            server.wait_until_listening(port)
            with open_connection(contestant.wire, port, True) as connection:
                call_again(connection, contestant.wire, range(3, first_counted, 2))
                before = count()
                call_again(connection, contestant.wire, range(first_counted, first_counted + 2 * _COUNTED_CALLS, 2))
                allocations = count() - before
    if allocations == 0:
        raise ServerFailed("its allocations don't go to the C library, so that they can't be counted")
    return {"allocations": allocations / _COUNTED_CALLS}


_MEASURES = {
    Kind.CLIENT: _measure_client, Kind.H2LOAD: _measure_h2load, Kind.IDLE: _measure_idle,
    Kind.STARTUP: _measure_startup, Kind.ALLOCATIONS: _measure_allocations}


def _start(contestant: Contestant, scenario: Scenario, port: int, environment: dict[str, str] | None = None) -> Server:
    is_small = scenario.kind in (Kind.IDLE, Kind.STARTUP)
    program = is_small and contestant.small_server or contestant.server
    command = [word.replace("{port}", str(port)) for word in scenario.programs(program)]
    return Server(_on_cores(scenario, [*command, *scenario.server_options]), environment)


def _on_cores(scenario: Scenario, command: list[str]) -> list[str]:
    return ["taskset", "-c", "0", *command] if scenario.one_core else command


def _run(command: list[str], seconds: float) -> str:
    # Clients warm up for a second, connect, and wait for calls under way; a minute more means that one hangs.
    try:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=seconds + 60)
    except subprocess.TimeoutExpired as expired:
        words = last_words((expired.stderr or b"").decode(errors="replace"))
        raise _ClientFailed(f"{Path(command[0]).name} didn't end within {seconds + 60:.0f} s: {words}") from None
    if result.returncode != 0:
        raise _ClientFailed(f"{Path(command[0]).name} ended with status {result.returncode}: "
                            f"{last_words(result.stderr or result.stdout)}")
    return result.stdout


def _children_cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
