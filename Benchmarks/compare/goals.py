"""How far Martlet is to go, and whether a run got there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

from .contestants import Contestant
from .scenarios import ALLOCATIONS, IDLE_AFTER_CALL, MIB, P50, RATE, STARTUP, Figure
from .summary import Summaries


@dataclass(frozen=True)
class Goal:
    """A figure of Martlet on one wire is at most, or at least, `bound`: times that of `against`, if there is one."""

    scenario: str
    wire: str
    figure: Figure
    bound: float
    against: str | None = None

    def __str__(self) -> str:
        sign = "≤" if self.figure.lower_is_better else "≥"
        bound = f"{self.bound:g}"
        return f"{sign} {bound} × {self.against}" if self.against else f"{sign} {bound} {self.figure.heading}"


GOALS = (
    Goal("a", "grpc", P50, 1, "cpp-grpc"),
    Goal("a", "grpc", P50, 1, "grpc-go"),
    Goal("a", "native", P50, 1.15, "floor"),
    Goal("a", "native", P50, 1, "ttrpc-go"),
    Goal("a-pinned", "grpc", RATE, 1.5, "cpp-grpc"),
    Goal("a-pinned", "grpc", RATE, 1.5, "grpc-go"),
    Goal("a-pinned", "native", RATE, 2, "ttrpc-go"),
    Goal("a-pinned", "native", RATE, 0.6, "floor"),
    Goal("b", "grpc", RATE, 10, "grpc-swift-2"),
    Goal("b", "grpc", RATE, 2, "cpp-grpc"),
    Goal("b", "grpc", RATE, 2, "grpc-go"),
    Goal("b", "native", RATE, 5, "ttrpc-go"),
    Goal("b", "native", RATE, 35, "grpc-swift-2"),
    Goal("b", "native", RATE, 0.35, "floor"),
    Goal("c", "grpc", RATE, 15, "grpc-swift-2"),
    Goal("c", "grpc", RATE, 2, "grpc-go"),
    Goal("c", "native", RATE, 5, "ttrpc-go"),
    Goal("d", "grpc", RATE, 2, "grpc-go"),
    Goal("d", "native", RATE, 4, "grpc-go"),
    Goal("e", "grpc", MIB, 1.3, "cpp-grpc"),
    Goal("e", "native", MIB, 1.5, "cpp-grpc"),
    Goal("h2load-c4", "grpc", RATE, 2.5, "grpc-go"),
    Goal("h2load-c4", "grpc", RATE, 15, "grpc-swift-2"),
    Goal("h2load-c4", "grpc", RATE, 0.6, "nghttpd"),
    # An nghttp2 session alone takes 14 KiB, NIO 4.
    Goal("idle", "grpc", IDLE_AFTER_CALL, 22),
    Goal("idle", "native", IDLE_AFTER_CALL, 6),
    # An empty Swift program takes 2.4 ms.
    Goal("startup", "grpc", STARTUP, 5),
    Goal("startup", "native", STARTUP, 5),
    Goal("allocations", "grpc", ALLOCATIONS, 12),
    Goal("allocations", "native", ALLOCATIONS, 6),
)


@dataclass(frozen=True)
class Verdict:
    goal: Goal
    contestant: str
    """Which of Martlet's, since its callers may run in several places."""
    measured: float
    """In the goal's terms: a ratio, or the figure itself."""

    @property
    def is_reached(self) -> bool:
        return self.measured <= self.goal.bound if self.goal.figure.lower_is_better else (
            self.measured >= self.goal.bound)


def judge(summaries: Summaries, contestants: Sequence[Contestant]) -> list[Verdict]:
    """What became of the goals for which there are figures."""
    verdicts = []
    for goal in GOALS:
        theirs = summaries.get(goal.scenario, goal.against, goal.figure) if goal.against else None
        if goal.against and not theirs:
            continue
        for contestant in contestants:
            if not contestant.is_martlet or contestant.wire != goal.wire:
                continue
            ours = summaries.get(goal.scenario, contestant.name, goal.figure)
            if ours:
                unit = theirs.median if theirs else goal.figure.scale
                verdicts.append(Verdict(goal, contestant.name, ours.median / unit))
    return verdicts
