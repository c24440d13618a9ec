"""Writes a folder to a zip file that is the same, byte for byte, each time.

Zopfli packs the tightest, and the same on every machine: zlib has many makes. Arguments:
the folder, and the zip file.
"""

import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED

from zopfli import ZipFile, ZipInfo

folder, target = map(Path, sys.argv[1:])
files = sorted(path for path in folder.rglob("*") if path.is_file())
# What says what an archive is comes last in a wheel.
files.sort(key=lambda file: ".dist-info/" in file.as_posix())
with ZipFile(target, "w", ZIP_DEFLATED) as archive:
    for file in files:
        entry = ZipInfo(file.relative_to(folder).as_posix(), (2000, 1, 1, 0, 0, 0))
        packed_already = file.suffix in (".gz", ".whl")
        entry.compress_type = ZIP_STORED if packed_already else ZIP_DEFLATED
        entry.create_system = 3  # Unix, so that the mode below counts
        entry.external_attr = 0o100644 << 16
        archive.writestr(entry, file.read_bytes())
