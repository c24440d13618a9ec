"""Recordings of printers, and how one is made."""

import json
import re
from pathlib import Path

import pytest

from tests.printers.from_serial_log import convert
from tests.printers.messages import convert as messages

FOLDER = Path("tests/data/printers")
PROFILES = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))

LOG = """\
2024-05-01 12:00:00,250 - Connecting to port /dev/ttyUSB0, baudrate 115200
2024-05-01 12:00:01,000 - Send: N3 M105*36
2024-05-01 12:00:01,250 - Recv: ok T:22.1 /0.0 B:21.9 /0.0 @:0 B@:0
2024-05-01 12:00:02,000 - Send: N4 G1 X1 E2*99
2024-05-01 12:00:02,250 - Send: N5 M109 S200*98
2024-05-01 12:00:02,300 - Send: M109 S200
2024-05-01 12:00:03,000 - Recv: X:1.00 Y:2.00 Z:3.00 E:0.00 Count A:46917 B:3861 Z:2281
2024-05-01 12:00:03,250 - Recv:  T:22.4 E:0 W:?
"""


def test_a_log_becomes_a_recording_without_what_is_nobodys_business():
    assert list(convert(LOG.splitlines())) == [
        "0.0\tok T:22.1 /0.0 B:21.9 /0.0 @:0 B@:0",
        "1.0\t> M109 S200",
        "1.1\t> M109 S200",
        "2.0\t T:22.4 E:0 W:?",
    ]


def test_octoprint_decides_what_it_means(tmp_path):
    file = tmp_path / "log.lines"
    file.write_text("\n".join(convert(LOG.splitlines())), encoding="utf-8")
    rows = [it["message"]["temps"][0] for it in messages(file, {})]
    tool = [tuple(row["tool0"].values()) for row in rows]
    assert tool == [(22.1, 0.0), (22.1, 200.0), (22.1, 200.0), (22.4, 200.0)]
    assert rows[0]["bed"] == rows[-1]["bed"] == {"actual": 21.9, "target": 0.0}
    assert rows[-1]["E"] == {"actual": 0.0, "target": None}


@pytest.mark.parametrize("name", PROFILES)
def test_recordings_are_described_and_go_forward(name):
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert f"`{name}`" in readme
    lines = (FOLDER / f"{name}.lines").read_text(encoding="utf-8").splitlines()
    matches = [re.fullmatch(r"(\d+\.\d)\t.*[\w:.?/].*", line) for line in lines]
    times = [float(match[1]) for match in matches]
    assert times == sorted(times)


def test_there_is_no_other_recording():
    assert sorted(PROFILES) == sorted(file.stem for file in FOLDER.glob("*.lines"))
