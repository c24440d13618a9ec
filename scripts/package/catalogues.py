"""Leaves in each catalogue below a folder what is read of it.

OctoPrint's server reads the .mo, for templates and Python; its page reads the .po, for
scripts. Arguments: the folder, and the checkout whose sources name the words.
"""

import sys
from datetime import datetime, timezone
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SCRIPTS = ".js"

LONG_AGO = datetime(2000, 1, 1, tzinfo=timezone.utc)


def words(root):
    """The words of scripts, and those of all else."""
    with open(root / "babel.cfg", encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = ([], [])
    for file, _, word, _, _ in extract_from_dir(root, methods, options, DEFAULT_KEYWORDS):
        found[not file.endswith(SCRIPTS)].append(word)
    return found


def only(catalogue, words):
    """What `catalogue` says for `words`, the same at any time of day."""
    kept = Catalog(
        locale=catalogue.locale,
        header_comment="",
        project="OctoPrint-TempETA",
        creation_date=LONG_AGO,
        revision_date=LONG_AGO,
        fuzzy=False,
    )
    # Given above, they would be Babel's placeholders.
    kept.msgid_bugs_address = kept.last_translator = kept.language_team = ""
    for word in sorted(words, key=str):
        message = catalogue.get(word)
        if message:
            kept.add(message.id, message.string)
    return kept


def trim(folder, root):
    of_scripts, of_all_else = words(root)
    for file in sorted(folder.rglob("*.po")):
        catalogue = read_po(file.read_bytes().splitlines(keepends=True))
        with open(file, "wb") as target:
            write_po(target, only(catalogue, of_scripts), width=None)
        with open(file.with_suffix(".mo"), "wb") as target:
            write_mo(target, only(catalogue, of_all_else))


if __name__ == "__main__":
    trim(Path(sys.argv[1]), Path(sys.argv[2]))
