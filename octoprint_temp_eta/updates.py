"""Where OctoPrint's Software Update finds new releases of this plugin."""

import re
from importlib import metadata

DISTRIBUTION = "OctoPrint-TempETA"

REPOSITORY = re.compile(r"https://github\.com/([\w.-]+)/([\w.-]+?)(\.git)?/?")

# Each release carries it under this name, whatever its version.
ASSET = "OctoPrint-TempETA.zip"

STABLE = {"name": "Stable", "branch": "main", "commitish": ["main"]}
CANDIDATES = {"name": "Release candidates", "branch": "rc", "commitish": ["rc", "main"]}


def repository():
    """User and name of the repository on GitHub that the package names, if any."""
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

    There is nothing to check as long as the package names no repository: a check of an
    address that does not exist would be an error in each user's list of updates.
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
