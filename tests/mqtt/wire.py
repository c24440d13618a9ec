"""Packets as a broker sends them, byte by byte."""

# Accepted, in MQTT 5 and in MQTT 3.1.1.
CONNACK_5 = b"\x20\x03\x00\x00\x00"
CONNACK = b"\x20\x02\x00\x00"


def packet(head, body=b"", length=None):
    """Return a packet; with a `length` in bytes only the beginning of one."""
    return bytes([head]) + number(len(body) if length is None else length) + body


def publish(topic, payload, qos=0, message_id=1, protocol=5, properties=b""):
    """Return a PUBLISH."""
    name = topic.encode()
    body = len(name).to_bytes(2, "big") + name
    if qos:
        body += message_id.to_bytes(2, "big")
    if protocol == 5:
        body += number(len(properties)) + properties
    return packet(0x30 | qos << 1, body + payload)


def number(value):
    """Return `value` as MQTT encodes lengths (MQTT 3.1.1 §2.2.3)."""
    encoded = []
    while True:
        value, digit = divmod(value, 128)
        encoded.append(digit | (0x80 if value else 0))
        if not value:
            return bytes(encoded)
