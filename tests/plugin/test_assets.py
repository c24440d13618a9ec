"""The output of the build."""

import gzip

import pytest

from octoprint_temp_eta import assets

APP, PANE = "app-0123ABCD.js", "settings_pane-0123ABCD.js"
WASM = "temp_eta-0123abcd.wasm.gz"


@pytest.fixture
def static(tmp_path):
    """An asset folder with the complete output of the build."""
    folder = tmp_path / assets.FOLDER
    folder.mkdir()
    for name in (*assets.SCRIPTS, *assets.STYLES, APP, PANE, WASM, assets.SERVER_WASM):
        (folder / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize("name", [APP, "temp_eta.js", WASM, assets.SERVER_WASM])
def test_incomplete_build_is_detected(static, name):
    assert assets.is_built(static)
    (static / assets.FOLDER / name).unlink()
    assert not assets.is_built(static)


def test_module_names_for_the_page(static, tmp_path):
    assert assets.modules(static) == {"app": APP, "settings_pane": PANE}
    nowhere = assets.modules(tmp_path / "nowhere")
    assert nowhere == {"app": "", "settings_pane": ""}


def test_server_wasm_is_unpacked(static):
    file = static / assets.FOLDER / assets.SERVER_WASM
    file.write_bytes(gzip.compress(b"\0asm"))
    assert assets.server_wasm(static) == b"\0asm"
    for damaged in (file.read_bytes()[:-9], b"\x1f\x8b\x08" + b"\0" * 40):
        file.write_bytes(damaged)
        with pytest.raises(OSError):
            assets.server_wasm(static)
