"""The files that the page loads by itself."""

import pathlib

from octoprint_temp_eta import assets


def built(folder):
    for name in (*assets.LOADED, assets.RELAY):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def test_a_checkout_without_wasm_is_noticed(tmp_path):
    assert not assets.is_built(tmp_path)
    for name in ("temp_eta_bg.wasm", "temp_eta_relay.wasm"):
        assert assets.is_built(built(tmp_path))
        (tmp_path / "wasm" / name).unlink()
        assert not assets.is_built(tmp_path)


def test_every_module_is_one_of_them():
    folder = pathlib.Path(__file__).parent.parent.parent / "static" / "js"
    bundled = {"temp_eta.js", "temp_eta_settings.js", "temperature_tab.js"}
    modules = {file.name for file in folder.glob("*.js")} - bundled
    assert modules == {name[3:] for name in assets.LOADED if name.startswith("js/")}


def test_any_changed_file_changes_the_address_of_all(tmp_path):
    ids = {assets.build_id(tmp_path), assets.build_id(built(tmp_path))}
    assert assets.build_id(tmp_path) in ids
    for name in assets.LOADED:
        (tmp_path / name).write_text("changed")
        ids.add(assets.build_id(tmp_path))
    assert len(ids) == 2 + len(assets.LOADED)
