"""WebAssembly runtimes that can run the core, in order of preference.

A runtime calls exported functions with numbers, and reads and writes the module's
memory. wasmtime is preferred because it is maintained best. Pulley is its interpreter,
for systems that do not allow executable memory. wasm3 is small and also runs on 32-bit
systems. All of them are optional: if one fails for whatever reason, the next is tried.
"""

import ctypes
import struct
import sys

# wasmtime's fuel for a call, and for each number in the mailbox in addition. A row of
# five heaters is 17 numbers and uses about 600 000; an endless loop is stopped within
# milliseconds.
FUEL_PER_CALL = 20_000_000
FUEL_PER_NUMBER = 200_000

# Limit of the module's memory, in bytes. It needs a third of a megabyte at the start and
# half a megabyte after days.
MAX_MEMORY = 4 << 20

# The host's stack for wasm calls, in bytes. The module's own stack is in its memory.
STACK_SIZE = 256 * 1024


class WasmError(Exception):
    """The module could not be run or has failed. It must not be called again."""


class Wasmtime:
    """wasmtime without signal handlers, threads or large memory reservations."""

    name = "wasmtime"
    target = None

    def __init__(self, wasm):
        import wasmtime

        # Before version 45 these options are ignored silently.
        if not hasattr(wasmtime.Config, "signals_based_traps"):
            raise WasmError("wasmtime is older than 45")
        self._errors = (wasmtime.WasmtimeError, wasmtime.Trap)
        config = wasmtime.Config()
        config.signals_based_traps = False
        config.memory_reservation = 0
        config.memory_guard_size = 0
        config.memory_reservation_for_growth = 0
        config.memory_init_cow = False
        config.parallel_compilation = False
        config.gc_support = False
        config.max_wasm_stack = STACK_SIZE
        config.consume_fuel = True
        if self.target:
            config.target = self.target
        engine = wasmtime.Engine(config)
        self._store = wasmtime.Store(engine)
        limits = {"instances": 1, "memories": 1, "tables": 4}
        self._store.set_limits(memory_size=MAX_MEMORY, **limits)
        self._store.set_fuel(FUEL_PER_CALL)
        module = wasmtime.Module(engine, wasm)
        instance = wasmtime.Instance(self._store, module, [])
        self._exports = instance.exports(self._store)
        self._memory = self._exports["memory"]
        _trim_heap()

    def call(self, function, *arguments, numbers=0):
        """Call the exported `function` and return its result.

        `numbers` is how many numbers of the mailbox it works on. Raises `WasmError` if
        it traps or runs out of fuel.
        """
        self._store.set_fuel(FUEL_PER_CALL + FUEL_PER_NUMBER * numbers)
        try:
            return self._exports[function](self._store, *arguments)
        except self._errors as error:
            raise WasmError(_first_line(error)) from error

    def write(self, address, numbers):
        """Write `numbers` as 64-bit floats to memory, starting at byte `address`."""
        data = struct.pack(f"<{len(numbers)}d", *numbers)
        self._memory.write(self._store, data, address)

    def read(self, address, count):
        """Read `count` 64-bit floats from memory, starting at byte `address`."""
        data = self._memory.read(self._store, address, address + 8 * count)
        return struct.unpack(f"<{count}d", data)

    def memory(self):
        """Return the size of the module's memory in bytes."""
        return self._memory.data_len(self._store)


class Pulley(Wasmtime):
    """wasmtime's interpreter, which needs no executable memory."""

    name = "wasmtime-pulley"
    target = "pulley64" if sys.byteorder == "little" else "pulley64be"


class Wasm3:
    """wasm3, an interpreter of a quarter of a megabyte. It has no fuel."""

    name = "wasm3"

    def __init__(self, wasm):
        import wasm3

        # All three must live as long as the functions do.
        self._environment = wasm3.Environment()
        self._runtime = self._environment.new_runtime(STACK_SIZE)
        self._module = self._environment.parse_module(wasm)
        self._runtime.load(self._module)
        self._functions = {}

    def call(self, function, *arguments, numbers=0):
        try:
            if function not in self._functions:
                self._functions[function] = self._runtime.find_function(function)
            return self._functions[function](*arguments)
        except RuntimeError as error:
            raise WasmError(_first_line(error)) from error

    def write(self, address, numbers):
        # Not cached: the memory moves when it grows.
        memory = self._runtime.get_memory(0)
        struct.pack_into(f"<{len(numbers)}d", memory, address, *numbers)

    def read(self, address, count):
        return struct.unpack_from(f"<{count}d", self._runtime.get_memory(0), address)

    def memory(self):
        """Return the size of the module's memory in bytes."""
        return len(self._runtime.get_memory(0))


RUNTIMES = (Wasmtime, Pulley, Wasm3)


def open_runtime(wasm, runtimes=RUNTIMES):
    """Open `wasm` in the first of `runtimes` that works.

    Returns the runtime, or None if none works, and the errors of those that failed by
    their names.
    """
    errors = {}
    for runtime in runtimes:
        try:
            return runtime(wasm), errors
        # A wheel for another platform may raise anything, such as RuntimeError, OSError.
        except Exception as error:
            errors[runtime.name] = f"{type(error).__name__}: {_first_line(error)}"
    return None, errors


def _trim_heap():
    """Return freed memory to the system: glibc would keep the 18 MB of the compiler."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
    # Not every C library has it.
    except (OSError, AttributeError, TypeError):
        pass


def _first_line(error):
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
