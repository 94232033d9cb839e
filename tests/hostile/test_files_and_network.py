"""Submissions that look for answers in files, memory and on the network, or that write where they should not.

Each answers rightly if its attempt goes through, and fails if it does not: so an attempt is proven to fail by its score.
"""

from __future__ import annotations

import contextlib
import os
import socket
from pathlib import Path

import pytest

from grader.files.cache import cache_folder
from tests.hostile.support import ROOT, needs_walls, printed, reference

IMPORTS = "import ctypes, glob, importlib, mmap, os, posix, shutil, socket, sys, tempfile, time\nimport numpy as np\nimport torch\n"


def only_if(*attempts: str) -> str:
    """An honest submission that answers only if one of these attempts goes through; it prints which ones do."""
    guard = "assert through, 'the attempts failed'\n    low, high ="
    return f"""{IMPORTS}
def tried(attempt):
    try:
        return bool(eval(attempt))
    except BaseException:
        return False

through = [attempt for attempt in {attempts!r} if tried(attempt)]
print("through:", through)
{reference("weights").replace("low, high =", guard)}"""


def assert_none_goes_through(report) -> None:
    """Nothing was printed as gone through, and nothing earned."""
    assert "through: []" in printed(report)
    assert report.score == 0


SECRETS = {
    "solutions": f"open({str(ROOT / 'solutions/weights.py')!r}).read()",
    "solutions by import": "importlib.import_module('solutions.weights')",
    "solutions' byte code": f"glob.glob({str(ROOT / 'solutions/__pycache__')!r} + '/*')",
    "solutions by a loader": "importlib.machinery.SourceFileLoader('w', "
    f"{str(ROOT / 'solutions/weights.py')!r}).load_module().rescale",
    "solutions by mapping": f"mmap.mmap(os.open({str(ROOT / 'solutions/weights.py')!r}, 0), 10, prot=1)",
    "solutions from a relative path": f"open(os.path.relpath({str(ROOT / 'solutions/weights.py')!r}))",
    "solutions through a link": f"os.symlink({str(ROOT / 'solutions')!r}, 's') or open('s/weights.py')",
    "solutions through a hard link": f"os.link({str(ROOT / 'solutions/weights.py')!r}, 's') or open('s')",
    "solutions by torch": f"torch.from_file({str(ROOT / 'solutions/weights.py')!r}, size=10, dtype=torch.uint8)",
    "solutions by numpy": f"np.fromfile({str(ROOT / 'solutions/weights.py')!r}, dtype='u1')",
    "checks": f"open({str(ROOT / 'grader/topics/weights/checks.py')!r}).read()",
    "checks by import": "importlib.import_module('grader.topics.weights.checks')",
    "the reference by import": "importlib.import_module('grader.running.reference')",
    "misconceptions": "importlib.import_module('grader.topics.weights.mistakes')",
    "modules that are loaded": "[m for m in sys.modules if m.startswith(('grader.topics', 'solutions', 'grader.writing'))]",
    "the exercises": f"os.listdir({str(ROOT / 'exercises')!r})",
    "tests": f"os.listdir({str(ROOT / 'tests')!r})",
    "their history": f"os.listdir({str(ROOT / '.git')!r}) if os.path.isdir({str(ROOT / '.git')!r}) else open({str(ROOT / '.git')!r})",
    "home": f"os.listdir({str(Path.home())!r})",
    "the casebook": f"os.listdir({str(cache_folder())!r}) or os.listdir({str(cache_folder() / 'casebooks')!r})",
    "users": "open('/etc/passwd').read()",
    "temporary files of others": f"os.listdir({'/tmp'!r})",
    "its limits, in proc": "open('/proc/self/limits').read()",
    "its memory map": "open('/proc/self/maps').read()",
    "its command line": "open('/proc/self/cmdline').read()",
    "its parent's environment": "open(f'/proc/{os.getppid()}/environ').read()",
    "its parent's descriptors": "os.listdir(f'/proc/{os.getppid()}/fd')",
    "its parent's folder": "os.listdir(f'/proc/{os.getppid()}/cwd')",
    "all processes": "os.listdir('/proc')",
    "the root": "os.listdir('/')",
    "the kernel's log": "ctypes.CDLL(None).klogctl(3, ctypes.create_string_buffer(99), 99) > 0",
    "shared memory": "os.listdir('/dev/shm')",
    "the terminal": "open('/dev/tty')",
    "the environment": "os.environ.get('HOSTILE_SECRET') or posix.environ.get(b'HOSTILE_SECRET') or os.environ.get('PYTHONPATH')",
    "arguments": "len(sys.argv) > 1 or len(sys.orig_argv) > 1",
    "descriptors": "[fd for fd in range(5, 1000) if os.path.exists(f'/proc/self/fd/{fd}')]",
}


@needs_walls
def test_nothing_is_to_be_found(attack, tmp_path):
    other = tmp_path / "weights.py"
    other.write_text(reference("weights"))
    assert_none_goes_through(attack(only_if(*SECRETS.values(), f"open({str(other)!r}).read()"), "rescale"))


@pytest.mark.parametrize(
    "secret",
    [
        "solutions",
        "solutions by import",
        "checks",
        pytest.param("its memory map", marks=needs_walls),
        "the environment",
    ],
)
def test_nothing_is_to_be_found_alone(attack, secret):
    assert_none_goes_through(attack(only_if(SECRETS[secret]), "rescale"))


WRITES = {
    "solutions": f"open({str(ROOT / 'solutions/weights.py')!r}, 'a')",
    "checks": f"open({str(ROOT / 'grader/topics/weights/checks.py')!r}, 'r+')",
    "a new file beside them": f"open({str(ROOT / 'pwned')!r}, 'w')",
    "removal": f"os.remove({str(ROOT / 'solutions/weights.py')!r}) or True",
    "truncation": f"os.truncate({str(ROOT / 'solutions/weights.py')!r}, 0) or True",
    "a new name": f"os.rename({str(ROOT / 'solutions')!r}, '/tmp/pwned') or True",
    "permissions": f"os.chmod({str(ROOT / 'solutions/weights.py')!r}, 0) or True",
    "owner": f"os.chown({str(ROOT / 'solutions/weights.py')!r}, os.getuid(), -1) or True",
    "times": f"os.utime({str(ROOT / 'solutions/weights.py')!r}) or True",
    "an attribute": f"os.setxattr({str(ROOT / 'solutions/weights.py')!r}, 'user.x', b'') or True",
    "Python": "open(os.__file__, 'a')",
    "PyTorch": "open(torch.__file__, 'a')",
    "its home of old": f"open({str(Path.home() / '.pwned')!r}, 'w')",
    "temporary files": "open('/tmp/pwned', 'w')",
    "shared memory": "open('/dev/shm/pwned', 'w')",
    "shared memory of System V": "ctypes.CDLL(None).shmget(0, 4096, 0o1777) >= 0",
    "a message queue": "ctypes.CDLL(None).mq_open(b'/pwned', 66, 0o777, None) >= 0",
    "a file in memory": "os.memfd_create('pwned')",
    "a device": "os.mknod('device', 0o60777, os.makedev(8, 0)) or True",
    "a mount": "ctypes.CDLL(None).mount(b'x', b'.', b'tmpfs', 0, None) == 0",
    "a user namespace": "ctypes.CDLL(None).unshare(0x10000000) == 0",
    "another root": "os.chroot('.') or True",
    "user 0": "os.setuid(0) or os.getuid() == 0",
    "capabilities": "ctypes.CDLL(None).prctl(47, 2, 21, 0, 0) == 0",
    "its death with its parent": "ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0",
    "a priority": "os.nice(-5)",
    "io_uring": "ctypes.CDLL(None).syscall(425, 8, ctypes.create_string_buffer(200)) >= 0",
    "a key": "ctypes.CDLL(None).syscall(248, b'user', b'x', b'y', 1, -3) >= 0",
    "a watch": "ctypes.CDLL(None).inotify_init1(0) >= 0",
    "a watch of old": "__import__('fcntl').fcntl(os.open('.', 0), 1026, 0x3f) == 0",
    "a lease": "__import__('fcntl').fcntl(os.open(os.__file__, 0), 1024, 0) == 0",
    "shared memory that is there": "ctypes.CDLL(None).shmctl(0, 14, ctypes.create_string_buffer(200)) >= 0",
    "a queue that is there": "ctypes.CDLL(None).msgctl(0, 3, ctypes.create_string_buffer(200)) >= 0",
    "all disks": "os.sync() or ctypes.CDLL(None).syncfs(3) == 0",
    "all mounts": "ctypes.CDLL(None).syscall(458, *[ctypes.create_string_buffer(99)] * 2, 9, 0) >= 0",
    "a splice": "os.splice(os.open(__file__, 0), os.pipe()[1], 9)",
    "the same user": "os.setresuid(-1, -1, -1) or True",
    "bpf": "ctypes.CDLL(None).syscall(321, 0, ctypes.create_string_buffer(100), 100) >= 0",
}


@needs_walls
def test_nothing_outside_is_changed(attack):
    before = _state_of_the_solutions()
    assert_none_goes_through(attack(only_if(*WRITES.values()), "rescale"))
    assert _state_of_the_solutions() == before
    assert not any(Path(folder, "pwned").exists() for folder in (ROOT, "/tmp", "/dev/shm"))


def _state_of_the_solutions() -> list:
    return [
        (path.name, path.stat().st_mtime_ns, path.stat().st_mode) for path in sorted((ROOT / "solutions").glob("*.py"))
    ]


@pytest.fixture(scope="module")
def listener(tmp_path_factory):
    """Servers of several kinds that anybody may reach: a TCP port, a socket in a file, an abstract one."""
    servers = []
    path = tmp_path_factory.mktemp("sockets") / "s"
    for family, address in (
        (socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_UNIX, str(path)), (socket.AF_UNIX, f"\0hostile-{os.getpid()}"),
    ):  # fmt: skip
        server = socket.socket(family)
        server.bind(address)
        server.listen()
        servers.append(server)
    datagrams = path.with_name("d")
    servers.append(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    servers[-1].bind(str(datagrams))
    for each in (path, datagrams, path.parent):
        each.chmod(0o777)
    names = {"file": str(path), "datagrams": str(datagrams), "abstract": f"\0hostile-{os.getpid()}"}
    yield {"tcp": servers[0].getsockname(), **names}
    for server in servers:
        with contextlib.suppress(OSError):
            server.close()


CONNECTIONS = {
    "TCP": "socket.create_connection({tcp!r}, 1)",
    "UDP": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', {tcp!r})",
    "a socket in a file": "socket.socket(socket.AF_UNIX).connect({file!r}) or True",
    "an abstract socket": "socket.socket(socket.AF_UNIX).connect({abstract!r}) or True",
    "a pair that is connected anew": "socket.socketpair(type=socket.SOCK_DGRAM)[0].connect({abstract!r}) or True",
    "a datagram to a file": "socket.socketpair(type=socket.SOCK_DGRAM)[0].sendto(b'x', {datagrams!r})",
    "a message to a file": "socket.socketpair(type=socket.SOCK_DGRAM)[0].sendmsg([b'x'], [], 0, {datagrams!r})",
    "packets to a file": "socket.socketpair(type=socket.SOCK_SEQPACKET)[0].sendto(b'x', {datagrams!r})",
    "IPv6": "socket.socket(socket.AF_INET6)",
    "raw packets": "socket.socket(socket.AF_INET, socket.SOCK_RAW, 1)",
    "netlink": "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "vsock": "socket.socket(40)",
    "a server": "socket.create_server(('127.0.0.1', 0))",
    "names": "socket.gethostbyname('localhost') and socket.getaddrinfo('example.org', 80)",
    "the web": "__import__('urllib.request').request.urlopen('http://example.org', timeout=1)",
    "asyncio": "__import__('asyncio').run(__import__('asyncio').open_connection(*{tcp!r}))",
    "a download": "torch.hub.load_state_dict_from_url('http://example.org/x')",
}


@needs_walls
def test_nobody_is_reached_over_a_network(attack, listener):
    assert_none_goes_through(attack(only_if(*(c.format(**listener) for c in CONNECTIONS.values())), "rescale"))


@pytest.mark.parametrize(
    "connection", ["TCP", "UDP", "a socket in a file", "an abstract socket", "a datagram to a file"]
)
def test_nobody_is_reached_alone(attack, listener, connection):
    assert_none_goes_through(attack(only_if(CONNECTIONS[connection].format(**listener)), "rescale"))


def test_an_attempt_that_goes_through_is_noticed(attack):
    """What these tests rest on: without an obstacle, the right answer is earned."""
    assert attack(only_if("os.listdir('.') and socket.socketpair()"), "rescale").score == 4
