"""The calculation on the server, for all outlets. Imports nothing of OctoPrint's."""
