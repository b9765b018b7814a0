"""From samples to medians, and from medians to ratios."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any, Iterable

from .scenarios import Figure


@dataclass(frozen=True)
class Summary:
    """One figure over all rounds."""

    median: float
    low: float
    high: float

    @staticmethod
    def of(values: Iterable[float]) -> Summary:
        numbers = list(values)
        return Summary(statistics.median(numbers), min(numbers), max(numbers))


class Summaries:
    """The figures of each scenario and contestant."""

    def __init__(self, samples: Iterable[dict[str, Any]]):
        values: dict[tuple[str, str], dict[str, list[float]]] = {}
        #: What went wrong: scenario, contestant and text.
        self.errors: list[tuple[str, str, str]] = []
        for sample in samples:
            place = (sample["scenario"], sample["contestant"])
            if "error" in sample:
                self.errors.append((*place, sample["error"]))
                continue
            figures = values.setdefault(place, {})
            for key, value in sample["figures"].items():
                if isinstance(value, (int, float)):
                    figures.setdefault(key, []).append(value)
        self._summaries = {
            place: {key: Summary.of(numbers) for key, numbers in figures.items()}
            for place, figures in values.items()}

    def get(self, scenario: str, contestant: str, figure: Figure) -> Summary | None:
        return self._summaries.get((scenario, contestant), {}).get(figure.key)

    def contestants(self, scenario: str) -> list[str]:
        """Those with figures, in the order of the first samples."""
        return [contestant for place, contestant in self._summaries if place == scenario]

    def medians(self) -> dict[str, dict[str, dict[str, float]]]:
        """By scenario, contestant and key of the figure."""
        medians: dict[str, dict[str, dict[str, float]]] = {}
        for (scenario, contestant), figures in self._summaries.items():
            medians.setdefault(scenario, {})[contestant] = {
                key: round(summary.median, 4) for key, summary in figures.items()}
        return medians


def advantage(figure: Figure, ours: float, theirs: float) -> float:
    """How many times as good ours is: above 1 is better, whether the figure should be low or high."""
    over, under = (theirs, ours) if figure.lower_is_better else (ours, theirs)
    return over / under if under > 0 else float("inf")
