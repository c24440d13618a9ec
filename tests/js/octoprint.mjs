// What OctoPrint's page has as globals, as far as our modules use it.
import { sprintf } from "sprintf-js";

globalThis.gettext = (text) => text;
globalThis._ = { sprintf };
