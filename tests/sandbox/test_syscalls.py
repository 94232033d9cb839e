"""The system-call filter, read as the kernel reads it, for both machines that it is written for."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from grader.sandbox.confine import syscalls

OWN = 4321
ALLOWED, REFUSED, KILLED = 0x7FFF0000, 0x00050001, 0x80000000
MACHINES = {"x86_64": "asm/unistd_64.h", "aarch64": "asm-generic/unistd.h"}
LATER = {"fchmodat2": 452, "statmount": 457, "listmount": 458, "setxattrat": 463, "removexattrat": 466, "open_tree_attr": 467,
         "file_setattr": 469, "listns": 470}  # fmt: skip  # newer than many headers; the same on both machines
USEFUL = {  # what honest code calls: x86_64, aarch64
    "read": (0, 63), "write": (1, 64), "openat": (257, 56), "close": (3, 57), "mmap": (9, 222), "munmap": (11, 215),
    "brk": (12, 214), "futex": (202, 98), "clock_nanosleep": (230, 115), "getrandom": (318, 278), "exit_group": (231, 94),
    "mkdirat": (258, 34), "unlinkat": (263, 35), "getdents64": (217, 61), "pipe2": (293, 59), "madvise": (28, 233),
}  # fmt: skip


@pytest.fixture(params=MACHINES)
def machine(request):
    return request.param


def verdict(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the filter says to a call."""
    column, own = syscalls._MACHINES[machine]
    numbers = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("<IIQ6Q", number, own if architecture is None else architecture, 0, *numbers)
    program = [struct.unpack("HBBI", instruction) for instruction in syscalls._program(column, own, OWN)]
    at = accumulator = 0
    while True:
        code, if_true, if_false, value = program[at]
        if code == syscalls._RETURN:
            return value
        if code == syscalls._LOAD:
            (accumulator,) = struct.unpack_from("<I", data, value)
            at += 1
            continue
        holds = {
            syscalls._EQUAL: accumulator == value,
            syscalls._AT_LEAST: accumulator >= value,
            syscalls._ANY_BIT: bool(accumulator & value),
        }[code]
        at += 1 + (if_true if holds else if_false)


def number(machine: str, name: str) -> int | None:
    """The number of one of the calls that are always refused."""
    return syscalls._ALWAYS[name][syscalls._MACHINES[machine][0]]


@pytest.mark.parametrize(
    "names",
    [
        "inotify_init inotify_init1 inotify_add_watch inotify_rm_watch fanotify_init fanotify_mark",
        "shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl",
        "mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr",
        "sync syncfs statmount listmount tee splice vmsplice",
        "setuid setresuid setreuid setgid setgroups",
        "execve ptrace unshare mount bpf",
    ],
)
def test_what_no_exercise_needs_is_refused(machine, names):
    for name in names.split():
        found = number(machine, name)
        assert found is not None or (machine, name) == ("aarch64", "inotify_init"), name
        assert found is None or verdict(machine, found) == REFUSED, name


def test_what_honest_code_calls_goes_through(machine):
    for name, numbers in USEFUL.items():
        assert verdict(machine, numbers[syscalls._MACHINES[machine][0]]) == ALLOWED, name


@pytest.mark.parametrize(("command", "expected"), [(1026, REFUSED), (1024, REFUSED), (8, REFUSED), (15, REFUSED), (1040, REFUSED),
                                                   (0, ALLOWED), (1, ALLOWED), (3, ALLOWED), (4, ALLOWED), (1030, ALLOWED)])  # fmt: skip
def test_a_file_may_be_handled_but_not_watched(machine, command, expected):
    fcntl = {"x86_64": 72, "aarch64": 25}[machine]
    assert verdict(machine, fcntl, 3, command) == expected
    assert verdict(machine, fcntl, 3, command | 1 << 40) == expected  # the kernel looks at 32 bits of it, too


def test_signals_and_threads_stay_in_the_process(machine):
    kill, clone = {"x86_64": (62, 56), "aarch64": (129, 220)}[machine]
    assert [verdict(machine, kill, pid, 9) for pid in (OWN, OWN + 1, 0, 1)] == [ALLOWED, REFUSED, REFUSED, REFUSED]
    assert [verdict(machine, clone, flags) for flags in (0x00010000, 17)] == [ALLOWED, REFUSED]


def test_another_architecture_is_none(machine):
    assert verdict(machine, 0, architecture=0x40000003) == KILLED


def test_the_numbers_are_the_kernels(machine):
    """Compared with the headers, where this machine has them: the generic ones are those of aarch64."""
    folders = (Path("/usr/include/x86_64-linux-gnu"), Path("/usr/include"))
    file = next((folder / MACHINES[machine] for folder in folders if (folder / MACHINES[machine]).is_file()), None)
    if file is None:
        pytest.skip("no headers of the kernel are installed")
    text = file.read_text()
    known = {name: int(value) for name, value in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    column = syscalls._MACHINES[machine][0]
    tables = (syscalls._ALWAYS, syscalls._OWN_PROCESS_ONLY, syscalls._ITSELF_ONLY,
              {name: rule[0] for name, rule in syscalls._REFUSED_ARGUMENTS.items()})  # fmt: skip
    for name, numbers in ((name, numbers) for table in tables for name, numbers in table.items()):
        assert numbers[column] == known.get(name, LATER.get(name)), name
