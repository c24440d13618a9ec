"""MQTT, one of the outlets. Imports nothing of OctoPrint's."""
