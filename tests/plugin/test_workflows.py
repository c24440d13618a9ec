"""The workflows for the hosting service, which cannot be run here."""

import json
import pathlib
import re
import subprocess

import pytest
import yaml

ROOT = pathlib.Path(__file__).parent.parent.parent
FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
WORKFLOWS = {file.stem: file for file in FILES}
SCRIPTS = json.loads((ROOT / "package.json").read_text("utf-8"))["scripts"]


def steps(file):
    jobs = yaml.safe_load(file.read_text("utf-8"))["jobs"]
    return [step for job in jobs.values() for step in job["steps"]]


def commands(file):
    return [step["run"] for step in steps(file) if "run" in step]


def test_names_of_the_workflows():
    assert list(WORKFLOWS) == ["nightly", "release", "test"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
class TestWorkflow:
    def test_actions_are_pinned_by_hash(self, file):
        # Whoever takes over an action can move its tags, but not a commit.
        used = [step["uses"] for step in steps(file) if "uses" in step]
        lines = re.findall(r"uses: (.+)", file.read_text("utf-8"))
        assert used and len(lines) == len(used)
        for line in lines:
            assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)

    def test_commands_exist(self, file):
        assert commands(file)
        for command in commands(file):
            subprocess.run(["bash", "-n", "-c", command], check=True)
            for script in re.findall(r"npm run ([\w:]+)", command):
                assert script in SCRIPTS

    def test_no_address_of_the_project(self, file):
        assert not re.search(r"https?://|github\.com", file.read_text("utf-8"))


def test_an_action_is_pinned_to_one_version():
    pins = {}
    for file in FILES:
        for action, pin in re.findall(r"uses: (.+)@(.+)", file.read_text("utf-8")):
            assert pins.setdefault(action, pin) == pin, action


def test_release_publishes_all_files():
    published = commands(WORKFLOWS["release"])[-1]
    for name in ("*.zip", "*.whl", "*-source.tar.gz", "SHA256SUMS", "NOTES.md"):
        assert f"dist/{name}" in published
    source = (ROOT / "scripts" / "release" / "files.mjs").read_text("utf-8")
    for name in ("-source.tar", "SHA256SUMS", "NOTES.md"):
        assert name in source


def test_test_command_is_that_of_the_readme():
    assert "npm test\n" in commands(WORKFLOWS["test"])[-1]
    assert "npm test " in (ROOT / "README.md").read_text("utf-8")


def test_release_attests_what_it_publishes():
    job = yaml.safe_load(WORKFLOWS["release"].read_text("utf-8"))["jobs"]["publish"]
    [attest] = [it for it in job["steps"] if "attest" in it.get("uses", "")]
    assert job["permissions"] == dict.fromkeys(
        ["attestations", "contents", "id-token"], "write"
    )
    attested = set(attest["with"]["subject-path"].split())
    published = set(re.findall(r"dist/\*\S+|dist/SHA256SUMS", job["steps"][-1]["run"]))
    assert attested == published
    # Only the job that runs nothing of what was installed may publish and attest.
    assert len(re.findall("write$", WORKFLOWS["release"].read_text("utf-8"), re.M)) == 3


def test_nightly_audits_with_all_tools():
    # One that could not be run counts as a failure there.
    assert "npm run audit -- --strict" in commands(WORKFLOWS["nightly"])


@pytest.mark.parametrize("name", ["nightly", "release"])
def test_all_tests_run_each_night_and_before_a_release(name):
    assert any("npm run test:all\n" in it for it in commands(WORKFLOWS[name]))
