"""A filter on system calls (seccomp): those that computing needs, and no other.

No new processes or programs, no sockets, no looking into other processes, nothing that the kernel keeps beside a
process's own memory: locks on files, queues, contexts.

It needs no privileges and holds for every user, root included. The numbers are Linux's own, per architecture:
`include/uapi/asm-generic/unistd.h` and `arch/x86/entry/syscalls/syscall_64.tbl`.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

_ALLOWED: dict[str, tuple[int | None, int | None]] = {
    # name: (x86_64, aarch64)
    # What runs most often, first: the kernel goes through them in this order.
    "read": (0, 63), "write": (1, 64), "futex": (202, 98), "mmap": (9, 222), "munmap": (11, 215),
    "madvise": (28, 233), "mprotect": (10, 226), "brk": (12, 214), "mremap": (25, 216),
    # Files, as far as Landlock lets them be read and written.
    "openat": (257, 56), "close": (3, 57), "newfstatat": (262, 79), "fstat": (5, 80), "statx": (332, 291),
    "lseek": (8, 62), "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65), "writev": (20, 66),
    "preadv": (295, 69), "pwritev": (296, 70), "preadv2": (327, 286), "pwritev2": (328, 287), "open": (2, None),
    "creat": (85, None), "stat": (4, None), "lstat": (6, None), "access": (21, None), "faccessat": (269, 48),
    "faccessat2": (439, 439), "openat2": (437, 437), "readlink": (89, None), "readlinkat": (267, 78),
    "getdents": (78, None), "getdents64": (217, 61), "getcwd": (79, 17), "chdir": (80, 49), "fchdir": (81, 50),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34),
    "rmdir": (84, None), "unlink": (87, None), "unlinkat": (263, 35), "truncate": (76, 45), "ftruncate": (77, 46),
    "umask": (95, 166), "statfs": (137, 43), "fstatfs": (138, 44), "getxattr": (191, 8), "lgetxattr": (192, 9),
    "fgetxattr": (193, 10), "listxattr": (194, 11), "llistxattr": (195, 12), "flistxattr": (196, 13),
    "fsync": (74, 82), "fdatasync": (75, 83), "fallocate": (285, 47), "copy_file_range": (326, 285),
    "sendfile": (40, 71),
    # Descriptors, and waiting for them.
    "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "pipe": (22, None), "pipe2": (293, 59),
    "close_range": (436, 436), "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "epoll_create": (213, None), "epoll_create1": (291, 20), "epoll_ctl": (233, 21), "epoll_wait": (232, None),
    "epoll_pwait": (281, 22), "epoll_pwait2": (441, 441), "eventfd": (284, None), "eventfd2": (290, 19),
    "shutdown": (48, 210), "sendto": (44, 206), "recvfrom": (45, 207), "sendmsg": (46, 211), "recvmsg": (47, 212),
    "getsockname": (51, 204), "getpeername": (52, 205), "getsockopt": (55, 209), "setsockopt": (54, 208),
    # Signals, threads, time.
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "rt_sigpending": (127, 136),
    "rt_sigtimedwait": (128, 137), "rt_sigsuspend": (130, 133), "sigaltstack": (131, 132), "pause": (34, None),
    "restart_syscall": (219, 128), "sched_yield": (24, 124), "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126), "nanosleep": (35, 101), "gettimeofday": (96, 169), "time": (201, None),
    "times": (100, 153), "getitimer": (36, 102), "setitimer": (38, 103), "alarm": (37, None),
    "timer_settime": (223, 110), "timer_gettime": (224, 108), "timer_getoverrun": (225, 109),
    "timer_delete": (226, 111), "membarrier": (324, 283), "rseq": (334, 293), "set_tid_address": (218, 96),
    "set_robust_list": (273, 99), "futex_waitv": (449, 449), "futex_wake": (454, 454), "futex_wait": (455, 455),
    "futex_requeue": (456, 456), "exit": (60, 93), "exit_group": (231, 94), "wait4": (61, 260), "waitid": (247, 95),
    "arch_prctl": (158, None),
    # What a process asks about itself and its machine.
    "getpid": (39, 172), "gettid": (186, 178), "getppid": (110, 173), "getpgrp": (111, None), "getuid": (102, 174),
    "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "getresuid": (118, 148),
    "getresgid": (120, 150), "getgroups": (115, 158), "capget": (125, 90), "getrlimit": (97, 163),
    "setrlimit": (160, 164), "getrusage": (98, 165), "uname": (63, 160), "sysinfo": (99, 179), "getcpu": (309, 168),
    "getrandom": (318, 278), "msync": (26, 227), "mincore": (27, 232),
    "get_mempolicy": (239, 236), "set_mempolicy": (238, 237), "mbind": (237, 235),
}  # fmt: skip
# Calls that are allowed for some values of one argument: the numbers, which argument, its values. None is this process.
_SELF = (0, None)
_ALLOWED_FOR: dict[str, tuple[tuple[int | None, int | None], int, tuple[int | None, ...]]] = {
    "kill": ((62, 129), 0, (None,)),
    "tkill": ((200, 130), 0, (None,)),
    "tgkill": ((234, 131), 0, (None,)),
    "getpgid": ((121, 155), 0, _SELF),
    "getsid": ((124, 156), 0, _SELF),
    "prlimit64": ((302, 261), 0, _SELF),
    "sched_getaffinity": ((204, 123), 0, _SELF),
    "sched_setaffinity": ((203, 122), 0, _SELF),
    "sched_getparam": ((143, 121), 0, _SELF),
    "sched_setparam": ((142, 118), 0, _SELF),
    "sched_getscheduler": ((145, 120), 0, _SELF),
    "sched_setscheduler": ((144, 119), 0, _SELF),
    "sched_getattr": ((315, 275), 0, _SELF),
    "sched_setattr": ((314, 274), 0, _SELF),
    "sched_rr_get_interval": ((148, 127), 0, _SELF),
    # The clocks of this process; others' have negative numbers.
    "clock_gettime": ((228, 113), 0, tuple(range(12))),
    "clock_getres": ((229, 114), 0, tuple(range(12))),
    "clock_nanosleep": ((230, 115), 0, tuple(range(12))),
    "timer_create": ((222, 107), 0, tuple(range(12))),
    # F_DUPFD, its flags and the file's, F_DUPFD_CLOEXEC, F_GETPIPE_SZ: no locks, no signals for what others do with a file
    "fcntl": ((72, 25), 1, (0, 1, 2, 3, 4, 1030, 1032)),
    # TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX: nothing that changes a file or a terminal
    "ioctl": ((16, 29), 1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)),
    # PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_CAPBSET_READ, PR_SET_VMA: it dies with its parent, and stays so
    "prctl": ((157, 167), 0, (3, 15, 16, 23, 0x53564D41)),
    "personality": ((135, 92), 0, (0xFFFFFFFF,)),  # which one it is
    # Streams, with the flags that may come with them: other sockets could send to an address
    "socketpair": ((53, 199), 1, (1, 0x801, 0x80001, 0x80801)),
}  # fmt: skip
_CLONE, _CLONE3 = (56, 220), (435, 435)
_CLONE_THREAD = 0x00010000
_NEWER = 449  # from here on, libraries try whether the kernel has a call
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2


def restrict() -> None:
    """Installs the filter for this process and its threads, for good. Raises OSError or NotImplementedError."""
    if not sys.platform.startswith("linux") or platform.machine() not in _MACHINES:
        raise NotImplementedError(f"no filter is written for {sys.platform} on {platform.machine()}")
    program = _program(*_MACHINES[platform.machine()], os.getpid())
    code = ctypes.create_string_buffer(b"".join(program))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    libc = ctypes.CDLL(None, use_errno=True)
    filter_program = Program(len(program), ctypes.addressof(code))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(filter_program), 0, 0
    ):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _program(column: int, machine: int, own_process: int) -> list[bytes]:
    """The filter in the kernel's packet-filter language, one instruction an item."""
    allow = _instruction(_RETURN, 0, 0, _ALLOW)
    refuse = _instruction(_RETURN, 0, 0, _ERRNO | errno.EPERM)
    unknown = _instruction(_RETURN, 0, 0, _ERRNO | errno.ENOSYS)  # the C library then does without
    program = [
        _instruction(_LOAD, 0, 0, _MACHINE),
        _instruction(_EQUAL, 1, 0, machine),
        _instruction(_RETURN, 0, 0, _KILL),
        _instruction(_LOAD, 0, 0, _NUMBER),
    ]
    for numbers in _ALLOWED.values():
        if (number := numbers[column]) is not None:
            program += [_instruction(_EQUAL, 0, 1, number), allow]
    for numbers, argument, values in _ALLOWED_FOR.values():
        if (number := numbers[column]) is None:
            continue
        program += [
            _instruction(_EQUAL, 0, 2 * len(values) + 2, number),
            _instruction(_LOAD, 0, 0, _FIRST_ARGUMENT + 8 * argument),
        ]
        for value in values:
            program += [_instruction(_EQUAL, 0, 1, own_process if value is None else value), allow]
        program.append(refuse)
    program += [
        _instruction(_EQUAL, 0, 4, _CLONE[column]),
        _instruction(_LOAD, 0, 0, _FIRST_ARGUMENT),
        _instruction(_ANY_BIT, 0, 1, _CLONE_THREAD),
        allow,
        refuse,
        _instruction(_EQUAL, 0, 1, _CLONE3[column]),  # its flags lie in memory, where they cannot be judged
        unknown,
        _instruction(_AT_LEAST, 0, 2, _NEWER),
        _instruction(_AT_LEAST, 1, 0, 0x40000000),  # the x32 numbers, a second name for everything
        unknown,
        refuse,
    ]
    return program


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
