"""A print farm with one broker."""

import json

from broker import until

from octoprint_temp_eta.calculation import runtimes

PRINTERS = 100
HEATERS = ("tool0", "bed")


def test_a_hundred_printers_do_not_interfere(make_printer, broker, listener, clock):
    # It opens fastest.
    context = {"runtimes": (runtimes.Wasm3,)}
    farm = [
        make_printer(broker.port, name=f"Printer {number}", context=context)
        for number in range(PRINTERS)
    ]
    until(lambda: all(printer.state == "connected" for printer in farm))
    for _ in range(3):
        clock.passed += 1.5
        for printer in farm:
            printer.report(HEATERS)
        for printer in farm:
            printer.settle()
    assert len({message.topic for message in listener.of_heaters()}) == 2 * PRINTERS
    configs = [json.loads(message.payload) for message in listener.of("/config")]
    assert len({config["dev"]["ids"][0] for config in configs}) == PRINTERS
    names = [sensor["uniq_id"] for it in configs for sensor in it["cmps"].values()]
    assert len(names) == len(set(names)) == PRINTERS * (len(HEATERS) * 3 + 2)
    assert {config["dev"]["name"] for config in configs} == {
        f"Printer {number}" for number in range(PRINTERS)
    }
    for number in (0, 1, 99):
        [base] = {
            message.topic.rsplit("/", 2)[0]
            for message in listener.of("/bed/eta")
            if message.topic.split("/")[2] == f"Printer_{number}"
        }
        assert base == f"octoprint/temp_eta/Printer_{number}"
    assert not any(printer.service.status()["is_shared"] for printer in farm)
    assert {printer.state for printer in farm} == {"connected"}
