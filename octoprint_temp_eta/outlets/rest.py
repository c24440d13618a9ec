"""The answer of the REST API: made with each step, so that requests calculate nothing."""

OFF = {"state": "off"}
STARTING = {"state": "starting"}


class RestOutlet:
    """Keeps what requests are answered with; they may come from any thread."""

    due_in = None

    def __init__(self):
        # Replaced as a whole.
        self.etas = STARTING

    def publish(self, step):
        self.etas = {
            # Nothing is known without a calculation.
            "state": "on" if step.runtime else "unavailable",
            "timestamp": round(step.moment.wall, 3),
            "heaters": step.heaters,
            "printer": step.printer,
        }

    def end(self):
        self.etas = STARTING
        return True

    def close(self, clear_all):
        self.end()
