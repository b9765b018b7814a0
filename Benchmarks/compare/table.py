"""The report as text."""

from __future__ import annotations

from typing import Sequence

from .contestants import CONTESTANTS
from .goals import Verdict
from .scenarios import Figure, Kind, Scenario
from .summary import Summaries, advantage

#: Where there is no figure.
NOTHING = "–"


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of columns: the first to the left, the others to the right. The first row has the headings."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row, widths)]
        cells[0] = row[0].ljust(widths[0])
        lines.append("  ".join(cells).rstrip())
    return lines


def shown(figure: Figure, value: float) -> str:
    return f"{value / figure.scale:,.{figure.decimals}f}"


def ratio(value: float) -> str:
    """With as many digits as are worth it."""
    return f"{value:.0f} ×" if value >= 20 else f"{value:.1f} ×" if value >= 2 else f"{value:.2f} ×"


def reference(summaries: Summaries, scenario: Scenario) -> str | None:
    """The contestant that the others are compared with: the first of Martlet's that has figures."""
    present = summaries.contestants(scenario.name)
    return next((one.name for one in CONTESTANTS if one.is_martlet and one.name in present), None)


def scenario_table(summaries: Summaries, scenario: Scenario) -> list[str]:
    """A title and a row for each contestant; nothing if none has figures."""
    headline = scenario.headline
    # A column for which nobody has a figure, as h2load's percentiles, is left out.
    names = summaries.contestants(scenario.name)
    columns = [figure for figure in scenario.columns
               if any(summaries.get(scenario.name, name, figure) for name in names)]
    base = reference(summaries, scenario)
    compared = [f"{base} is"] if base else []
    rows = [["", headline.heading, "min–max", *compared, *(figure.heading for figure in columns)]]
    for contestant in CONTESTANTS:
        summary = summaries.get(scenario.name, contestant.name, headline)
        if not summary:
            continue
        ours = summaries.get(scenario.name, base, headline) if base else None
        cells = [summaries.get(scenario.name, contestant.name, figure) for figure in columns]
        rows.append([
            contestant.name,
            shown(headline, summary.median),
            f"{shown(headline, summary.low)}–{shown(headline, summary.high)}",
            *([ratio(advantage(headline, ours.median, summary.median))] if ours else []),
            *(shown(figure, cell.median) if cell else NOTHING for figure, cell in zip(columns, cells))])
    if len(rows) == 1:
        return []
    better = "lower is better" if headline.lower_is_better else "higher is better"
    return [f"{scenario.name}: {scenario.title} ({headline.heading}, {better})", *aligned(rows)]


def goals_table(verdicts: Sequence[Verdict]) -> list[str]:
    rows = [["goal", "wire", "wanted", "measured", "by", ""]]
    for verdict in verdicts:
        goal = verdict.goal
        rows.append([
            f"{goal.scenario}, {goal.figure.heading}", goal.wire, str(goal), f"{verdict.measured:.2f}",
            verdict.contestant, "reached" if verdict.is_reached else "MISSED"])
    return ["Goals", *aligned(rows)] if verdicts else []


def report(
    summaries: Summaries, scenarios: Sequence[Scenario], verdicts: Sequence[Verdict], left_out: dict[str, str]
) -> str:
    blocks = [scenario_table(summaries, scenario) for scenario in scenarios]
    blocks.append(goals_table(verdicts))
    blocks.append([f"Left out: {name}: {reason}" for name, reason in left_out.items()])
    blocks.append([f"Failed: {scenario}, {contestant}: {error}" for scenario, contestant, error in summaries.errors])
    if any(summaries.contestants(one.name) for one in scenarios if one.kind in (Kind.CLIENT, Kind.H2LOAD)):
        blocks.append([
            "CPU is in seconds per 100,000 calls, or messages of streams. “… is” tells how many times as good."])
    return "\n\n".join("\n".join(block) for block in blocks if block)
