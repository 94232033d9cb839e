"""A filter on system calls (seccomp): no new processes or programs, no sockets, no looking into other processes.

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

_ALWAYS = {
    # name: (x86_64, aarch64)
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242), "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271),
    "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "pidfd_open": (434, 434),
    "pidfd_send_signal": (424, 424), "pidfd_getfd": (438, 438), "fork": (57, None), "vfork": (58, None),
    "execve": (59, 221), "execveat": (322, 281), "setsid": (112, 157), "setpgid": (109, 154), "unshare": (272, 97),
    "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "add_key": (248, 217), "request_key": (249, 218),
    "keyctl": (250, 219), "setpriority": (141, 140), "mknod": (133, None), "mknodat": (259, 33),
    "memfd_create": (319, 279),
    "open_by_handle_at": (304, 265), "memfd_secret": (447, 447), "ioprio_set": (251, 30), "move_pages": (279, 239),
    "migrate_pages": (256, 238), "kcmp": (312, 272), "syslog": (103, 116),
    # Who watches a folder learns the names of others' files: Landlock does not hold that back.
    "inotify_init": (253, None), "inotify_init1": (294, 26), "inotify_add_watch": (254, 27),
    "inotify_rm_watch": (255, 28), "fanotify_init": (300, 262), "fanotify_mark": (301, 263),
    # Memory, semaphores and queues that outlive a process and are shared with any other.
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "shmdt": (67, 197), "semget": (64, 190),
    "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "msgctl": (71, 187), "mq_open": (240, 180), "mq_unlink": (241, 181),
    "mq_timedsend": (242, 182), "mq_timedreceive": (243, 183), "mq_notify": (244, 184), "mq_getsetattr": (245, 185),
    # The whole machine's disks, mounts and namespaces; pages that are lent to a pipe.
    "sync": (162, 81), "syncfs": (306, 267), "quotactl": (179, 60), "quotactl_fd": (443, 443),
    "statmount": (457, 457), "listmount": (458, 458), "listns": (470, 470), "open_tree": (428, 428),
    "open_tree_attr": (467, 467), "move_mount": (429, 429), "fsopen": (430, 430), "fsconfig": (431, 431),
    "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442), "tee": (276, 77), "splice": (275, 76),
    "vmsplice": (278, 75),
    # Another user: the kernel counts threads by the real one.
    "setuid": (105, 146), "setgid": (106, 144), "setreuid": (113, 145), "setregid": (114, 143), "setgroups": (116, 159),
    "setresuid": (117, 147), "setresgid": (119, 149), "setfsuid": (122, 151), "setfsgid": (123, 152),
    # Landlock says nothing about who owns a file, its permissions, attributes and times.
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, None),
    "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "setxattrat": (463, 463), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16), "removexattrat": (466, 466), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "file_setattr": (469, 469),
}  # fmt: skip
_OWN_PROCESS_ONLY = {"kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131)}
_ITSELF_ONLY = {  # first argument 0: the caller
    "prlimit64": (302, 261), "sched_setaffinity": (203, 122), "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119), "sched_setattr": (314, 274),
}  # fmt: skip
# Kinds of sockets that need no connection to send to an address, with the flags that may come with them.
_UNCONNECTED = tuple(kind | flags for kind in (2, 3, 4, 5) for flags in (0, 0x800, 0x80000, 0x80800))
_REFUSED_ARGUMENTS = {  # name: (numbers, which argument, what it must not be)
    "prctl": ((157, 167), 0, (1,)),  # PR_SET_PDEATHSIG: it dies with its parent
    # F_SETOWN, F_SETOWN_EX, F_SETLEASE, F_NOTIFY, F_SETDELEG: signals for what others do with a file or a folder
    "fcntl": ((72, 25), 1, (8, 15, 1024, 1026, 1040)),
    "socketpair": ((53, 199), 1, _UNCONNECTED),
    "ioctl": ((16, 29), 1, (0x8901, 0x8902, 0x5412)),  # FIOSETOWN, SIOCSPGRP, TIOCSTI
}
_CLONE, _CLONE3 = (56, 220), (435, 435)
_CLONE_THREAD = 0x00010000
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
    refuse = _instruction(_RETURN, 0, 0, _ERRNO | errno.EPERM)
    program = [
        _instruction(_LOAD, 0, 0, _MACHINE),
        _instruction(_EQUAL, 1, 0, machine),
        _instruction(_RETURN, 0, 0, _KILL),
        _instruction(_LOAD, 0, 0, _NUMBER),
        _instruction(_AT_LEAST, 0, 1, 0x40000000),  # the x32 numbers, a second name for everything
        refuse,
        _instruction(_EQUAL, 0, 1, _CLONE3[column]),
        _instruction(_RETURN, 0, 0, _ERRNO | errno.ENOSYS),  # the C library then uses clone, which can be judged
    ]
    for numbers in _ALWAYS.values():
        if numbers[column] is not None:
            program += [_instruction(_EQUAL, 0, 1, numbers[column]), refuse]
    for table, allowed in ((_OWN_PROCESS_ONLY, own_process), (_ITSELF_ONLY, 0)):
        for numbers in table.values():
            program += [
                _instruction(_EQUAL, 0, 4, numbers[column]),
                _instruction(_LOAD, 0, 0, _FIRST_ARGUMENT),
                _instruction(_EQUAL, 0, 1, allowed),
                _instruction(_RETURN, 0, 0, _ALLOW),
                refuse,
            ]
    for numbers, argument, refused in _REFUSED_ARGUMENTS.values():
        program += [
            _instruction(_EQUAL, 0, 2 * len(refused) + 2, numbers[column]),
            _instruction(_LOAD, 0, 0, _FIRST_ARGUMENT + 8 * argument),
        ]
        for value in refused:
            program += [_instruction(_EQUAL, 0, 1, value), refuse]
        program.append(_instruction(_RETURN, 0, 0, _ALLOW))
    program += [
        _instruction(_EQUAL, 0, 4, _CLONE[column]),
        _instruction(_LOAD, 0, 0, _FIRST_ARGUMENT),
        _instruction(_ANY_BIT, 0, 1, _CLONE_THREAD),
        _instruction(_RETURN, 0, 0, _ALLOW),
        refuse,
        _instruction(_RETURN, 0, 0, _ALLOW),
    ]
    return program


def _instruction(code: int, if_true: int, if_false: int, value: int) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
