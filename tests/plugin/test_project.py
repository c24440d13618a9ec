"""What stands in more than one place says the same everywhere."""

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


def test_one_version():
    declared = re.compile(r'^version = "(.+)"$', re.MULTILINE)
    versions = {
        declared.search(read(name))[1] for name in ("pyproject.toml", "Cargo.toml")
    }
    versions.add(json.loads(read("package.json"))["version"])
    # Of a candidate Cargo and npm say 1.0.0-rc.1, Python says 1.0.0rc1.
    assert len({version.replace("-rc.", "rc") for version in versions}) == 1


def test_the_wasm_tools_are_those_of_the_lock_file():
    pinned = re.search(
        r'^wasm-bindgen = \{ version = "=([\d.]+)"', read("Cargo.toml"), re.M
    )
    locked = re.search(r'name = "wasm-bindgen"\nversion = "([\d.]+)"', read("Cargo.lock"))
    assert pinned[1] == locked[1]


def messages(file):
    """Every message by its id; one with a plural by its singular."""
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


def test_every_language_keeps_what_is_filled_in():
    # A name that nobody fills in throws in the page.
    place = re.compile(r"%\(\w+\)[a-z]")
    for file in (ROOT / "translations").glob("*/LC_MESSAGES/messages.po"):
        for message in read_po(io.BytesIO(file.read_bytes()), abort_invalid=True):
            texts = [message.string, message.id]
            told, meant = ([it] if isinstance(it, str) else it for it in texts)
            known = {name for text in meant for name in place.findall(text)}
            for text in filter(None, told):
                names = set(place.findall(text))
                # "One heat-up" need not say the number.
                complete = known <= names or message.pluralizable
                assert names <= known and complete, f"{file.parent.parent.name}: {text}"


def test_words_shared_with_octoprint_are_translated_as_octoprint_does():
    # OctoPrint has one catalogue for all: ours would rename its own words.
    folder = pathlib.Path(octoprint.__file__).parent / "translations" / "de"
    theirs = messages(folder / "LC_MESSAGES" / "messages.po")
    shared = set(theirs) & set(GERMAN)
    assert shared >= {"Bed", "Chamber", "Tool"}
    for word in shared:
        assert GERMAN[word].string == theirs[word].string


def test_the_page_is_small_files_without_html():
    for file in sorted((ROOT / "static" / "js").glob("*.js")):
        source = file.read_text("utf-8")
        assert source.count("\n") <= 400, file.name
        assert not re.search(r"[\"'`]\s*</?[a-z]", source), file.name
