"""The output of `npm run build`: the browser's files and the server's wasm."""

import gzip
import pathlib
import zlib

HOW_TO_BUILD = (
    "static/built is missing; run `npm run build`, or install a release's "
    "OctoPrint-TempETA.zip"
)

FOLDER = "built"

# OctoPrint bundles these with those of other plugins. They load the modules below.
SCRIPTS = ("temperature_tab.js", "temp_eta.js", "temp_eta_settings.js")
STYLES = ("temp_eta.css",)

# Loaded by the scripts. The names contain a hash of the content, so that neither a cache
# nor a page that is open during an update can mix two builds.
MODULES = {"app": "app-*.js", "settings_pane": "settings_pane-*.js"}
WASM = "temp_eta-*.wasm.gz"

# The core for the server.
SERVER_WASM = "temp_eta_server.wasm.gz"


def is_built(static):
    """Whether the asset folder `static` has the complete output of the build."""
    folder = pathlib.Path(static) / FOLDER
    names = (*SCRIPTS, *STYLES, *MODULES.values(), WASM, SERVER_WASM)
    return all(any(folder.glob(name)) for name in names)


def paths(names):
    """Return the paths of built files, relative to the asset folder."""
    return [f"{FOLDER}/{name}" for name in names]


def modules(static):
    """Return the file names of the modules; empty for a missing one."""
    folder = pathlib.Path(static) / FOLDER
    found = {name: sorted(folder.glob(MODULES[name])) for name in MODULES}
    return {name: files[0].name if files else "" for name, files in found.items()}


def server_wasm(static):
    """Return the core for the server.

    Raises `OSError` if the file is missing or damaged.
    """
    packed = (pathlib.Path(static) / FOLDER / SERVER_WASM).read_bytes()
    try:
        return gzip.decompress(packed)
    except (EOFError, zlib.error) as error:
        raise OSError(str(error)) from error
