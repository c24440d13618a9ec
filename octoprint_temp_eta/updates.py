"""Tells OctoPrint's Software Update where to find new releases."""

import re
from importlib import metadata

DISTRIBUTION = "OctoPrint-TempETA"

REPOSITORY = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)(\.git)?/?")

# The name of the file in each release, without a version.
ASSET = "OctoPrint-TempETA.zip"

STABLE = {"name": "Stable", "branch": "main", "commitish": ["main"]}
CANDIDATES = {"name": "Release candidates", "branch": "rc", "commitish": ["rc", "main"]}


def repository():
    """Return user and name of the GitHub repository in the package's metadata, if any."""
    try:
        package = metadata.metadata(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return None
    for labelled in package.get_all("Project-URL") or []:
        found = REPOSITORY.fullmatch(labelled.partition(",")[2].strip())
        if found:
            return found[1], found[2]
    return None


def check_config(identifier, name, version):
    """Answer ``octoprint.plugin.softwareupdate.check_config``.

    Returns no check while the metadata names no repository: checking an address that does
    not exist would show every user an error.
    """
    found = repository()
    if not found:
        return {}
    user, repo = found
    return {
        identifier: {
            "displayName": name,
            "displayVersion": version,
            "current": version,
            "type": "github_release",
            "user": user,
            "repo": repo,
            "stable_branch": STABLE,
            "prerelease_branches": [CANDIDATES],
            "pip": f"https://github.com/{user}/{repo}/releases/download/"
            f"{{target_version}}/{ASSET}",
        }
    }
