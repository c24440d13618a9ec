"""The files that the build makes."""

import gzip

import pytest

from octoprint_temp_eta import assets

APP, PANE = "app-0123ABCD.js", "settings_pane-0123ABCD.js"
WASM = "temp_eta-0123abcd.wasm.gz"


@pytest.fixture
def static(tmp_path):
    """An asset folder with everything that is built."""
    folder = tmp_path / assets.FOLDER
    folder.mkdir()
    for name in (*assets.SCRIPTS, *assets.STYLES, APP, PANE, WASM, assets.RELAY):
        (folder / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize("name", [APP, "temp_eta.js", WASM, assets.RELAY])
def test_a_checkout_that_is_not_built_is_noticed(static, name):
    assert assets.is_built(static)
    (static / assets.FOLDER / name).unlink()
    assert not assets.is_built(static)


def test_the_page_is_told_the_names_of_the_modules(static, tmp_path):
    assert assets.modules(static) == {"app": APP, "settings_pane": PANE}
    nowhere = assets.modules(tmp_path / "nowhere")
    assert nowhere == {"app": "", "settings_pane": ""}


def test_the_relays_module_is_unpacked(static):
    file = static / assets.FOLDER / assets.RELAY
    file.write_bytes(gzip.compress(b"\0asm"))
    assert assets.relay_wasm(static) == b"\0asm"
    for damaged in (file.read_bytes()[:-9], b"\x1f\x8b\x08" + b"\0" * 40):
        file.write_bytes(damaged)
        with pytest.raises(OSError):
            assets.relay_wasm(static)
