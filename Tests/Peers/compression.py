"""Python's gzip and zlib, for MartletCompression's tests. Each line of the input is bytes in hex, or `-` for none, and
so is each of the output.

    compression.py compress LEVEL
    compression.py decompress
    compression.py deflate LEVEL
    compression.py inflate
"""

import gzip
import sys
import zlib

change = {
    "compress": lambda data: gzip.compress(data, int(sys.argv[2])),
    "decompress": gzip.decompress,
    "deflate": lambda data: zlib.compress(data, int(sys.argv[2])),
    "inflate": zlib.decompress,
}[sys.argv[1]]

for line in sys.stdin:
    data = change(bytes.fromhex(line.strip().removeprefix("-")))
    print(data.hex() or "-")
