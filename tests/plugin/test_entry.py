"""The entry for OctoPrint's plugin repository has the required form."""

import datetime
import pathlib

import yaml

ROOT = pathlib.Path(__file__).parent.parent.parent
_, FRONT, ABOUT = (
    (ROOT / "extras" / "temp_eta.md").read_text("utf-8").split("---\n", maxsplit=2)
)
FIELDS = yaml.safe_load(FRONT)

TEXTS = ("id", "title", "description", "license", "homepage", "source", "archive")
LISTS = ("authors", "tags", "attributes")
OTHERS = ("layout", "date", "screenshots", "featuredimage", "compatibility")
IMAGES = "/assets/img/plugins/temp_eta/"


def test_fields_are_known():
    assert set(FIELDS) == {*TEXTS, *LISTS, *OTHERS}
    assert FIELDS["layout"] == "plugin"
    assert FIELDS["id"] == "temp_eta"
    for name in TEXTS:
        assert isinstance(FIELDS[name], str) and FIELDS[name], name
    for name in LISTS:
        assert all(isinstance(word, str) for word in FIELDS[name]), name
    assert isinstance(FIELDS["date"], datetime.date)


def test_pictures_exist():
    shown = [picture["url"] for picture in FIELDS["screenshots"]]
    assert FIELDS["featuredimage"] in shown
    for url in shown:
        assert url.startswith(IMAGES)
        assert (ROOT / "docs" / "images" / url[len(IMAGES) :]).is_file()
    for picture in FIELDS["screenshots"]:
        assert set(picture) == {"url", "alt", "caption"}
        assert all(isinstance(text, str) for text in picture.values())


def test_compatibility():
    runs_on = FIELDS["compatibility"]
    readme = (ROOT / "README.md").read_text("utf-8")
    (octoprint,) = runs_on["octoprint"]
    assert f"OctoPrint {octoprint} or newer" in readme
    assert runs_on["python"] == ">=3.9,<4"
    assert set(runs_on["os"]) == {"linux", "windows", "macos", "freebsd"}


def test_has_a_longer_description():
    assert len(ABOUT.split()) > 100
