"""Installing the source tree with pip, with and without the output of the build."""

import pathlib
import shutil
import subprocess
import sys
import zipfile

import pytest

from octoprint_temp_eta import assets

ROOT = pathlib.Path(__file__).parent.parent.parent
FILES = ["LICENSE", "THIRD-PARTY.txt", "pyproject.toml", "setup.py"]
FOLDERS = ["octoprint_temp_eta", "static", "templates", "translations"]
BY_CONTENT = (*assets.MODULES.values(), assets.WASM)
BUILT = [
    *(*assets.SCRIPTS, *assets.STYLES, assets.SERVER_WASM),
    *(name.replace("*", "0123abcd") for name in BY_CONTENT),
]


@pytest.fixture
def checkout(tmp_path):
    """A copy of the source tree without the output of the build."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    unwanted = shutil.ignore_patterns("__pycache__", "wasm", "built", "*.mo")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    return folder


def build(folder):
    (folder / "static" / "built").mkdir()
    for name in BUILT:
        (folder / "static" / "built" / name).touch()


def pip(command, *args):
    alone = ["--no-deps", "--no-index", "--no-build-isolation"]
    quiet = ["--disable-pip-version-check", "--no-input"]
    words = [sys.executable, "-m", "pip", command, *quiet, *alone, *map(str, args)]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def assert_refused(done):
    assert done.returncode != 0
    assert "[1 lines of output]" in done.stderr
    lines = [line for line in done.stderr.splitlines() if "OctoPrint-TempETA:" in line]
    assert [line.strip() for line in lines] == [
        f"OctoPrint-TempETA: {assets.HOW_TO_BUILD}"
    ]
    assert "`npm run build`" in assets.HOW_TO_BUILD


def test_unbuilt_checkout_is_refused_with_one_line(checkout, tmp_path):
    assert_refused(pip("install", "--target", tmp_path / "site", checkout))
    assert not (tmp_path / "site").exists()


def test_unbuilt_checkout_is_refused_as_editable_too(checkout, tmp_path):
    # As `octoprint dev plugin:install` does.
    args = ["--target", tmp_path / "site", "--editable", checkout]
    assert_refused(pip("install", *args))
    build(checkout)
    done = pip("install", *args)
    assert done.returncode == 0, done.stderr
    (link,) = (tmp_path / "site").glob("*.pth")
    found = pathlib.Path(link.read_text().strip()) / "octoprint_temp_eta"
    for name in (f"static/built/{BUILT[-1]}", "templates/temp_eta_tab.jinja2"):
        assert (found / name).is_file(), name


def test_built_checkout_becomes_a_wheel(checkout, tmp_path):
    build(checkout)
    done = pip("wheel", "--wheel-dir", tmp_path, checkout)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    packed = set(zipfile.ZipFile(wheel).namelist())
    built = {f"octoprint_temp_eta/static/built/{name}" for name in BUILT}
    assert built | {"octoprint_temp_eta/updates.py"} <= packed
    assert not any("setup.py" in name for name in packed)


def test_incomplete_build_is_refused(checkout, tmp_path):
    build(checkout)
    (checkout / "static" / "built" / assets.SERVER_WASM).unlink()
    assert_refused(pip("wheel", "--wheel-dir", tmp_path, checkout))
