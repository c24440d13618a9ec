"""The optional way to MQTT; imports nothing of OctoPrint's."""
