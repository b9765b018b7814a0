import json
import tempfile
import unittest
from pathlib import Path

from ..results import Results
from .test_chart import results
from .test_summary import sample


class ResultsTests(unittest.TestCase):
    def test_what_is_written_can_be_read_and_drawn_again(self):
        run = results(sample("b", "martlet-native", rate=400), sample("b", "ttrpc-go", rate=100))
        run.left_out["grpc-go"] = "Go is missing"
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "latest.json"
            file.write_text(run.text(), encoding="utf-8")
            again = Results.read(file)
            data = json.loads(file.read_text(encoding="utf-8"))
        self.assertEqual(again, run)
        self.assertEqual(data["medians"]["b"]["ttrpc-go"], {"rate": 100})
        self.assertIn(
            {"goal": "b ≥ 5 × ttrpc-go", "wire": "native", "contestant": "martlet-native", "measured": 4,
             "reached": False}, data["goals"])

    def test_a_run_broken_off_before_its_first_sample_is_still_data(self):
        self.assertEqual(json.loads(results().text())["samples"], [])
