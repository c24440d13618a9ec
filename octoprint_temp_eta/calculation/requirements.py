"""The optional packages of the calculation and of MQTT: what is installed or missing."""

import os
import re
import shlex
import sys
from importlib import metadata

CLIENT = "paho-mqtt>=1.6.1,<3"
RUNTIME = "wasmtime>=45"
SMALL_RUNTIME = "pywasm3>=0.5"

# The versions of the requirements above, for comparison.
MIN_CLIENT = (1, 6, 1)
CLIENT_BELOW = (3,)
MIN_RUNTIME = (45,)


def versions():
    """Return the installed versions by package name."""
    found = {}
    for name in ("paho-mqtt", "wasmtime", "pywasm3"):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            pass
    return found


def report(state=None, runtime=None):
    """Return what is `installed`, what is `missing`, and the command to `install` it.

    `install_runtime` is the command for all outlets but MQTT.
    """
    installed = versions()
    packages = missing(installed, state, runtime)
    return {
        "installed": installed,
        "missing": packages,
        "install": _install(packages, installed),
        "install_runtime": _install([it for it in packages if it != CLIENT], installed),
    }


def missing(installed, state=None, runtime=None):
    """Return the requirements that the `installed` versions do not meet.

    `state` is the connection's code. `runtime` is the name of the one in use, None if
    none was tried yet, and empty if none works.
    """
    packages = []
    if state == "no_client" or not _is_usable("paho-mqtt", installed):
        packages.append(CLIENT)
    has_runtime = _is_usable("wasmtime", installed) or "pywasm3" in installed
    if not (has_runtime if runtime is None else runtime):
        packages.append(runtime_package(installed))
    return packages


def runtime_package(installed):
    """Return the runtime to install where none of the `installed` ones works.

    wasmtime needs a 64-bit Python. The machine's architecture does not tell: a 32-bit
    system may run on a 64-bit kernel.
    """
    is_32_bit = sys.maxsize <= 2**32
    is_broken = _is_usable("wasmtime", installed) and "pywasm3" not in installed
    return SMALL_RUNTIME if is_32_bit or is_broken else RUNTIME


def _install(packages, installed):
    names = [re.match(r"[\w-]+", package)[0] for package in packages]
    # pip leaves a package that is installed but does not work as it is, unless forced.
    return install_command(packages, any(_is_usable(name, installed) for name in names))


def install_command(packages, reinstall=False):
    """Return the shell command that installs `packages` for this Python; "" for none."""
    if not packages:
        return ""
    options = ["--force-reinstall"] if reinstall else []
    command = [sys.executable, "-m", "pip", "install", *options, *packages]
    if os.name == "nt":
        # Unquoted, > and < would redirect.
        return " ".join(f'"{it}"' if re.search(r"[\s<>]", it) else it for it in command)
    return shlex.join(command)


def _is_usable(name, installed):
    """Whether the package is installed in a supported version."""
    version = _numbers(installed.get(name, ""))
    if name == "paho-mqtt":
        return MIN_CLIENT <= version < CLIENT_BELOW
    return version >= MIN_RUNTIME if name == "wasmtime" else bool(version)


def _numbers(version):
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
