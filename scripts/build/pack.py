"""Packs each file named on the command line with gzip: `x` becomes `x.gz`.

Zopfli, as it packs the tightest, and the same on every machine: zlib has many makes.
"""

import sys
from pathlib import Path

from zopfli import ZOPFLI_FORMAT_GZIP, ZopfliCompressor

for name in sys.argv[1:]:
    compressor = ZopfliCompressor(ZOPFLI_FORMAT_GZIP)
    packed = compressor.compress(Path(name).read_bytes()) + compressor.flush()
    Path(f"{name}.gz").write_bytes(packed)
