"""The system-call filter, read as the kernel reads it, for both machines that it is written for."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from grader.sandbox.confine import syscalls

OWN = 4321
ALLOWED, REFUSED, UNKNOWN, KILLED = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
MACHINES = {"x86_64": "asm/unistd_64.h", "aarch64": "asm-generic/unistd.h"}
REFUSED_CALLS = {  # x86_64, aarch64
    "inotify_init1": (294, 26), "inotify_add_watch": (254, 27), "fanotify_init": (300, 262), "shmget": (29, 194),
    "shmat": (30, 196), "semget": (64, 190), "msgget": (68, 186), "mq_open": (240, 180), "sync": (162, 81),
    "syncfs": (306, 267), "tee": (276, 77), "splice": (275, 76), "vmsplice": (278, 75), "setuid": (105, 146),
    "setresuid": (117, 147), "setgroups": (116, 159), "execve": (59, 221), "ptrace": (101, 117), "unshare": (272, 97),
    "mount": (165, 40), "bpf": (321, 280), "socket": (41, 198), "connect": (42, 203), "bind": (49, 200),
    "io_setup": (206, 0), "io_submit": (209, 2), "io_uring_setup": (425, 425), "landlock_create_ruleset": (444, 444),
    "landlock_add_rule": (445, 445), "seccomp": (317, 277), "flock": (73, 32), "fadvise64": (221, 223),
    "readahead": (187, 213), "mlock": (149, 228), "memfd_create": (319, 279), "userfaultfd": (323, 282),
    "perf_event_open": (298, 241), "keyctl": (250, 219), "getpriority": (140, 141), "ioprio_get": (252, 31),
    "process_madvise": (440, 440), "pidfd_open": (434, 434), "name_to_handle_at": (303, 264), "setsid": (112, 157),
    "fchmod": (91, 52), "fchown": (93, 55), "utimensat": (280, 88), "fsetxattr": (190, 7), "linkat": (265, 37),
    "symlinkat": (266, 36), "mknodat": (259, 33), "acct": (163, 89), "reboot": (169, 142), "set_mempolicy_home_node": (450, 450),
}  # fmt: skip
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


@pytest.mark.parametrize("name", REFUSED_CALLS)
def test_what_no_exercise_needs_is_refused(machine, name):
    assert verdict(machine, REFUSED_CALLS[name][syscalls._MACHINES[machine][0]]) in (REFUSED, UNKNOWN)


def test_only_what_is_on_the_list_goes_through(machine):
    column = syscalls._MACHINES[machine][0]
    allowed = {numbers[column] for numbers in syscalls._ALLOWED.values()}
    asked = {syscalls._CLONE[column], *(rule[0][column] for rule in syscalls._ALLOWED_FOR.values())}
    for number in {*range(600), *range(0x40000000, 0x40000200)} - asked:
        found = verdict(machine, number, OWN + 1)
        assert found == ALLOWED if number in allowed else found in (REFUSED, UNKNOWN), number
        assert number < 0x40000000 or found == REFUSED
    assert verdict(machine, syscalls._CLONE3[column]) == UNKNOWN


def test_what_honest_code_calls_goes_through(machine):
    for name, numbers in USEFUL.items():
        assert verdict(machine, numbers[syscalls._MACHINES[machine][0]]) == ALLOWED, name


@pytest.mark.parametrize("command", [0, 1, 3, 4, 6, 8, 15, 37, 1024, 1026, 1030, 1031, 1040])
def test_a_file_may_be_handled_but_not_watched_and_not_locked(machine, command):
    expected = ALLOWED if command in (0, 1, 3, 4, 1030) else REFUSED
    fcntl = {"x86_64": 72, "aarch64": 25}[machine]
    assert verdict(machine, fcntl, 3, command) == expected
    assert verdict(machine, fcntl, 3, command | 1 << 40) == expected  # the kernel looks at 32 bits of it, too


def test_a_files_flags_stay_as_they_are(machine):
    """FS_IOC_SETFLAGS, FS_IOC_FSSETXATTR, FS_IOC_ENABLE_VERITY, FICLONE, TIOCSTI need no file that is open for writing."""
    ioctl = {"x86_64": 16, "aarch64": 29}[machine]
    for request in (0x40086602, 0x401C5820, 0x40806685, 0x40049409, 0x5412):
        assert verdict(machine, ioctl, 3, request) == REFUSED
    assert verdict(machine, ioctl, 3, 0x5401) == ALLOWED


def test_other_processes_clocks_and_schedules_are_not_told(machine):
    gettime, affinity = {"x86_64": (228, 204), "aarch64": (113, 123)}[machine]
    others = (~1 << 3 | 2) & 0xFFFFFFFF
    assert [verdict(machine, gettime, clock) for clock in (0, 1, 2, 3, 11, others)] == [*[ALLOWED] * 5, REFUSED]
    assert [verdict(machine, affinity, pid) for pid in (0, OWN, OWN + 1)] == [ALLOWED, ALLOWED, REFUSED]


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
    text = file.read_text(encoding="utf-8")
    known = {name: int(value) for name, value in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    column = syscalls._MACHINES[machine][0]
    tables = (
        syscalls._ALLOWED, {name: rule[0] for name, rule in syscalls._ALLOWED_FOR.items()}, REFUSED_CALLS, USEFUL,
        {"clone": syscalls._CLONE, "clone3": syscalls._CLONE3},
    )  # fmt: skip
    known.setdefault("newfstatat", known.get("fstatat"))
    newer = {"futex_wake": 454, "futex_wait": 455, "futex_requeue": 456}  # than many headers
    for name, numbers in ((name, numbers) for table in tables for name, numbers in table.items()):
        assert numbers[column] == known.get(name, newer.get(name)), name
