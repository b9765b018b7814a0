"""What Prometheus's own client for Python reads in metrics, for MartletObservability's tests.

    prometheus.py < metrics     prints one line of JSON for each family and each sample, in their order; fails for text
                                that it can't read
"""

import json
import sys

from prometheus_client.parser import text_string_to_metric_families

for family in text_string_to_metric_families(sys.stdin.read()):
    print(json.dumps({"name": family.name, "type": family.type, "help": family.documentation}))
    for sample in family.samples:
        print(json.dumps({"name": sample.name, "labels": sample.labels, "value": str(float(sample.value))}))
