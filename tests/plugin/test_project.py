"""What stands in more than one place says the same everywhere."""

import json
import pathlib
import re

from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

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


def catalogue(name):
    with open(ROOT / "translations" / name, "rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def test_the_template_has_every_word_of_the_source():
    with open(ROOT / "babel.cfg", encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, DEFAULT_KEYWORDS)
    assert {message for _, _, message, _, _ in found} == set(catalogue("messages.pot"))


def test_german_is_complete():
    german = catalogue("de/LC_MESSAGES/messages.po")
    assert set(german) == set(catalogue("messages.pot"))
    assert all(german.values())
