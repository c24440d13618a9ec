"""Refuses to install an unbuilt checkout; all metadata is in pyproject.toml."""

import sys
from pathlib import Path
from runpy import run_path

from setuptools import setup

here = Path(__file__).parent
assets = run_path(str(here / "octoprint_temp_eta" / "assets.py"))
if not assets["is_built"](here / "static"):
    sys.exit(f"OctoPrint-TempETA: {assets['HOW_TO_BUILD']}")
setup()
