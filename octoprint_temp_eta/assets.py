"""What `npm run build` makes: the page's files and the relay's wasm."""

import gzip
import hashlib
import pathlib
import zlib

HOW_TO_BUILD = (
    "these are only sources, and `npm run build` makes static/built of them; "
    "a release's OctoPrint-TempETA.zip has it"
)

FOLDER = "built"

# Bundled by OctoPrint with those of all plugins; they load the rest of the page.
SCRIPTS = ("temperature_tab.js", "temp_eta.js", "temp_eta_settings.js")
STYLES = ("temp_eta.css",)

# Loaded by the scripts; what these load is named by its content.
MODULES = ("page.js", "settings_pane.js")

# Loaded by the modules.
WASM = "temp_eta-*.wasm.gz"

# Run by the server, not by the page.
RELAY = "temp_eta_relay.wasm.gz"


def is_built(static):
    """Whether the build's output is in the asset folder `static`."""
    folder = pathlib.Path(static) / FOLDER
    names = (*SCRIPTS, *STYLES, *MODULES, WASM, RELAY)
    return all(any(folder.glob(name)) for name in names)


def listed(names):
    """Files of the build as OctoPrint wants them listed."""
    return [f"{FOLDER}/{name}" for name in names]


def build_id(static):
    """A short text that changes whenever one of the modules does.

    It goes into their address: a cache between server and browser may keep old ones.
    """
    digest = hashlib.sha256()
    for name in MODULES:
        path = pathlib.Path(static) / FOLDER / name
        digest.update(path.read_bytes() if path.is_file() else b"missing")
    return digest.hexdigest()[:12]


def relay_wasm(static):
    """The relay's module.

    Raises `OSError` where it was not built, or is damaged.
    """
    packed = (pathlib.Path(static) / FOLDER / RELAY).read_bytes()
    try:
        return gzip.decompress(packed)
    except (EOFError, zlib.error) as error:
        raise OSError(str(error)) from error
