"""What the relay needs besides the plugin: what is there, and how to get the rest."""

import os
import shlex
import subprocess
import sys
from importlib import metadata

CLIENT = "paho-mqtt>=1.6.1,<3"
ENGINE = "wasmtime>=45"
SMALL_ENGINE = "pywasm3>=0.5"
OLDEST_WASMTIME = 45


def versions():
    """What is installed of it, by the name under which it is."""
    found = {}
    for name in ("paho-mqtt", "wasmtime", "pywasm3"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    return found


def engine_package(installed):
    """The engine to install here, where none of those `installed` runs.

    There is a wasmtime for 64 bits only, whatever the machine says of itself.
    """
    narrow = sys.maxsize <= 2**32
    broken = _major(installed.get("wasmtime", "0")) >= OLDEST_WASMTIME
    return SMALL_ENGINE if narrow or (broken and "pywasm3" not in installed) else ENGINE


def _major(version):
    digits = version.split(".")[0]
    return int(digits) if digits.isdigit() else 0


def install_line(packages):
    """What to type to install `packages` where this Python finds them; empty for none."""
    if not packages:
        return ""
    command = [sys.executable, "-m", "pip", "install", *packages]
    return subprocess.list2cmdline(command) if os.name == "nt" else shlex.join(command)


def report(client=None, engine=None):
    """What is installed, what is missing, and the line that installs it."""
    installed = versions()
    packages = missing(installed, client, engine)
    return {
        "installed": installed,
        "missing": packages,
        "install": install_line(packages),
    }


def missing(installed, client=None, engine=None):
    """What is to be installed: of what is `installed`, by `versions`.

    `client` says whether the client works, `engine` which engine does; None if nobody has
    tried yet, and an empty name if none does.
    """
    packages = []
    if not ("paho-mqtt" in installed if client is None else client):
        packages.append(CLIENT)
    some = "wasmtime" in installed or "pywasm3" in installed
    if not (some if engine is None else engine):
        packages.append(engine_package(installed))
    return packages
