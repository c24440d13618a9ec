"""Leads what OctoPrint asks of GitHub to a server of the test, and all else nowhere."""

import os
from urllib.parse import urlsplit

import octoprint.plugin
import requests

FEED = os.environ["RELEASE_FEED"]
HOSTS = ("api.github.com", "github.com")

request = requests.Session.request


def led(session, method, url, **options):
    parts = urlsplit(url)
    if parts.hostname not in HOSTS:
        raise requests.ConnectionError(f"{url} is not to be asked in a test")
    return request(session, method, f"{FEED}/{parts.hostname}{parts.path}", **options)


requests.Session.request = led


class ReleaseFeedPlugin(octoprint.plugin.OctoPrintPlugin):
    """Nothing more than what happens when this is loaded."""


__plugin_name__ = "Release feed"
__plugin_pythoncompat__ = ">=3.9,<4"
__plugin_implementation__ = ReleaseFeedPlugin()
