import unittest

from ..scenarios import PEAK, RATE, scenario_named
from ..summary import Summaries
from ..table import aligned, ratio, report, scenario_table, shown
from .test_summary import sample


class TableTests(unittest.TestCase):
    def test_columns_are_as_wide_as_their_widest_cell(self):
        self.assertEqual(aligned([["", "rate"], ["one", "5"], ["three", "12,345"]]), [
            "         rate", "one         5", "three  12,345"])

    def test_numbers_are_shown_in_their_figure_s_unit(self):
        self.assertEqual(shown(RATE, 12345.6), "12,346")
        self.assertEqual(shown(PEAK, 1536), "1.5")

    def test_ratios_have_the_digits_that_are_worth_it(self):
        self.assertEqual([ratio(value) for value in (0.456, 1.5, 3.14159, 37.4)],
                         ["0.46 ×", "1.50 ×", "3.1 ×", "37 ×"])

    def test_a_scenario_has_a_row_for_each_that_was_measured(self):
        lines = scenario_table(Summaries([
            sample("b", "grpc-go", rate=50_000, p50_us=900), sample("b", "martlet-native", rate=300_000, p50_us=200),
            sample("b", "martlet-native", rate=200_000, p50_us=210)]), scenario_named("b"))
        self.assertEqual(lines, [
            "b: Unary calls, 64 in flight, 1 connection (per s, higher is better)",
            "                  per s          min–max  martlet-native is  p50 µs",
            "martlet-native  250,000  200,000–300,000             1.00 ×   205.0",
            "grpc-go          50,000    50,000–50,000              5.0 ×   900.0"])

    def test_without_martlet_nothing_is_compared_with_it(self):
        lines = scenario_table(Summaries([sample("b", "grpc-go", rate=50_000)]), scenario_named("b"))
        self.assertEqual(lines[1:], ["          per s        min–max", "grpc-go  50,000  50,000–50,000"])

    def test_the_report_names_what_failed_and_what_was_left_out(self):
        summaries = Summaries([{"round": 2, "scenario": "b", "contestant": "grpc-go", "error": "it said nothing"}])
        text = report(summaries, [scenario_named("b")], [], {"ttrpc-go": "Go is missing"})
        self.assertIn("Failed: b, grpc-go: it said nothing", text)
        self.assertIn("Left out: ttrpc-go: Go is missing", text)
