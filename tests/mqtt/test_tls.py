"""The encrypted connection: certificates that are right, wrong or missing."""

import pytest
from broker import Broker, until
from certificates import Authority


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def encrypted(tmp_path, closing, authority):
    """Make a broker that only accepts TLS."""

    def make(*lines):
        certificate, key = authority.issue("server", "server")
        files = [f"cafile {authority.file}", f"certfile {certificate}", f"keyfile {key}"]
        broker = Broker(tmp_path, *files, *lines)
        closing(broker)
        return broker

    return make


@pytest.mark.everywhere
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_tls_with_own_ca(make_printer, encrypted, authority, host):
    printer = make_printer(
        encrypted().port,
        mqtt_use_tls=True,
        mqtt_tls_ca_file=str(authority.file),
        mqtt_broker_host=host,
    )
    printer.wait_for_state("connected")


def test_tls_with_unknown_ca(make_printer, encrypted):
    broker = encrypted()
    printer = make_printer(broker.port, mqtt_use_tls=True)
    printer.wait_for_state("certificate")
    status = printer.service.status()
    assert status["sent"] == 0 and "CERTIFICATE_VERIFY_FAILED" in status["detail"]
    assert "temp_eta_" not in broker.log()
    printer.configure(mqtt_tls_insecure=True)
    printer.wait_for_state("connected")


def test_tls_with_wrong_host_name_or_expired_certificate(
    make_printer, tmp_path, closing, authority
):
    trusted = {"mqtt_use_tls": True, "mqtt_tls_ca_file": str(authority.file)}
    for role, days, host, code in (
        ("other", 30, "other.invalid", "certificate_name"),
        ("old", -1, "localhost", "certificate_expired"),
    ):
        certificate, key = authority.issue(role, "server", host, days)
        files = [f"cafile {authority.file}", f"certfile {certificate}", f"keyfile {key}"]
        broker = Broker(tmp_path, *files)
        closing(broker)
        printer = make_printer(broker.port, **trusted, mqtt_broker_host="localhost")
        printer.wait_for_state(code)


def test_tls_with_client_certificate(make_printer, encrypted, authority):
    broker = encrypted("require_certificate true", "use_identity_as_username true")
    trusted = {"mqtt_use_tls": True, "mqtt_tls_ca_file": str(authority.file)}
    printer = make_printer(broker.port, **trusted)
    assert until_state(printer, "closed", "tls")
    certificate, key = authority.issue("client", "client")
    printer.configure(mqtt_tls_client_cert=str(certificate), mqtt_tls_client_key=str(key))
    printer.wait_for_state("connected")
    printer.configure(mqtt_tls_client_key=str(authority.file))
    printer.wait_for_state("tls_files")


def test_tls_on_one_side_only(make_printer, encrypted, broker, authority):
    assert until_state(make_printer(encrypted().port), "closed")
    trusted = {"mqtt_use_tls": True, "mqtt_tls_ca_file": str(authority.file)}
    assert until_state(make_printer(broker.port, **trusted), "closed", "tls")


def until_state(printer, *states):
    return until(
        lambda: printer.state in states, what=lambda: f"{states} ({printer.state})"
    )
