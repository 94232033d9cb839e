"""Job objects of Windows: a process in one ends with the job, and neither starts others nor takes more memory than it may.

https://learn.microsoft.com/windows/win32/procthread/job-objects
"""

from __future__ import annotations

import contextlib
import ctypes
import subprocess
import sys

_EXTENDED_LIMITS = 9  # JobObjectExtendedLimitInformation
_ACTIVE_PROCESS, _PROCESS_MEMORY = 0x0008, 0x0100
_DIE_ON_EXCEPTION, _KILL_ON_CLOSE = 0x0400, 0x2000


class _Basic(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION"""

    _fields_ = [
        ("PerProcessUserTimeLimit", ctypes.c_int64),
        ("PerJobUserTimeLimit", ctypes.c_int64),
        ("LimitFlags", ctypes.c_uint32),
        ("MinimumWorkingSetSize", ctypes.c_size_t),
        ("MaximumWorkingSetSize", ctypes.c_size_t),
        ("ActiveProcessLimit", ctypes.c_uint32),
        ("Affinity", ctypes.c_size_t),
        ("PriorityClass", ctypes.c_uint32),
        ("SchedulingClass", ctypes.c_uint32),
    ]


class _Extended(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION; the six numbers after the first are IO_COUNTERS."""

    _fields_ = [
        ("BasicLimitInformation", _Basic),
        ("IoInfo", ctypes.c_uint64 * 6),
        ("ProcessMemoryLimit", ctypes.c_size_t),
        ("JobMemoryLimit", ctypes.c_size_t),
        ("PeakProcessMemoryUsed", ctypes.c_size_t),
        ("PeakJobMemoryUsed", ctypes.c_size_t),
    ]


def limits(most_memory: int) -> _Extended:
    """The limits of a worker's job: one process, so many bytes, and none of it outlives the job."""
    found = _Extended()
    found.BasicLimitInformation.LimitFlags = _ACTIVE_PROCESS | _PROCESS_MEMORY | _DIE_ON_EXCEPTION | _KILL_ON_CLOSE
    found.BasicLimitInformation.ActiveProcessLimit = 1
    found.ProcessMemoryLimit = most_memory
    return found


if sys.platform == "win32":

    class Job:
        """A job object with one process in it. Its processes end when it is closed, or when this process ends."""

        def __init__(self, process: subprocess.Popen[bytes], most_memory: int) -> None:
            self._kernel = ctypes.WinDLL("kernel32", use_last_error=True)
            self._kernel.CreateJobObjectW.restype = ctypes.c_void_p
            self._handle = ctypes.c_void_p(self._kernel.CreateJobObjectW(None, None))
            told = limits(most_memory)
            try:
                self._check(self._handle.value)
                size = ctypes.sizeof(told)
                self._check(
                    self._kernel.SetInformationJobObject(self._handle, _EXTENDED_LIMITS, ctypes.byref(told), size)
                )
                process_handle = ctypes.c_void_p(int(process._handle))
                self._check(self._kernel.AssignProcessToJobObject(self._handle, process_handle))
            except OSError:
                self.close()
                raise

        @staticmethod
        def _check(result: int | None) -> None:
            if not result:
                raise ctypes.WinError(ctypes.get_last_error())

        def close(self) -> None:
            """Ends what is in it."""
            if self._handle.value:
                self._kernel.CloseHandle(self._handle)
                self._handle = ctypes.c_void_p()

else:

    class Job:
        """There is no such thing on this system."""

        def __init__(self, process: subprocess.Popen[bytes], most_memory: int) -> None:
            raise OSError("this system has no job objects")

        def close(self) -> None:
            """Nothing to do."""


def job_of(process: subprocess.Popen[bytes], most_memory: int) -> Job | None:
    """A job with the process in it; None where that is not to be had."""
    with contextlib.suppress(OSError, AttributeError):
        return Job(process, most_memory)
    return None
