"""The Python versions that the plugin declares."""

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


def test_pip_and_octoprint_agree():
    source = (PACKAGE / "__init__.py").read_text("utf-8")
    declared = re.search(r'^__plugin_pythoncompat__ = "(.*)"$', source, re.MULTILINE)
    assert declared[1] == ">={}.{},<4".format(*OLDEST)


def test_ruff_checks_for_the_oldest():
    configured = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'target-version = "py{}{}"'.format(*OLDEST) in configured


@pytest.mark.parametrize("file", FILES, ids=lambda it: str(it.relative_to(ROOT)))
def test_syntax_of_the_oldest(file):
    # Syntax only; the matrix tests run OctoPrint 1.10.2 on an old Python.
    ast.parse(file.read_text("utf-8"), feature_version=OLDEST)
