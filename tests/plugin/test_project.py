"""Facts that are stated in several places agree."""

import io
import json
import pathlib
import re

import octoprint
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = pathlib.Path(__file__).parent.parent.parent


def read(name):
    return (ROOT / name).read_text("utf-8")


def test_the_version_is_in_one_place():
    assert re.search(r'^version = "', read("pyproject.toml"), re.MULTILINE)
    package = read("Cargo.toml").split("[package]")[1].split("[lib]")[0]
    assert "version =" not in package.replace("rust-version", "")
    assert "version" not in json.loads(read("package.json"))
    lock = json.loads(read("package-lock.json"))
    assert "version" not in lock and "version" not in lock["packages"][""]


def test_wasm_bindgen_is_pinned_as_locked():
    pinned = re.search(
        r'^wasm-bindgen = \{ version = "=([\d.]+)"', read("Cargo.toml"), re.M
    )
    locked = re.search(r'name = "wasm-bindgen"\nversion = "([\d.]+)"', read("Cargo.lock"))
    assert pinned[1] == locked[1]


def messages(file):
    """Return the messages by their ids; those with a plural by the singular."""
    catalogue = read_po(io.BytesIO(file.read_bytes()))
    return {m.id if isinstance(m.id, str) else m.id[0]: m for m in catalogue if m.id}


TEMPLATE = messages(ROOT / "translations" / "messages.pot")
GERMAN = messages(ROOT / "translations" / "de" / "LC_MESSAGES" / "messages.po")


def test_the_template_has_every_word_of_the_source():
    with open(ROOT / "babel.cfg", encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, DEFAULT_KEYWORDS)
    words = {message for _, _, message, _, _ in found}
    assert {word if isinstance(word, str) else word[0] for word in words} == set(TEMPLATE)


def test_german_is_complete():
    assert set(GERMAN) == set(TEMPLATE)
    for message in GERMAN.values():
        texts = [message.string] if isinstance(message.string, str) else message.string
        assert all(texts) and len(texts) == (2 if message.pluralizable else 1), message.id
        assert not message.fuzzy, message.id


def test_translations_keep_the_placeholders():
    # An unknown placeholder raises an error in the browser.
    place = re.compile(r"%\(\w+\)[a-z]")
    for file in (ROOT / "translations").glob("*/LC_MESSAGES/messages.po"):
        for message in read_po(io.BytesIO(file.read_bytes()), abort_invalid=True):
            texts = [message.string, message.id]
            translated, original = ([it] if isinstance(it, str) else it for it in texts)
            known = {name for text in original for name in place.findall(text)}
            for text in filter(None, translated):
                names = set(place.findall(text))
                # A singular need not contain the number.
                complete = known <= names or message.pluralizable
                assert names <= known and complete, f"{file.parent.parent.name}: {text}"


def test_words_shared_with_octoprint_are_translated_as_octoprint_does():
    # OctoPrint merges all catalogues: ours would replace its own translations.
    folder = pathlib.Path(octoprint.__file__).parent / "translations" / "de"
    theirs = messages(folder / "LC_MESSAGES" / "messages.po")
    shared = set(theirs) & set(GERMAN)
    assert shared >= {"Bed", "Chamber", "Tool"}
    for word in shared:
        assert GERMAN[word].string == theirs[word].string


def test_scripts_are_small_and_without_html():
    for file in sorted((ROOT / "static" / "js").glob("*.js")):
        source = file.read_text("utf-8")
        assert source.count("\n") <= 400, file.name
        assert not re.search(r"[\"'`]\s*</?[a-z]", source), file.name
