"""`python3 -m compare`, in the folder Benchmarks."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

from .arguments import listing, parse
from .building import BuildFailed, build, missing_tools
from .chart import chart
from .contestants import CONTESTANTS
from .goals import judge
from .processes import end_with_exceptions
from .results import Results
from .running import Run
from .scenarios import SCENARIOS
from .table import report

_OPEN_FILES = 4096


def main() -> int:
    options = parse()
    if options.list:
        print(listing())
        return 0
    if options.source:
        return _publish(Results.read(options.source), options.out)
    end_with_exceptions()
    # The default of 1024 is close to what a scenario opens; whatever is started here inherits this.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, _OPEN_FILES)), hard))
    left_out = missing_tools(options.scenarios)
    try:
        left_out |= build(options.contestants, options.scenarios, with_peers=not options.quick)
    except BuildFailed as failure:
        print(f"Martlet's own programs can't be built: {failure}", file=sys.stderr)
        return 1
    for name, reason in left_out.items():
        print(f"Left out: {name}: {reason}", file=sys.stderr)
    run = Run(options.scenarios, options.contestants, options.rounds, options.seconds, left_out)
    try:
        run.go()
    except (KeyboardInterrupt, SystemExit):
        print("\nBroken off. This is what there is so far.", file=sys.stderr)
        _publish(run.results, options.out, "broken-off")
        return 130
    return _publish(run.results, options.out)


def _publish(results: Results, out: Path, name: str = "latest") -> int:
    """Prints the report and writes the files. Gives the status to end with: 1 if anything failed."""
    summaries = results.summaries
    text = report(summaries, SCENARIOS, judge(summaries, CONTESTANTS), results.left_out)
    print(f"\n{text}")
    out.mkdir(parents=True, exist_ok=True)
    for kind, content in (("json", results.text()), ("txt", f"{text}\n"), ("svg", chart(results))):
        (out / f"{name}.{kind}").write_text(content, encoding="utf-8")
    print(f"\nWritten: {out}/{name}.json, .txt and .svg", file=sys.stderr)
    return 1 if summaries.errors else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
