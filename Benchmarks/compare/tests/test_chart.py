import unittest
from xml.etree import ElementTree

from ..chart import chart
from ..results import Results
from ..svg import Drawing
from .test_summary import sample

SVG = "{http://www.w3.org/2000/svg}"


def results(*samples):
    machine = {"cpu": "A <fast> & small CPU", "cores": 2, "system": "Debian", "kernel": "Linux 6"}
    return Results("2026-01-02T03:04:05+00:00", 3, 5.0, machine, {"martlet": "abc"}, samples=list(samples))


class ChartTests(unittest.TestCase):
    def test_text_cannot_break_the_picture(self):
        drawing = Drawing(100, "a & b", "<desc>")
        drawing.text(1, 2, "5 < 6 & \"7\"", "muted")
        root = ElementTree.fromstring(drawing.finished(50))
        self.assertEqual(root.find(f"{SVG}text").text, "5 < 6 & \"7\"")
        self.assertEqual(root.find(f"{SVG}title").text, "a & b")

    def test_the_longest_bar_is_the_greatest_value_and_the_best_is_on_top(self):
        root = ElementTree.fromstring(chart(results(
            sample("b", "grpc-go", rate=100), sample("b", "martlet-native", rate=400),
            sample("b", "floor", rate=9000))))
        bars = root.findall(f"{SVG}rect")[1:]
        self.assertEqual([bar.get("class") for bar in bars], ["native", "peer"])
        self.assertAlmostEqual(float(bars[0].get("width")) / float(bars[1].get("width")), 4, places=1)
        texts = [text.text for text in root.findall(f"{SVG}text")]
        self.assertIn("4.0 ×", texts)
        self.assertIn("For scale, raw bytes in C: 9,000", texts)

    def test_low_figures_come_first_where_low_is_better(self):
        root = ElementTree.fromstring(chart(results(
            sample("a", "grpc-go", p50_us=90), sample("a", "martlet-native", p50_us=30))))
        self.assertEqual([bar.get("class") for bar in root.findall(f"{SVG}rect")[1:]], ["native", "peer"])

    def test_a_run_without_figures_still_gives_a_picture(self):
        root = ElementTree.fromstring(chart(results()))
        self.assertEqual(len(root.findall(f"{SVG}rect")), 1)
