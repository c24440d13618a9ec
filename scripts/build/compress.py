"""Packs each file named on the command line: `x` becomes `x.gz`, a PNG a smaller PNG.

Zopfli, as it packs the tightest, and the same on every machine: zlib has many makes.
"""

import sys
from pathlib import Path

import zopfli

for file in map(Path, sys.argv[1:]):
    if file.suffix == ".png":
        file.write_bytes(zopfli.ZopfliPNG().optimize(file.read_bytes()))
    else:
        compressor = zopfli.ZopfliCompressor(zopfli.ZOPFLI_FORMAT_GZIP)
        packed = compressor.compress(file.read_bytes()) + compressor.flush()
        Path(f"{file}.gz").write_bytes(packed)
