import unittest

from ..scenarios import P50, RATE
from ..summary import Summaries, Summary, advantage


def sample(scenario, contestant, **figures):
    return {"round": 1, "scenario": scenario, "contestant": contestant, "figures": figures}


class SummaryTests(unittest.TestCase):
    def test_median_is_the_middle_whatever_the_order(self):
        self.assertEqual(Summary.of([9, 1, 5]), Summary(5, 1, 9))

    def test_median_of_an_even_number_is_between_the_two_in_the_middle(self):
        self.assertEqual(Summary.of([1, 2, 4, 100]).median, 3)

    def test_rounds_are_taken_together_and_contestants_are_not(self):
        summaries = Summaries([
            sample("b", "one", rate=10), sample("b", "two", rate=1), sample("b", "one", rate=30),
            sample("b", "one", rate=20)])
        self.assertEqual(summaries.get("b", "one", RATE), Summary(20, 10, 30))
        self.assertEqual(summaries.get("b", "two", RATE), Summary(1, 1, 1))
        self.assertEqual(summaries.contestants("b"), ["one", "two"])
        self.assertEqual(summaries.medians()["b"]["one"], {"rate": 20})

    def test_what_was_not_measured_is_nothing(self):
        summaries = Summaries([sample("b", "one", rate=10)])
        self.assertIsNone(summaries.get("b", "one", P50))
        self.assertIsNone(summaries.get("a", "one", RATE))

    def test_an_error_is_kept_and_spoils_no_other_round(self):
        summaries = Summaries([
            {"round": 1, "scenario": "b", "contestant": "one", "error": "no answer"}, sample("b", "one", rate=10)])
        self.assertEqual(summaries.errors, [("b", "one", "no answer")])
        self.assertEqual(summaries.get("b", "one", RATE).median, 10)

    def test_words_among_the_figures_are_skipped(self):
        summaries = Summaries([sample("b", "one", rate=10, framework="one", times=[1, 2])])
        self.assertEqual(summaries.medians(), {"b": {"one": {"rate": 10}}})

    def test_advantage_is_above_one_for_what_is_better(self):
        self.assertEqual(advantage(RATE, 300, 100), 3)
        self.assertEqual(advantage(P50, 50, 100), 2)
        self.assertEqual(advantage(RATE, 100, 0), float("inf"))
