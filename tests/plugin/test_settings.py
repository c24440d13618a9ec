"""The definitions of the settings, their validation and the generated files."""

import json
import math
import pathlib
import re
from html.parser import HTMLParser

import jinja2
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from octoprint_temp_eta import form, settings, validation, values
from scripts.settings import write

ROOT = pathlib.Path(__file__).parent.parent.parent
DATA = ROOT / "tests" / "data"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3)
    ),
    max_leaves=8,
)
KEYS = st.sampled_from(sorted(settings.DEFINITIONS))


def possible(key):
    """Return a strategy for the valid values of a setting."""
    definition = settings.DEFINITIONS[key]
    if isinstance(definition, values.Switch):
        return st.booleans()
    if isinstance(definition, values.Number):
        least, most = definition.least, definition.most
        return st.integers(math.ceil(least), int(most)) | (
            st.nothing() if definition.whole else st.floats(least, most)
        )
    if isinstance(definition, values.Choice):
        return st.sampled_from(list(definition.options))
    if isinstance(definition, values.Color):
        return st.from_regex("#[0-9a-f]{6}", fullmatch=True)
    if isinstance(definition, values.File):
        return st.just(__file__) | st.just("")
    if isinstance(definition, values.Heaters):
        heaters = st.lists(st.sampled_from(["tool0", "bed", "dryer"]), unique=True)
        return heaters.map(
            lambda ids: [{"counted": False, "heater": it, "name": "x"} for it in ids]
        )
    return st.from_regex("[a-z0-9]{1,30}", fullmatch=True)


@pytest.mark.parametrize("path", write.FILES, ids=lambda path: path.name)
def test_generated_files_are_up_to_date(path):
    hint = "run `npm run settings`"
    assert path.read_text(encoding="utf-8") == write.FILES[path](), hint


def section(heading):
    """Return the text of the page's section with this heading."""
    return re.split("^#+ ", write.page().split(f"# {heading}\n")[1], flags=re.M)[0]


def test_page_has_each_setting_once_under_the_titles_of_the_form():
    rows = re.findall(r"^\| .*\*\*<br>`(\w+)`.*\|$", write.page(), re.M)
    assert sorted(rows) == sorted(settings.DEFINITIONS)
    for heading, row in {
        "General": "| Show in: **Sidebar**<br>`show_in_sidebar` |",
        "Thresholds": "`threshold_unit`",
        "Cooling": "| **Ambient temperature**<br>`cooldown_ambient_temp`<br>Leave",
        "Appearance": "| Colors: **Heating**<br>`color_heating` |",
        "Alerts": "| **Volume**<br>`sound_volume`<br>Only",
        "Without a browser": "| Report ETAs: **Over MQTT**<br>`mqtt_enabled` |",
        "MQTT connection": "`mqtt_tls_client_key`",
        "MQTT publishing": "`mqtt_base_topic`",
        "Diagnostics": "`debug_logging`",
    }.items():
        assert row in section(heading), heading


class Drawn(HTMLParser):
    """The form as drawn: ids, those or the names of controls, and texts by their tags."""

    def __init__(self):
        super().__init__()
        self.ids, self.controls, self.texts, self.tag = [], [], {}, ""
        templates = jinja2.FileSystemLoader(ROOT / "templates")
        environment = jinja2.Environment(
            loader=jinja2.PrefixLoader({"plugin_temp_eta": templates}),
            extensions=["jinja2.ext.i18n"],
            undefined=jinja2.StrictUndefined,
            autoescape=True,
        )
        environment.install_null_translations(newstyle=True)
        template = "plugin_temp_eta/temp_eta_settings.jinja2"
        drawn = environment.get_template(template).render(
            plugin_temp_eta_form=settings.FORM,
            plugin_temp_eta_settings=settings.DEFINITIONS,
            plugin_temp_eta_destination=settings.DESTINATION,
        )
        self.feed(drawn)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        name = attributes.get("id")
        self.ids += [name] if name else []
        if tag in ("input", "select"):
            self.controls.append(name or attributes["name"])
        self.tag = tag

    def handle_data(self, text):
        self.texts.setdefault(self.tag, []).extend(filter(None, [text.strip()]))


@pytest.fixture(scope="module")
def drawn():
    return Drawn()


def test_form_has_one_control_for_each_setting(drawn):
    keys = [it.key for it in form.walk(settings.FORM) if isinstance(it, values.Setting)]
    assert len(set(keys)) == len(keys)
    assert list(settings.DEFINITIONS) == keys
    controls = [name.replace("temp_eta_", "", 1) for name in drawn.controls]
    controls.remove("mqtt_password_remove")
    # Whether a heater is shown, and its name.
    controls.remove("heaters")
    # A file with learned data.
    controls.remove("import_file")
    assert controls == keys


def test_form_has_each_id_once_and_no_special_control_for_nothing(drawn):
    assert len(set(drawn.ids)) == len(drawn.ids)
    special = (ROOT / "templates/snippets/special.jinja2").read_text(encoding="utf-8")
    used = [getattr(it, "control", "") for it in form.walk(settings.FORM)]
    assert sorted(re.findall(r"macro (\w+)", special)) == sorted(filter(None, used))


def test_form_depends_on_what_there_is():
    pane = (ROOT / "static/js/settings_pane.js").read_text(encoding="utf-8")
    for part in form.walk(settings.FORM):
        for name in re.findall(r"[\w.]+", getattr(part, "condition", "").split("=")[0]):
            key = name.replace("config.", "")
            known = (
                key in settings.DEFINITIONS if key != name else f"this.{name} =" in pane
            )
            assert known, name


def test_page_has_the_panes_and_headings_of_the_form(drawn):
    page = write.page()
    assert re.findall("^## (.+)$", page, re.M) == drawn.texts["a"]
    assert re.findall("^### (.+)$", page, re.M) == drawn.texts["h4"]
    assert set(write.NOTES) <= {pane.id for pane in settings.FORM}


def test_page_has_the_labels_of_all_options():
    page = write.page()
    for key, definition in settings.DEFINITIONS.items():
        for option, label in getattr(definition, "options", {}).items():
            row = next(it for it in page.splitlines() if f"<br>`{key}`" in it)
            assert f"`{option}` {label}<br>" in row, key


def test_conditions_of_alerts_are_off_as_the_page_says():
    for kind in ("sound", "notification"):
        for condition in ("target_reached", "cooldown_finished"):
            assert settings.DEFAULTS[f"{kind}_{condition}"] is False
    assert "*Play a sound* and *Show a popup* have no effect" in section("Alerts")


def test_defaults_are_valid():
    accepted, refused = validation.validate(settings.DEFAULTS)
    assert accepted == settings.DEFAULTS
    assert refused == {}


def test_definitions_have_labels_and_patterns_for_browsers():
    for key, definition in settings.DEFINITIONS.items():
        assert definition.label, key
        pattern = getattr(definition, "pattern", None)
        assert pattern is None or definition.hint, key
        # In a browser's `pattern` these need a backslash inside brackets.
        inside = re.findall(r"\[\^?((?:[^\]\\]|\\.)*)\]", pattern or "")
        bare = [it for it in inside if re.search(r"(?<!\\)[(){}/|[]", it)]
        assert not bare, key


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("update_interval", 0.1, 0.1),
        ("update_interval", "2.5", 2.5),
        ("update_interval", " .5 ", 0.5),
        ("update_interval", 5, 5.0),
        ("history_size", "60", 60),
        ("history_size", 60.0, 60),
        ("enabled", False, False),
        ("algorithm", "exponential", "exponential"),
        ("algorithm", "adaptive", "adaptive"),
        ("algorithm", "my_plugin.constant", "my_plugin.constant"),
        ("algorithm", "a." + "b" * 62, "a." + "b" * 62),
        ("cooldown_mode", "ambient", "ambient"),
        ("cooldown_ambient_temp", None, None),
        ("cooldown_ambient_temp", "", None),
        ("cooldown_ambient_temp", "21.5", 21.5),
        ("color_idle", "#A0b1C2", "#A0b1C2"),
        ("color_idle", "#a1F", "#aa11FF"),
        ("sound_volume", "0", 0.0),
        ("mqtt_qos", "2", 2),
        ("mqtt_qos", 0, 0),
        ("mqtt_broker_host", " ::1 ", "::1"),
        ("mqtt_broker_host", "fe80::1", "fe80::1"),
        ("mqtt_broker_host", " [::1]", "::1"),
        ("mqtt_base_topic", "a/b c/ä", "a/b c/ä"),
        ("mqtt_password", " as it is ", " as it is "),
        ("mqtt_password", "", ""),
        ("mqtt_tls_ca_file", "", ""),
        ("mqtt_tls_ca_file", __file__, __file__),
    ],
)
def test_accepts(key, value, stored):
    accepted, refused = validation.validate({key: value})
    assert (accepted, refused) == ({key: stored}, {})
    assert type(accepted[key]) is type(stored)


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("update_interval", 0.09, "from 0.1 to 5 s"),
        ("update_interval", 5.1, "from 0.1 to 5 s"),
        ("update_interval", math.nan, "a number"),
        ("update_interval", math.inf, "from 0.1 to 5 s"),
        ("update_interval", "inf", "a number"),
        ("update_interval", "1_0", "a number"),
        ("update_interval", "１", "a number"),
        ("update_interval", "soon", "a number"),
        ("update_interval", "", "a number"),
        ("update_interval", None, "a number"),
        ("update_interval", True, "a number"),
        ("update_interval", [1.0], "a number"),
        ("update_interval", 10**400, "a number"),
        ("update_interval", "1" * 10_000_000, "a number"),
        ("history_size", 60.5, "a whole number"),
        ("enabled", "yes", "true or false"),
        ("enabled", 1, "true or false"),
        ("algorithm", "magic", "linear, exponential"),
        ("algorithm", "plugin.", "linear, exponential"),
        ("algorithm", "a." + "b" * 63, "linear, exponential"),
        ("algorithm", ["linear"], "linear, exponential"),
        ("algorithm", {}, "linear, exponential, adaptive"),
        ("cooldown_mode", "fridge", "threshold, ambient"),
        ("cooldown_ambient_temp", 81, "from 0 to 80 °C"),
        ("cooldown_target_bed", None, "a number"),
        ("color_idle", "#A0b1C2;", "a color"),
        ("color_idle", "red", "a color"),
        ("color_idle", None, "a color"),
        ("sound_volume", 1.1, "from 0 to 1"),
        ("mqtt_qos", 7, "one of 0, 1, 2"),
        ("mqtt_qos", True, "one of 0, 1, 2"),
        ("mqtt_qos", 1.0, "one of 0, 1, 2"),
        ("mqtt_broker_port", 70000, "from 1 to 65535"),
        ("mqtt_broker_host", "mqtt://broker", "must not contain mqtt://"),
        ("mqtt_broker_host", "[::1]:1883", "or a port"),
        ("mqtt_broker_host", "broker:1883", "or a port"),
        ("mqtt_broker_host", "user:secret@broker", "must not contain mqtt://"),
        ("mqtt_broker_host", "broker\nhost", "one line"),
        ("mqtt_base_topic", "", "empty levels"),
        ("mqtt_base_topic", "a//b", "empty levels"),
        ("mqtt_base_topic", "a/+/b", "must not contain +, #"),
        ("mqtt_base_topic", "$SYS/a", "must not contain +, #"),
        ("mqtt_base_topic", " ", "must not contain +, #"),
        ("mqtt_base_topic", "a\u202eb", "one line"),
        ("mqtt_base_topic", "a\U0001fffeb", "one line"),
        ("mqtt_username", "x" * 10_000_000, "no longer than 255"),
        ("mqtt_username", "\ud800", "one line"),
        ("mqtt_username", 5, "text"),
        ("mqtt_username", "constructor", "JavaScript reserves"),
        ("mqtt_password", ["s3cret"], "text"),
        ("mqtt_tls_ca_file", "/no/such/file", "can read"),
        ("mqtt_tls_ca_file", "/", "can read"),
        ("mqtt_tls_ca_file", "a\0b", "one line"),
        ("magic", 1, "not a setting"),
        ("_config_version", 3, "not a setting"),
    ],
)
def test_refuses_with_a_reason_and_accepts_the_rest(key, value, reason):
    accepted, refused = validation.validate({key: value, "show_in_sidebar": False})
    assert accepted == {"show_in_sidebar": False}
    assert list(refused) == [key]
    assert reason in refused[key]
    assert len(validation.describe(refused)) < 300
    assert "s3cret" not in validation.describe(refused)


@pytest.mark.parametrize(
    ("base", "prefix", "discovers", "collides"),
    [
        ("homeassistant", "homeassistant", True, True),
        ("homeassistant", "homeassistant", False, False),
        ("ha", "ha/Ender", True, True),
        ("ha/Ender", "ha", True, False),
        ("ha", "ha2", True, False),
    ],
)
def test_topics_of_home_assistant_are_not_ours(base, prefix, discovers, collides):
    topics = dict(zip(settings.TOPICS, (base, prefix, discovers)))
    accepted, refused = validation.validate({**topics, "enabled": False})
    assert accepted == ({"enabled": False} if collides else {**topics, "enabled": False})
    assert list(refused) == (["mqtt_discovery_prefix"] if collides else [])
    # One of them, beside those that are stored; and from config.yaml.
    for key, value in topics.items():
        others = {**settings.DEFAULTS, **topics}
        del others[key]
        accepted, _ = validation.validate({key: value}, {**others, key: "unused"})
        assert accepted == ({} if collides else {key: value})
    assert validation.sanitize(topics)[0] == ({} if collides else topics)


def test_names_of_plugin_algorithms():
    names = json.loads((DATA / "algorithm-ids.json").read_text(encoding="utf-8"))
    for name in names["good"]:
        assert validation.validate({"algorithm": name}) == ({"algorithm": name}, {})
    for name in set(names["bad"]) - {"linear"}:
        assert list(validation.validate({"algorithm": name})[1]) == ["algorithm"], name


@given(JSON)
def test_any_data_is_split_without_an_error(data):
    accepted, refused = validation.validate(data)
    assert set(accepted) <= set(settings.DEFINITIONS)
    assert len(validation.describe(refused)) < 5000
    usable, _ = validation.sanitize(data)
    assert validation.sanitize(usable) == (usable, {})


@given(st.dictionaries(KEYS, JSON))
def test_accepted_values_are_accepted_again(data):
    accepted, refused = validation.validate(data)
    assert set(accepted) | set(refused) | set(settings.SECRETS) >= set(data)
    assert validation.validate(accepted) == (accepted, {})
    # A value that YAML cannot store would lose the whole file.
    json.dumps(accepted, allow_nan=False).encode("utf-8")


@given(st.data(), st.sets(KEYS, max_size=8), KEYS, JSON)
def test_valid_values_are_accepted_beside_invalid_ones(data, keys, other, anything):
    good = {key: data.draw(possible(key)) for key in keys}
    chosen = {**settings.DEFAULTS, **good}
    base, prefix, discovers = (chosen[key] for key in validation.TOPICS)
    # These are refused together.
    assume(not discovers or not f"{prefix}/".startswith(f"{base}/"))
    accepted, refused = validation.validate({other: anything, **good})
    assert {key: accepted[key] for key in keys} == good
    assert set(refused) <= {other} - keys


def test_missing_file_is_refused_when_entered_but_kept_when_stored():
    data = {"mqtt_tls_ca_file": "/no/such/file"}
    assert validation.validate(data)[0] == {}
    assert validation.sanitize(data) == (data, {})


def test_unreadable_secrets_are_not_overwritten():
    data = {"mqtt_password": None, "mqtt_password_set": True, "debug": True}
    assert validation.validate(data) == ({}, {})


def test_password_is_bound_to_its_broker():
    stored = {**settings.DEFAULTS, "mqtt_password": "s3cret", "mqtt_broker_host": "mine"}
    elsewhere = validation.sends_password_elsewhere
    assert elsewhere({"mqtt_broker_host": "theirs"}, stored)
    assert elsewhere({"mqtt_broker_port": 8883}, stored)
    assert elsewhere({"mqtt_tls_insecure": True}, stored)
    assert not elsewhere({"mqtt_broker_host": "theirs", "mqtt_password": "new"}, stored)
    assert not elsewhere({"mqtt_broker_host": "mine", "mqtt_username": "me"}, stored)
    assert not elsewhere({"mqtt_broker_host": "theirs"}, settings.DEFAULTS)


def test_secret_and_confidential_settings():
    assert settings.SECRETS == ["mqtt_password"]
    assert {"mqtt_broker_host", "mqtt_username"} <= set(settings.CONFIDENTIAL)
    assert {"mqtt_password", "mqtt_broker_host"} <= set(settings.CREDENTIALS)
