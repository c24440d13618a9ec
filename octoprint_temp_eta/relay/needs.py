"""What the relay needs besides the plugin: what is there, and how to get the rest."""

import os
import re
import shlex
import sys
from importlib import metadata

CLIENT = "paho-mqtt>=1.6.1,<3"
ENGINE = "wasmtime>=45"
SMALL_ENGINE = "pywasm3>=0.5"

OLDEST_CLIENT, FIRST_UNKNOWN_CLIENT = (1, 6, 1), (3,)
OLDEST_ENGINE = (45,)


def versions():
    """What is installed of it, by the name under which it is."""
    found = {}
    for name in ("paho-mqtt", "wasmtime", "pywasm3"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    return found


def report(state=None, engine=None):
    """What is installed, what is `missing`, and the line that installs it."""
    installed = versions()
    packages = missing(installed, state, engine)
    names = [re.match(r"[\w-]+", package)[0] for package in packages]
    # What is there and does not work is not installed again without that.
    again = any(_is_good(name, installed) for name in names)
    return {
        "installed": installed,
        "missing": packages,
        "install": install_line(packages, again),
    }


def missing(installed, state=None, engine=None):
    """What is to be installed: of what is `installed`, by `versions`.

    `state` is the link's, `engine` the one that is at work; None if nobody has tried yet,
    and an empty name if none works.
    """
    packages = []
    if state == "no_client" or not _is_good("paho-mqtt", installed):
        packages.append(CLIENT)
    some = _is_good("wasmtime", installed) or "pywasm3" in installed
    if not (some if engine is None else engine):
        packages.append(engine_package(installed))
    return packages


def engine_package(installed):
    """The engine to install here, where none of those `installed` runs.

    There is a wasmtime for 64 bits only, whatever the machine says of itself.
    """
    narrow = sys.maxsize <= 2**32
    broken = _is_good("wasmtime", installed) and "pywasm3" not in installed
    return SMALL_ENGINE if narrow or broken else ENGINE


def install_line(packages, again=False):
    """What to type to install `packages` where this Python finds them; empty for none."""
    if not packages:
        return ""
    options = ["--force-reinstall"] if again else []
    command = [sys.executable, "-m", "pip", "install", *options, *packages]
    if os.name == "nt":
        # Else > and < lead to and from files.
        return " ".join(f'"{it}"' if re.search(r"[\s<>]", it) else it for it in command)
    return shlex.join(command)


def _is_good(name, installed):
    """Whether that is installed, and of a version that can work."""
    version = _numbers(installed.get(name, ""))
    if name == "paho-mqtt":
        return OLDEST_CLIENT <= version < FIRST_UNKNOWN_CLIENT
    return version >= OLDEST_ENGINE if name == "wasmtime" else bool(version)


def _numbers(version):
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
