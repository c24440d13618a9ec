"""Writes a folder to a zip file that is the same, byte for byte, each time."""

import sys
import zipfile
from pathlib import Path

LONG_AGO = (2000, 1, 1, 0, 0, 0)


def zip_folder(folder, target):
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = file.relative_to(folder.parent).as_posix()
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, so that the mode below counts
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, file.read_bytes())


zip_folder(Path(sys.argv[1]), Path(sys.argv[2]))
