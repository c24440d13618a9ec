"""Where the server's ETAs go, besides MQTT. Imports nothing of OctoPrint's.

An outlet has these methods, all called by the calculation's thread:

- `publish(step)` with each `Step` while it is on,
- `end()` while it is off: gives up all that it has, and returns whether that is done,
- `close(clear_all)` when OctoPrint stops; with `clear_all` nothing of ours may remain,

and `due_in`, the seconds until it has something to do, None if it waits for reports.
"""
