"""The extra lives beside plugins that want one line of paho-mqtt, or the other."""

import importlib.metadata
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent.parent

# OctoPrint-MQTT 0.8.16 wants the first, newer plugins the second.
PINS = {"1": "paho-mqtt (<2)", "2": "paho-mqtt (>=2)"}
INSTALLED = importlib.metadata.version("paho-mqtt").split(".")[0]


def extra():
    """What the extra asks for, from pyproject.toml."""
    declared = (ROOT / "pyproject.toml").read_text("utf-8")
    [listed] = re.findall(r"^mqtt = \[\n(.*?)^\]", declared, re.MULTILINE | re.DOTALL)
    return re.findall(r'^ *"(.*)",$', listed, re.MULTILINE)


def installed(folder, name, version, *requirements):
    """As if a distribution were installed into `folder`."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requirements]
    (info / "METADATA").write_text("\n".join(lines) + "\n")


def pip_check(folder):
    path = os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": path},
    )


@pytest.mark.parametrize("line", PINS)
def test_pip_finds_nothing_broken(line, tmp_path):
    installed(tmp_path, "OctoPrint-MQTT", "0.8.16", PINS[line])
    # As if all of the extra were needed: pip looks at no extras.
    installed(tmp_path, "Temp-ETA-with-mqtt", "1", *extra())
    checked = pip_check(tmp_path)
    said = checked.stdout + checked.stderr
    if line == INSTALLED:
        assert checked.returncode == 0, said
    else:
        # The other plugin is unhappy with this line, and nobody else.
        complaints = [text for text in said.splitlines() if "requirement" in text]
        assert len(complaints) == 1 and "octoprint-mqtt" in complaints[0].lower(), said


def test_the_extra_names_what_the_settings_name():
    names = [re.match(r"[\w-]+", requirement)[0] for requirement in extra()]
    assert names == ["paho-mqtt", "wasmtime", "pywasm3"]
