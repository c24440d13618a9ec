"""The Pythons that the plugin says it runs on."""

import ast
import pathlib
import re

import pytest

ROOT = pathlib.Path(__file__).parent.parent.parent
PACKAGE = ROOT / "octoprint_temp_eta"
IN_ZIP = ROOT / "scripts" / "package" / "zip" / "backend.py"
FILES = [*sorted(PACKAGE.rglob("*.py")), IN_ZIP, ROOT / "setup.py"]

DECLARED = re.search(
    r'^requires-python = ">=(\d+)\.(\d+)"$',
    (ROOT / "pyproject.toml").read_text("utf-8"),
    re.MULTILINE,
)
OLDEST = tuple(int(number) for number in DECLARED.groups())


def test_pip_and_octoprint_are_told_the_same():
    source = (PACKAGE / "__init__.py").read_text("utf-8")
    told = re.search(r'^__plugin_pythoncompat__ = "(.*)"$', source, re.MULTILINE)
    assert told[1] == ">={}.{},<4".format(*OLDEST)


def test_ruff_looks_with_the_eyes_of_the_oldest():
    configured = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'target-version = "py{}{}"'.format(*OLDEST) in configured


@pytest.mark.parametrize("file", FILES, ids=lambda it: str(it.relative_to(ROOT)))
def test_the_oldest_can_read_it(file):
    # As far as a newer Python knows; the matrix has OctoPrint 1.10.2 on a real one.
    ast.parse(file.read_text("utf-8"), feature_version=OLDEST)
