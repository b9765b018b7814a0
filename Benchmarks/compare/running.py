"""A run: round by round, scenario by scenario, all contestants in turn."""

from __future__ import annotations

import sys
import time
from datetime import datetime, timezone
from typing import Iterator, Sequence

from .contestants import Contestant
from .machine import is_busy, machine, versions
from .measuring import Sample, measure
from .results import Results
from .scenarios import Scenario
from .table import shown


class Run:
    def __init__(
        self, scenarios: Sequence[Scenario], contestants: Sequence[Contestant], rounds: int, seconds: float,
        left_out: dict[str, str]
    ):
        self._pairs = [
            (scenario, contestant) for scenario in scenarios if scenario.name not in left_out
            for contestant in contestants
            if contestant.name not in left_out and scenario.skill in contestant.skills]
        self.results = Results(
            date=datetime.now(timezone.utc).isoformat(timespec="seconds"), rounds=rounds, seconds=seconds,
            machine=machine(), versions=versions(), left_out=left_out)

    def go(self) -> None:
        """Adds a sample to the results for each measurement, so that those of a run that is broken off are there."""
        if is_busy():
            _say("The machine is busy: these figures will mean little.")
        total = self.results.rounds * len(self._pairs)
        started = time.monotonic()
        for done, (round_number, scenario, contestant) in enumerate(self._turns()):
            per_sample = (time.monotonic() - started) / done if done else 0
            left = f", {_minutes((total - done) * per_sample)} left" if done else ""
            _say(f"[{done + 1}/{total}{left}] round {round_number}, {scenario.name}, {contestant.name}", end=": ")
            figures = measure(contestant, scenario, self.results.seconds)
            place = {"round": round_number, "scenario": scenario.name, "contestant": contestant.name}
            self.results.samples.append(place | (figures if "error" in figures else {"figures": figures}))
            _say(_outcome(scenario, figures))

    def _turns(self) -> Iterator[tuple[int, Scenario, Contestant]]:
        for round_number in range(1, self.results.rounds + 1):
            for scenario, contestant in self._pairs:
                yield round_number, scenario, contestant


def _outcome(scenario: Scenario, sample: Sample) -> str:
    if "error" in sample:
        return f"FAILED: {sample['error']}"
    headline = scenario.headline
    return f"{shown(headline, sample[headline.key])} {headline.heading}"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


def _say(text: str, end: str = "\n") -> None:
    print(text, file=sys.stderr, end=end, flush=True)
