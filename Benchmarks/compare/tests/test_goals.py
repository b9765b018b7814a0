import unittest

from ..contestants import CONTESTANTS
from ..goals import GOALS, Goal, Verdict, judge
from ..scenarios import IDLE_AFTER_CALL, P50, RATE, SCENARIOS
from ..summary import Summaries
from .test_summary import sample


def verdicts(*samples):
    return {(str(verdict.goal), verdict.contestant): verdict for verdict in judge(Summaries(samples), CONTESTANTS)}


class GoalTests(unittest.TestCase):
    def test_goals_speak_of_what_there_is(self):
        scenarios = {scenario.name: scenario for scenario in SCENARIOS}
        contestants = {contestant.name: contestant for contestant in CONTESTANTS}
        for goal in GOALS:
            with self.subTest(goal=str(goal)):
                scenario = scenarios[goal.scenario]
                self.assertIn(goal.figure, (scenario.headline, *scenario.columns))
                if goal.against:
                    self.assertIn(scenario.skill, contestants[goal.against].skills)

    def test_a_rate_reaches_its_goal_from_the_bound_upwards(self):
        goal = Goal("b", "native", RATE, 5, "ttrpc-go")
        self.assertTrue(Verdict(goal, "martlet-native", 5).is_reached)
        self.assertFalse(Verdict(goal, "martlet-native", 4.99).is_reached)

    def test_a_latency_reaches_its_goal_up_to_the_bound(self):
        goal = Goal("a", "native", P50, 1.15, "floor")
        self.assertTrue(Verdict(goal, "martlet-native", 1.15).is_reached)
        self.assertFalse(Verdict(goal, "martlet-native", 1.16).is_reached)

    def test_each_caller_of_the_wire_is_judged_by_the_ratio(self):
        found = verdicts(
            sample("b", "martlet-native", rate=400), sample("b", "martlet-native-loop", rate=600),
            sample("b", "martlet-grpc", rate=300), sample("b", "ttrpc-go", rate=100))
        pool = found["≥ 5 × ttrpc-go", "martlet-native"]
        loop = found["≥ 5 × ttrpc-go", "martlet-native-loop"]
        self.assertEqual((pool.measured, pool.is_reached), (4, False))
        self.assertEqual((loop.measured, loop.is_reached), (6, True))
        self.assertEqual(len(found), 2)

    def test_a_goal_without_a_peer_is_about_the_figure_itself(self):
        found = verdicts(sample("idle", "martlet-grpc", **{IDLE_AFTER_CALL.key: 21.5}))
        verdict = found["≤ 22 KiB after a call", "martlet-grpc"]
        self.assertEqual((verdict.measured, verdict.is_reached), (21.5, True))

    def test_a_peer_that_was_left_out_leaves_its_goals_open(self):
        self.assertEqual(verdicts(sample("b", "martlet-native", rate=400)), {})
