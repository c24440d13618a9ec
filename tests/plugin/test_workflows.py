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
    def test_actions_have_a_major_version(self, file):
        used = [step["uses"] for step in steps(file) if "uses" in step]
        assert used
        for action in used:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", action)

    def test_commands_exist(self, file):
        assert commands(file)
        for command in commands(file):
            subprocess.run(["bash", "-n", "-c", command], check=True)
            for script in re.findall(r"npm run ([\w:]+)", command):
                assert script in SCRIPTS

    def test_no_address_of_the_project(self, file):
        assert not re.search(r"https?://|github\.com", file.read_text("utf-8"))


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


@pytest.mark.parametrize("name", ["nightly", "release"])
def test_long_tests_run_each_night_and_before_a_release(name):
    assert any("npm run test:all\n" in it for it in commands(WORKFLOWS[name]))
