"""Optional MQTT publishing. Imports nothing of OctoPrint's."""
