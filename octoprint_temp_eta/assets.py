"""The files that the page loads by itself, beside those that OctoPrint bundles."""

import hashlib
import pathlib

HOW_TO_BUILD = "this is a source checkout; `npm run build` makes static/wasm"

# Loaded by static/js/temp_eta.js at run time. One changed file must change the address
# of all, or a cache between server and browser could mix two versions.
LOADED = (
    "js/alerts.js",
    "js/announcer.js",
    "js/broker.js",
    "js/chooser.js",
    "js/claims.js",
    "js/clipboard.js",
    "js/colors.js",
    "js/degrees.js",
    "js/diagnostics.js",
    "js/engine.js",
    "js/forecast.js",
    "js/format.js",
    "js/graph.js",
    "js/guests.js",
    "js/heater.js",
    "js/notice.js",
    "js/page.js",
    "js/relay.js",
    "js/scores.js",
    "js/settings_form.js",
    "js/settings_pane.js",
    "js/sound.js",
    "js/topic.js",
    "wasm/temp_eta.js",
    "wasm/temp_eta_bg.wasm",
)

# Run by the server, not by the page.
RELAY = "wasm/temp_eta_relay.wasm"


def is_built(folder):
    """Whether the wasm build output is in the asset folder."""
    return all((pathlib.Path(folder) / name).is_file() for name in (*LOADED, RELAY))


def build_id(folder):
    """A short text that changes whenever one of the loaded files does."""
    digest = hashlib.sha256()
    for name in LOADED:
        path = pathlib.Path(folder) / name
        digest.update(path.read_bytes() if path.is_file() else b"missing")
    return digest.hexdigest()[:12]
