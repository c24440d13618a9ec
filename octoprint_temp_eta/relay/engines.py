"""What runs the calculation's wasm on this machine: a ladder, the best first.

Each engine calls exported functions with numbers, and reads and writes the module's
memory. wasmtime is the best kept; Pulley is its interpreter, for where memory may not
be made executable; wasm3 is small and runs on 32 bits, too. None of them is a
dependency: whatever is wrong with one, the next is tried.
"""

import ctypes
import struct
import sys

# What one call may burn, and what for each number in the mailbox besides. A row of five
# heaters is 17 numbers and burns some 600 000; a loop without an end is over in
# milliseconds.
FUEL_PER_CALL = 20_000_000
FUEL_PER_NUMBER = 200_000

# The module needs a third of a megabyte at its start, and half of one after days.
MOST_MEMORY = 4 << 20

# Of the host's thread, in bytes; the module's own stack lies in its memory.
STACK = 256 * 1024


class EngineError(Exception):
    """The wasm could not be run, or has broken down: it must not be called any more."""


class Wasmtime:
    """wasmtime, as a guest: no signal handlers, no threads, no gigabytes reserved."""

    name = "wasmtime"
    target = None

    def __init__(self, wasm):
        import wasmtime

        # Before 45 setting what it does not know is not noticed.
        if not hasattr(wasmtime.Config, "signals_based_traps"):
            raise EngineError("wasmtime is older than 45")
        self._errors = (wasmtime.WasmtimeError, wasmtime.Trap)
        config = wasmtime.Config()
        config.signals_based_traps = False
        config.memory_reservation = 0
        config.memory_guard_size = 0
        config.memory_reservation_for_growth = 0
        config.memory_init_cow = False
        config.parallel_compilation = False
        config.gc_support = False
        config.max_wasm_stack = STACK
        config.consume_fuel = True
        if self.target:
            config.target = self.target
        engine = wasmtime.Engine(config)
        self._store = wasmtime.Store(engine)
        limits = {"instances": 1, "memories": 1, "tables": 4}
        self._store.set_limits(memory_size=MOST_MEMORY, **limits)
        self._store.set_fuel(FUEL_PER_CALL)
        module = wasmtime.Module(engine, wasm)
        instance = wasmtime.Instance(self._store, module, [])
        self._exports = instance.exports(self._store)
        self._memory = self._exports["memory"]
        _give_back_memory()

    def call(self, function, *arguments, numbers=0):
        """What `function` returns, which works on so many `numbers` of the memory.

        Raises `EngineError` if it traps or does not come to an end.
        """
        self._store.set_fuel(FUEL_PER_CALL + FUEL_PER_NUMBER * numbers)
        try:
            return self._exports[function](self._store, *arguments)
        except self._errors as error:
            raise EngineError(_first_line(error)) from error

    def write(self, address, numbers):
        """Put `numbers`, 8 bytes each, into the memory from byte `address` on."""
        data = struct.pack(f"<{len(numbers)}d", *numbers)
        self._memory.write(self._store, data, address)

    def read(self, address, count):
        """So many numbers of the memory from byte `address` on, a tuple."""
        data = self._memory.read(self._store, address, address + 8 * count)
        return struct.unpack(f"<{count}d", data)

    def memory(self):
        """Bytes that the module has."""
        return self._memory.data_len(self._store)


class Pulley(Wasmtime):
    """wasmtime's interpreter: nothing is made executable."""

    name = "wasmtime-pulley"
    target = "pulley64" if sys.byteorder == "little" else "pulley64be"


class Wasm3:
    """wasm3: an interpreter of a quarter of a megabyte, without fuel."""

    name = "wasm3"

    def __init__(self, wasm):
        import wasm3

        # All three must live as long as the functions do.
        self._environment = wasm3.Environment()
        self._runtime = self._environment.new_runtime(STACK)
        self._module = self._environment.parse_module(wasm)
        self._runtime.load(self._module)
        self._functions = {}

    def call(self, function, *arguments, numbers=0):
        try:
            if function not in self._functions:
                self._functions[function] = self._runtime.find_function(function)
            return self._functions[function](*arguments)
        except RuntimeError as error:
            raise EngineError(_first_line(error)) from error

    def write(self, address, numbers):
        # Asked for each time: growing moves it.
        memory = self._runtime.get_memory(0)
        struct.pack_into(f"<{len(numbers)}d", memory, address, *numbers)

    def read(self, address, count):
        return struct.unpack_from(f"<{count}d", self._runtime.get_memory(0), address)

    def memory(self):
        """Bytes that the module has."""
        return len(self._runtime.get_memory(0))


LADDER = (Wasmtime, Pulley, Wasm3)


def open_engine(wasm, ladder=LADDER):
    """The first engine of `ladder` that runs `wasm`, and why those before it do not.

    Returns the engine, None if there is none, and the reasons by the engines' names.
    """
    reasons = {}
    for engine in ladder:
        try:
            return engine(wasm), reasons
        # A wheel for another machine raises whatever it likes: RuntimeError, OSError.
        except Exception as error:
            reasons[engine.name] = f"{type(error).__name__}: {_first_line(error)}"
    return None, reasons


def _give_back_memory():
    """Compiling takes 18 MB for a moment; the C library would keep them for later."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    # It is glibc that has this.
    except (OSError, AttributeError, TypeError):
        pass


def _first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
