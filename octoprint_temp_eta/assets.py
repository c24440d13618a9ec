"""What `npm run build` makes: the page's files and the relay's wasm."""

import gzip
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

# Loaded by the scripts. They and what they load are named by their content, so that no
# cache and no page that is open during an update can mix two builds.
MODULES = {"app": "app-*.js", "settings_pane": "settings_pane-*.js"}
WASM = "temp_eta-*.wasm.gz"

# Run by the server, not by the page.
RELAY = "temp_eta_relay.wasm.gz"


def is_built(static):
    """Whether the build's output is in the asset folder `static`."""
    folder = pathlib.Path(static) / FOLDER
    names = (*SCRIPTS, *STYLES, *MODULES.values(), WASM, RELAY)
    return all(any(folder.glob(name)) for name in names)


def listed(names):
    """Files of the build as OctoPrint wants them listed."""
    return [f"{FOLDER}/{name}" for name in names]


def modules(static):
    """The names of the modules' files; empty for one that is not there."""
    folder = pathlib.Path(static) / FOLDER
    found = {name: sorted(folder.glob(MODULES[name])) for name in MODULES}
    return {name: files[0].name if files else "" for name, files in found.items()}


def relay_wasm(static):
    """The relay's module.

    Raises `OSError` where it was not built, or is damaged.
    """
    packed = (pathlib.Path(static) / FOLDER / RELAY).read_bytes()
    try:
        return gzip.decompress(packed)
    except (EOFError, zlib.error) as error:
        raise OSError(str(error)) from error
