"""The extra installs beside plugins that need paho-mqtt 1.x, or 2.x."""

import importlib.metadata
import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).parent.parent.parent

# OctoPrint-MQTT 0.8.16 requires the first, newer plugins the second.
PINS = {"1": "paho-mqtt (<2)", "2": "paho-mqtt (>=2)"}
INSTALLED = importlib.metadata.version("paho-mqtt").split(".")[0]


def extra():
    """Return the requirements of the extra in pyproject.toml."""
    declared = (ROOT / "pyproject.toml").read_text("utf-8")
    [listed] = re.findall(r"^mqtt = \[\n(.*?)^\]", declared, re.MULTILINE | re.DOTALL)
    return re.findall(r'^ *"(.*)",$', listed, re.MULTILINE)


def installed(folder, name, version, *requirements):
    """Pretend that a distribution is installed in `folder`."""
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
def test_pip_check_finds_no_conflict(line, tmp_path):
    installed(tmp_path, "OctoPrint-MQTT", "0.8.16", PINS[line])
    # As a package that requires what the extra does: pip does not check extras.
    installed(tmp_path, "Temp-ETA-with-mqtt", "1", *extra())
    checked = pip_check(tmp_path)
    output = checked.stdout + checked.stderr
    if line == INSTALLED:
        assert checked.returncode == 0, output
    else:
        # Only the other plugin has a conflict with the installed version.
        lines = [text for text in output.splitlines() if "requirement" in text]
        assert len(lines) == 1 and "octoprint-mqtt" in lines[0].lower(), output


def test_extra_has_the_required_packages():
    names = [re.match(r"[\w-]+", requirement)[0] for requirement in extra()]
    assert names == ["paho-mqtt", "wasmtime", "pywasm3"]
