"""Where things lie."""

from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent.parent
#: A folder per peer, with its sources and a `build.sh`.
PEERS = BENCHMARKS / "Peers"
#: Where each `build.sh` puts its programs, in a folder of the peer's name.
BUILT_PEERS = BENCHMARKS / ".build-peers"
#: The source of what counts a server's allocations, and where it is built to.
ALLOCATIONS_SOURCE = BENCHMARKS / "Messages" / "allocations.c"
ALLOCATIONS = BUILT_PEERS / "allocations.so"
#: What a web server answers from.
DOCUMENTS = BUILT_PEERS / "documents"
#: Martlet's programs and the floor, which SwiftPM builds.
BUILT_MARTLET = BENCHMARKS / ".build" / "release"
#: The same, linked with TLS.
BUILT_MARTLET_TLS = BENCHMARKS / ".build-tls" / "release"
#: Where results go unless `--out` says otherwise. Git ignores it.
RESULTS = BENCHMARKS / ".build-results"
