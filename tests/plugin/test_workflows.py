"""What the hosting service is told to do; it itself is not here to be asked."""

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


def test_there_are_three():
    assert list(WORKFLOWS) == ["nightly", "release", "test"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
class TestWorkflow:
    def test_each_action_is_of_a_fixed_major_version(self, file):
        used = [step["uses"] for step in steps(file) if "uses" in step]
        assert used
        for action in used:
            assert re.fullmatch(r"actions/[a-z-]+@v\d+", action)

    def test_each_command_is_one_that_a_shell_and_npm_know(self, file):
        assert commands(file)
        for command in commands(file):
            subprocess.run(["bash", "-n", "-c", command], check=True)
            for script in re.findall(r"npm run ([\w:]+)", command):
                assert script in SCRIPTS

    def test_nothing_says_where_the_project_is(self, file):
        assert not re.search(r"https?://|github\.com", file.read_text("utf-8"))


def test_a_release_publishes_everything_that_is_built():
    published = commands(WORKFLOWS["release"])[-1]
    for name in ("*.zip", "*.whl", "*-source.tar.gz", "SHA256SUMS", "NOTES.md"):
        assert f"dist/{name}" in published
    said = (ROOT / "scripts" / "release" / "files.mjs").read_text("utf-8")
    for name in ("-source.tar", "SHA256SUMS", "NOTES.md"):
        assert name in said


def test_the_tests_are_those_of_the_readme():
    assert "npm test\n" in commands(WORKFLOWS["test"])[-1]
    assert "npm test " in (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", ["nightly", "release"])
def test_what_takes_long_runs_each_night_and_before_a_release(name):
    assert any("npm run test:all\n" in it for it in commands(WORKFLOWS[name]))
