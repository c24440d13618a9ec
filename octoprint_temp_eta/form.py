"""The parts of the settings form that hold settings, and controls that are not settings.

templates/temp_eta_settings.jinja2 draws each part by its `kind`.
"""


class Part:
    """A part of the form, with the parts in it."""

    parts = ()

    @property
    def kind(self):
        return type(self).__name__.lower()


class Pane(Part):
    """One of the panes that the form is divided into."""

    def __init__(self, id, title, *parts):
        self.id, self.title, self.parts = id, title, parts


class Section(Part):
    """Parts below a heading."""

    def __init__(self, title, *parts):
        self.title, self.parts = title, parts


class Group(Part):
    """Parts beside a label that they share."""

    def __init__(self, id, label, *parts):
        self.id, self.label, self.parts = id, label, parts


class Enabled(Part):
    """Parts that can be changed only while the plugin is enabled."""

    def __init__(self, *parts):
        self.parts = parts


class Shown(Part):
    """Parts that are shown only while `condition` holds.

    It is a Knockout expression: `config` has the values of the form, and the rest is in
    static/js/settings_pane.js.
    """

    def __init__(self, condition, *parts, indent=False):
        self.condition, self.parts, self.indent = condition, parts, indent


class Special(Part):
    """A control that is not a setting: a macro of templates/snippets/special.jinja2."""

    def __init__(self, control):
        self.control = control


def walk(parts):
    """Yield all of `parts` and what is in them, in the order of the form."""
    for part in parts:
        yield part
        yield from walk(part.parts)
