"""Python's gzip, for MartletCompression's tests. Each line of the input is bytes in hex, or `-` for none, and so is
each of the output.

    compression.py compress LEVEL
    compression.py decompress
"""

import gzip
import sys

if sys.argv[1] == "compress":
    level = int(sys.argv[2])
    change = lambda data: gzip.compress(data, level)
else:
    change = gzip.decompress

for line in sys.stdin:
    data = change(bytes.fromhex(line.strip().removeprefix("-")))
    print(data.hex() or "-")
