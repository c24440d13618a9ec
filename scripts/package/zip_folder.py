"""Writes a folder to a zip file that is the same, byte for byte, each time.

Zopfli packs the tightest, and the same on every machine: zlib has many makes. The files
may be put inside a folder of the archive.
"""

import argparse
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED

from zopfli import ZipFile, ZipInfo

LONG_AGO = (2000, 1, 1, 0, 0, 0)


def zip_folder(folder, target, inside):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    # What says what an archive is comes last in a wheel.
    files.sort(key=lambda file: ".dist-info/" in file.as_posix())
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for file in files:
            name = str(PurePosixPath(inside, file.relative_to(folder).as_posix()))
            entry = ZipInfo(name, LONG_AGO)
            entry.compress_type = ZIP_STORED if name.endswith(".gz") else ZIP_DEFLATED
            entry.create_system = 3  # Unix, so that the mode below counts
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, file.read_bytes())


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("target", type=Path)
    arguments.add_argument("--inside", default="")
    given = arguments.parse_args()
    zip_folder(given.folder, given.target, given.inside)
