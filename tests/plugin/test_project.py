"""What stands in more than one place says the same everywhere."""

import json
import pathlib
import re

ROOT = pathlib.Path(__file__).parent.parent.parent


def read(name):
    return (ROOT / name).read_text("utf-8")


def test_one_version():
    declared = re.compile(r'^version = "(.+)"$', re.MULTILINE)
    versions = {
        declared.search(read(name))[1] for name in ("pyproject.toml", "Cargo.toml")
    }
    versions.add(json.loads(read("package.json"))["version"])
    assert len(versions) == 1


def test_the_wasm_tools_are_those_of_the_lock_file():
    pinned = re.search(
        r'^wasm-bindgen = \{ version = "=([\d.]+)"', read("Cargo.toml"), re.M
    )
    locked = re.search(r'name = "wasm-bindgen"\nversion = "([\d.]+)"', read("Cargo.lock"))
    assert pinned[1] == locked[1]


def test_german_is_complete():
    catalogue = read("translations/de/LC_MESSAGES/messages.po")
    messages = re.findall(r'^msgid "(.+)"\nmsgstr "(.*)"$', catalogue, re.M)
    source = re.findall(r'^msgid "(.+)"$', read("translations/messages.pot"), re.M)
    assert [msgid for msgid, _ in messages] == source
    assert all(msgstr for _, msgstr in messages)
