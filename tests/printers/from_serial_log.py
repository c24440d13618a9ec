"""Makes a recording of OctoPrint's serial.log, see ``tests/data/printers/README.md``."""

import re
import sys
from datetime import datetime
from pathlib import Path

ENTRY = re.compile(r"(?P<stamp>[\d-]+ [\d:]+,\d+) - (?P<way>Send|Recv): (?P<said>.*)")
NUMBER_AND_CHECKSUM = re.compile(r"^N\d+ | *\*\d+$")
COMMAND = re.compile(r"(M104|M109|M140|M190|M141|M191|T\d+)\b")


def reports_temperatures(line):
    """Whether OctoPrint's serial layer looks for temperatures in a line."""
    tool = any(f" {name}:" in f" {line}" for name in ("T", "T0"))
    return tool or (" B:" in f" {line}" and "A:" not in line)


def recorded(way, said):
    """What a recording has of an entry, or nothing."""
    if way == "Recv":
        return said if reports_temperatures(said) else None
    command = NUMBER_AND_CHECKSUM.sub("", said)
    return f"> {command}" if COMMAND.match(command) else None


def convert(log):
    """The lines of a recording, from those of a log."""
    begun = None
    for entry in filter(None, map(ENTRY.match, log)):
        said = recorded(entry["way"], entry["said"].rstrip())
        if said:
            time = datetime.strptime(entry["stamp"], "%Y-%m-%d %H:%M:%S,%f")
            begun = begun or time
            yield f"{(time - begun).total_seconds():.1f}\t{said}"


if __name__ == "__main__":
    print(*convert(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()), sep="\n")
