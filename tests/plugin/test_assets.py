"""The files that the build makes."""

import gzip

import pytest

from octoprint_temp_eta import assets

WASM = "temp_eta-0123abcd.wasm.gz"


@pytest.fixture
def static(tmp_path):
    """An asset folder with everything that is built."""
    folder = tmp_path / assets.FOLDER
    folder.mkdir()
    for name in (*assets.SCRIPTS, *assets.STYLES, *assets.MODULES, WASM, assets.RELAY):
        (folder / name).write_text(name)
    return tmp_path


@pytest.mark.parametrize("name", ["page.js", "temp_eta.js", WASM, assets.RELAY])
def test_a_checkout_that_is_not_built_is_noticed(static, name):
    assert assets.is_built(static)
    (static / assets.FOLDER / name).unlink()
    assert not assets.is_built(static)


def test_any_changed_module_changes_the_address_of_all(static, tmp_path):
    ids = {assets.build_id(tmp_path / "nowhere"), assets.build_id(static)}
    for name in assets.MODULES:
        (static / assets.FOLDER / name).write_text("changed")
        ids.add(assets.build_id(static))
    assert len(ids) == 2 + len(assets.MODULES)


def test_the_relays_module_is_unpacked(static):
    file = static / assets.FOLDER / assets.RELAY
    file.write_bytes(gzip.compress(b"\0asm"))
    assert assets.relay_wasm(static) == b"\0asm"
    for damaged in (file.read_bytes()[:-9], b"\x1f\x8b\x08" + b"\0" * 40):
        file.write_bytes(damaged)
        with pytest.raises(OSError):
            assets.relay_wasm(static)
