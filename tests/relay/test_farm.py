"""Many printers at one broker."""

import json

from broker import until

from octoprint_temp_eta.relay import engines

PRINTERS = 100
HEATERS = ("tool0", "bed")


def test_a_hundred_printers_do_not_get_in_each_others_way(
    printer, broker, listener, clock
):
    # Compiling a hundred times is not what this is about.
    around = {"ladder": (engines.Wasm3,)}
    farm = [
        printer(broker.port, name=f"Printer {number}", around=around)
        for number in range(PRINTERS)
    ]
    until(lambda: all(one.state == "connected" for one in farm))
    for _ in range(3):
        clock.passed += 1.5
        for one in farm:
            one.report(HEATERS)
        for one in farm:
            one.settle()
    assert len({heard.topic for heard in listener.of("/eta")}) == 2 * PRINTERS
    configs = [json.loads(heard.payload) for heard in listener.of("/config")]
    assert len({config["dev"]["ids"][0] for config in configs}) == PRINTERS
    names = [sensor["uniq_id"] for it in configs for sensor in it["cmps"].values()]
    assert len(names) == len(set(names)) == PRINTERS * len(HEATERS) * 3
    assert {config["dev"]["name"] for config in configs} == {
        f"Printer {number}" for number in range(PRINTERS)
    }
    for number in (0, 1, 99):
        [base] = {
            heard.topic.rsplit("/", 2)[0]
            for heard in listener.of("/bed/eta")
            if heard.topic.split("/")[2] == f"Printer_{number}"
        }
        assert base == f"octoprint/temp_eta/Printer_{number}"
    assert not any(one.relay.status()["is_shared"] for one in farm)
    assert {one.state for one in farm} == {"connected"}
