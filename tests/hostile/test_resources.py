"""Submissions that take all they can get: memory, threads, files, disk, time, output. Each meets a limit."""

from __future__ import annotations

import re

import pytest

from grader.running import subjects as subject
from tests.hostile.support import needs_walls, printed, reference, statuses

IMPORTS = "import mmap, os, re, resource, socket, sys, tempfile, threading, time\nimport numpy as np\nimport torch\n"

# Each prints how much it got of something before it was refused more of it; the number is the most that it may get.
AMOUNTS = {
    "memory": ("list(count(lambda: kept.append(mmap.mmap(-1, 2**26))))", 64),
    "tensors": ("list(count(lambda: kept.append(torch.empty(2**26, dtype=torch.uint8))))", 64),
    "threads": ("list(count(thread))", 64),
    "files": ("list(count(lambda: kept.append(open('f', 'wb'))))", 128),
    "sockets": ("list(count(lambda: kept.extend(socket.socketpair())))", 64),
    "pipes": ("list(count(lambda: kept.append(os.pipe())))", 64),
    "disk": ("list(count(lambda: open(str(len(kept)), 'wb').write(kept.append(1) or bytes(2**20))))", 64),
    "one file": ("f = open('f', 'wb', 0); list(count(lambda: f.write(bytes(2**20)) == 2**20 or 1 / 0))", 33),
    "names": ("list(count(lambda: open(str(len(kept)), 'wb').close() or kept.append(1)))", 5000),
}
HELPERS = """
kept = []

def thread():
    threading.stack_size(2**16)
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()

def count(take):
    global got
    got = 0
    while True:
        take()
        got += 1
        yield
"""


@needs_walls
@pytest.mark.parametrize(("line", "most"), AMOUNTS.values(), ids=AMOUNTS)
def test_there_is_a_limit(attack, line, most):
    tried = f"try:\n    {line}\nexcept BaseException as error:\n    kept.clear()\n    print('got', got)\n"
    report = attack(f"{IMPORTS}{HELPERS}{tried}\n\ndef rescale(images):\n    return 1\n", "rescale")
    assert report.score == 0
    if statuses(report) == {"timeout"} and "'wb')" in line and "f = " not in line:
        size = "import os\nsize = os.statvfs('.').f_blocks * os.statvfs('.').f_frsize\nprint(size <= 2**26)\n"
        # Where no mounts can be had, the number of files ends with the time, as SECURITY.md says.
        assert printed(attack(size + reference("weights"), "rescale")).split()[0] == "False"
        return
    assert statuses(report) == {"failed"}  # the worker lives, and so does the grader
    got = re.search(r"got (\d+)", printed(report))
    assert got is not None and 0 < int(got[1]) <= most


@pytest.mark.parametrize(
    "line",
    [
        "x = []\n    while True: x.append(bytearray(2**24))",
        "return torch.ones(2**40)",
        "return np.ones(2**40)",
        "return 'x' * 10**11",
        "return [0] * 10**11",
    ],
)
def test_a_memory_bomb_is_an_error_of_its_own(attack, line):
    report = attack(f"{IMPORTS}\n\ndef rescale(images):\n    {line}\n", "rescale")
    assert report.score == 0
    assert statuses(report) <= {"error", "timeout", "crashed"}


@pytest.mark.parametrize(
    "line",
    [
        "time.sleep(3600)",
        "while True: pass",
        "threading.Event().wait()",
        "re.match('(a+)+$', 'a' * 60 + 'b')",
        "9 ** 9 ** 9",
        "str(7 ** 10**8)",
        "sum(iter(int, 1))",
        "os.read(os.pipe()[0], 1)",
        "sys.stdin = open(0); os.read(os.open('/dev/zero', 0), 1) and time.sleep(60)",
        "threading.Lock().acquire() and [lock := threading.Lock(), lock.acquire(), lock.acquire()]",
    ],
)
def test_time_ends(attack, hasty, line):
    report = attack(f"{IMPORTS}\n\ndef rescale(images):\n    {line}\n", "rescale")
    assert report.score == 0
    assert statuses(report) == {"timeout"}


def test_an_import_without_end_ends(attack, hasty):
    report = attack("while True: pass", "rescale", "tile_images")
    assert statuses(report) == {"timeout"}


@needs_walls
def test_limits_cannot_be_lifted(attack):
    names = ("AS", "CPU", "FSIZE", "NOFILE", "CORE", "MEMLOCK")
    tries = "".join(
        f"\ntry:\n    resource.setrlimit(resource.RLIMIT_{name}, (-1, -1))\n    print('lifted')\nexcept (ValueError, OSError): pass"
        for name in names
    )
    report = attack(f"{IMPORTS}{tries}\n\ndef rescale(images):\n    return 1\n", "rescale")
    assert statuses(report) == {"failed"}
    assert "lifted" not in printed(report)


FLOODS = {
    "print": "print('x' * 10**7)",
    "lines": "[print(i) for i in range(10**5)]",
    "stderr": "sys.stderr.write('x' * 10**7)",
    "descriptor 1": "[os.write(1, b'x' * 10**6) for _ in range(30)]",
    "descriptor 2": "[os.write(2, b'\\xff\\x00\\x1b' * 10**5) for _ in range(30)]",
    "without end": "while True: os.write(1, b'x' * 65536)",
    "from threads": "[threading.Thread(target=flood, daemon=True).start() for _ in range(3)]",
    "standard input": "os.write(0, b'x' * 10**6)",
}


@pytest.mark.parametrize("line", FLOODS.values(), ids=FLOODS)
def test_a_flood_is_drained_and_cut(attack, line):
    flood = "def flood():\n    while True: os.write(1, b'x' * 65536)\n"
    report = attack(f"{IMPORTS}{flood}\n\ndef rescale(images):\n    {line}\n    return 1\n", "rescale")
    assert report.score == 0
    assert statuses(report) <= {"failed", "timeout"}
    assert len(printed(report)) < 1_000_000


LITTER = {
    "a deep folder": "for _ in range(1500): os.mkdir('d'); os.chdir('d')",
    "a deep folder of long names": "for _ in range(60): os.mkdir('d' * 250); os.chdir('d' * 250)",
    "no permissions": "os.makedirs('a/b'); open('a/b/c', 'w'); os.umask(0o777); os.mkdir('e', 0)",
    "odd names": "[open(name, 'w') for name in (b'\\xff\\xfe', b'-rf', b'new\\nline', b'*')]",
    "a named pipe": "os.mkfifo('p')",
    "its own file": "os.remove(__file__); os.mkdir(__file__); open(__file__ + '/x', 'w')",
    "temporary files": "[tempfile.mkstemp() for _ in range(20)]; tempfile.mkdtemp()",
    "open when it dies": "f = open('f', 'w'); os._exit(0)",
}


@pytest.mark.parametrize("line", LITTER.values(), ids=LITTER)
def test_scratch_is_removed(attack, line):
    """Whatever it leaves in its scratch folder is gone afterwards; `grade` asserts it."""
    report = attack(f"{IMPORTS}\n{line}\n", "rescale")
    assert report.score == 0


def test_the_answers_to_an_exercise_have_a_limit_in_all(attack, monkeypatch):
    """Every answer is kept until the exercise is judged; large ones would add up."""
    report = attack(
        "import numpy as np\ndef rescale(images):\n    return np.zeros(2**24 - 4096, np.uint8)\n", "rescale"
    )
    assert report.score == 0
    monkeypatch.setattr(subject, "MOST_BYTES", 4_000)
    report = attack(reference("weights"), "rescale")
    assert "take more than" in report.exercises[0].checks[0].message


def test_the_text_of_an_error_is_cut_before_it_is_searched(attack):
    source = """
    from grader.sandbox import worker
    worker.describe_error.__globals__["_text"] = lambda error, file: "int() argument must be " * 80000
    worker.wire.clean = lambda text: text
    def rescale(images):
        raise TypeError
    """
    assert attack(source, "rescale").score == 0


def test_keys_that_collide_do_not_hold_anyone_up(attack):
    """Tuples hash without a secret, and a frame's head may hold maps with tuples for keys."""
    source = """
    import os, msgspec
    from grader.sandbox import wire
    one, two, five, mask = 11400714785074694791, 14029467366897019727, 2870177450012600261, 2**64 - 1
    turn = lambda x, n: ((x << n) | (x >> (64 - n))) & mask
    def other(a):
        wanted = turn(0, 64 - 31)
        first = turn((five + a * two) & mask, 31) * one & mask
        return (wanted * pow(one, -1, 2**64) - first) * pow(two, -1, 2**64) & mask
    pairs = b"".join(b"\\x92\\xcf" + a.to_bytes(8, "big") + b"\\xcf" + other(a).to_bytes(8, "big") + b"\\x00" for a in range(12_000))
    head = b"\\xde" + (12_000).to_bytes(2, "big") + pairs
    os.write(4, wire.HEAD.pack(wire.MAGIC, 1, len(head), 0) + head)
    """
    assert attack(source, "rescale").score == 0


LOOPS_WHEN = """
import inspect
_right = conv2d_output_shape

def conv2d_output_shape(*args, **options):
    given = inspect.signature(_right).bind(*args, **options)
    given.apply_defaults()
    result = _right(*args, **options)
    while {condition}:
        try:
            while True: pass
        except BaseException: pass
    return result
"""


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("given.arguments['stride'] == (2, 3)", ["passed", "timeout", "passed"]),
        ("True", ["timeout", "timeout", "timeout"]),
    ],
)
def test_a_loop_costs_its_own_check_only_also_when_it_swallows_interrupts(arena, condition, expected):
    source = reference("shapes") + LOOPS_WHEN.format(condition=condition)
    (result,) = arena.grade(source, "conv2d_output_shape").exercises
    assert [check.status for check in result.checks] == expected


def test_all_exercises_of_a_topic_together_have_a_limit_and_what_is_right_behind_it_keeps_its_points(
    attack, monkeypatch
):
    from grader.running import limits

    monkeypatch.setattr(limits, "TOPIC_SECONDS", 1.0)
    monkeypatch.setattr(limits, "LAST_SECONDS", 1.0)
    slow = "\n_rescale = rescale\ndef rescale(images):\n    time.sleep(0.4)\n    return _rescale(images)\n"
    report = attack(f"{IMPORTS}{reference('weights')}{slow}", "rescale", "weights_to_images")
    slow_one, right = report.exercises
    assert "timeout" in {check.status for check in slow_one.checks}
    assert right.status == "passed"
