"""The check configuration for OctoPrint's Software Update."""

import email
import pathlib
import re
from importlib import metadata

import pytest
from octoprint.plugins.softwareupdate.version_checks import github_release

import octoprint_temp_eta
from octoprint_temp_eta import updates

ROOT = pathlib.Path(octoprint_temp_eta.__file__).parent.parent


@pytest.fixture
def package(monkeypatch):
    """Replace the URLs in the installed package's metadata."""

    def with_urls(*urls):
        lines = "".join(f"Project-URL: {url}\n" for url in urls)
        described = email.message_from_string(f"Name: {updates.DISTRIBUTION}\n{lines}\n")
        monkeypatch.setattr(metadata, "metadata", lambda name: described)

    return with_urls


def check():
    return updates.check_config("temp_eta", "Temperature ETA", "1.2.3")


@pytest.mark.parametrize(
    "urls",
    [
        [],
        ["Homepage, https://example.invalid/OctoPrint-TempETA"],
        ["Homepage, https://github.com/somebody"],
        ["Homepage, https://github.com/somebody/OctoPrint-TempETA/tree/main"],
        ["Homepage, https://github.com.example.invalid/somebody/OctoPrint-TempETA"],
    ],
)
def test_no_check_without_a_repository(package, urls):
    package(*urls)
    assert check() == {}


def test_no_check_without_an_installed_package(monkeypatch):
    monkeypatch.setattr(updates, "DISTRIBUTION", "OctoPrint-NobodyHasThis")
    assert check() == {}


@pytest.mark.parametrize("ending", ["", "/", ".git"])
def test_releases_of_the_repository_are_checked(package, ending):
    package(
        "Documentation, https://example.invalid/manual",
        f"Source, https://github.com/some-body/OctoPrint-TempETA{ending}",
    )
    found = check()["temp_eta"]
    assert (found["user"], found["repo"]) == ("some-body", "OctoPrint-TempETA")
    assert (found["type"], found["current"]) == ("github_release", "1.2.3")
    assert found["pip"].format(target_version="2.0.0") == (
        "https://github.com/some-body/OctoPrint-TempETA/releases/download/2.0.0/"
        "OctoPrint-TempETA.zip"
    )


def release(tag, branch="main"):
    return {
        "name": tag,
        "tag_name": tag,
        "html_url": "",
        "draft": False,
        "prerelease": "rc" in tag,
        "published_at": "2026-01-01T00:00:00Z",
        "target_commitish": branch,
    }


@pytest.mark.parametrize(
    ("installed", "channel", "latest"),
    [
        ("1.0.0", None, None),
        ("0.9.0", None, "1.0.0"),
        ("1.0.0rc1", None, "1.0.0"),
        ("1.0.0", "rc", "1.1.0rc2"),
        ("1.1.0rc1", "rc", "1.1.0rc2"),
        ("1.1.0rc2", "rc", None),
    ],
)
def test_release_candidates_are_opt_in(package, monkeypatch, installed, channel, latest):
    package("Source, https://github.com/somebody/OctoPrint-TempETA")
    offered = [release("1.1.0rc1"), release("1.1.0rc2", "rc"), release("1.0.0")]
    answer = type("Answer", (), {"status_code": 200, "headers": {}})
    answer.json = lambda: offered
    monkeypatch.setattr(github_release.requests, "get", lambda *a, **k: answer)
    found = updates.check_config("temp_eta", "", installed)["temp_eta"]
    # What OctoPrint stores for a channel that is chosen in its dialog.
    chosen = {"prerelease": bool(channel), "prerelease_channel": channel}
    information, current = github_release.get_latest("temp_eta", {**found, **chosen})
    assert current == (latest is None)
    assert latest in (None, information["remote"]["value"])


def test_names_of_asset_and_package():
    source = (ROOT / "scripts" / "package" / "artefacts.mjs").read_text("utf-8")
    assert f'"{updates.ASSET}"' in source
    named = re.search(r'^name = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.M)
    assert named[1] == updates.DISTRIBUTION


def test_hook_is_registered():
    hook = octoprint_temp_eta.__plugin_hooks__[
        "octoprint.plugin.softwareupdate.check_config"
    ]
    assert hook == octoprint_temp_eta.__plugin_implementation__.get_update_information
