"""What a worker may do and what it may not; and, layer by layer, what is left open where a machine lacks that layer."""

from __future__ import annotations

import errno
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from grader.running.session import Session
from grader.sandbox import confine
from grader.sandbox.confine import limits, mounts, privileges
from grader.sandbox.outer import scratch
from grader.sandbox.outer.clock import Allowance
from grader.sandbox.outer.nursery import SandboxError
from grader.sandbox.outer.worker import Worker, WorkerFailure
from tests.hostile.support import MEMORY_SEARCH

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the layers are Linux's own")
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give up a user")

IMPORTS = (
    "import ctypes, mmap, os, resource, signal, socket, subprocess, sys, threading, time\nlibc = ctypes.CDLL(None)\n"
)
# What a worker must not be able to do.
FORBIDDEN = {
    "read solutions": "open({solutions!r}).read()",
    "read what others may read": "open({shared!r} + '/readable').read()",
    "read its memory map": "open('/proc/self/maps').read()",
    "write outside": "open({shared!r} + '/written', 'w')",
    "change permissions outside": "os.chmod({solutions!r}, 0o644) or True",
    "fork": "os.fork() and os.wait() or True",
    "run a program": "subprocess.run(['/bin/true']).returncode == 0",
    "signal its parent": "os.kill(os.getppid(), 0) or True",
    "connect over TCP": "socket.create_connection({tcp!r}, 1)",
    "send a packet": "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', {tcp!r})",
    "connect to a file": "socket.socket(socket.AF_UNIX).connect({file!r}) or True",
    "connect to an abstract name": "socket.socket(socket.AF_UNIX).connect({abstract!r}) or True",
    "make a file in memory": "os.memfd_create('x')",
    "lift a limit": "resource.setrlimit(resource.RLIMIT_CPU, (-1, -1)) or True",
    "have a capability": "capabilities()",
    "become root": "os.getuid() and os.setuid(0) or (os.getuid() and 1 / 0)",
    "find what it may not read": "os.stat({shared!r})",
    "find other processes": "os.stat(f'/proc/{{os.getppid()}}')",
    "find the system's files": "os.stat('/etc/hostname')",
    "fill a disk": "[open(f'f{{i}}', 'wb').write(bytes(2**20)) for i in range(70)]",
    "hold its memory": "[mmap.mmap(-1, 2**28) for _ in range(9)]",
}
# What it must be able to do.
ALLOWED = {
    "use its scratch folder": "open('x', 'w').write('x') and os.makedirs('a/b') or os.listdir('.')",
    "import what is not loaded yet": "__import__('xml.dom.minidom')",
    "start a thread": "threading.Thread(target=print).start() or True",
    "make a pair of sockets": "socket.socketpair()",
    "tell the time": "time.localtime()",
    "signal itself": "os.kill(os.getpid(), 0) or True",
    "use temporary files": "__import__('tempfile').TemporaryFile().write(b'x')",
    "draw random numbers": "os.urandom(8)",
}
HELPERS = """
def capabilities():
    head, found = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(head, found) == 0
    return any(found)

def tried(attempt):
    try:
        return bool(eval(attempt))
    except (Exception, SystemExit):
        return False
"""


@pytest.fixture(scope="module")
def session():
    with Session.start(processes=1) as session:
        yield session


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Places outside of the sandbox that anybody else may use."""
    shared = Path(tempfile.mkdtemp(prefix="shared-"))
    shared.chmod(0o777)
    servers = [socket.create_server(("127.0.0.1", 0)), *(socket.socket(socket.AF_UNIX) for _ in range(2))]
    for server, address in zip(servers[1:], (str(shared / "s"), f"\0confine-{os.getpid()}"), strict=True):
        server.bind(address)
        server.listen()
    (shared / "s").chmod(0o777)
    (shared / "readable").write_text("x")
    yield {
        "solutions": str(ROOT / "solutions" / "shapes.py"),
        "shared": str(shared),
        "tcp": servers[0].getsockname(),
        "file": str(shared / "s"),
        "abstract": f"\0confine-{os.getpid()}",
    }
    for server in servers:
        server.close()
    for path in shared.iterdir():
        path.unlink()
    shared.rmdir()


def run(session, source: str, without: tuple[str, ...] = (), files: dict[str, bytes] | None = None) -> str:
    """What a module prints that is imported in a worker without these layers."""
    worker = Worker.start(session.nurseries[0], {**(files or {}), "weights.py": source.encode()}, without=without)
    try:
        reply = worker.ask(
            {"op": "load", "topic": "weights", "file": str(worker.folder / "weights.py")}, Allowance.of(30)
        )
        assert "raised" not in reply, reply
        return worker.taken_output()
    finally:
        worker.close()


def open_doors(session, places, *without: str) -> set[str]:
    """Which of the forbidden things go through in a worker without these layers."""
    attempts = {name: attempt.format(**places) for name, attempt in FORBIDDEN.items()}
    source = f"{IMPORTS}{HELPERS}\nprint('doors', [name for name, attempt in {attempts!r}.items() if tried(attempt)])"
    printed = run(session, source, without)
    return set(eval(printed.rsplit("doors ", 1)[1]))


READ = {"read solutions", "read what others may read", "read its memory map", "write outside"}
FOUND = {"find what it may not read", "find other processes", "find the system's files"}
LAYERS = """
import os
import re
tmpfs = os.statvfs(".").f_blocks * os.statvfs(".").f_frsize <= 2**26
print("layers", tmpfs, os.geteuid() == 0)
"""
NETWORK = "import os\nprint('network', os.readlink('/proc/self/ns/net'))"


def left_by_the_machine(session, without: tuple[str, ...]) -> set[str]:
    """What is open here beyond that: some containers refuse namespaces, and with them mounts, to root itself."""
    shown = run(session, LAYERS, (*without, "landlock")).rsplit("layers ", 1)[1].split()
    left = set() if shown[0] == "True" else {"fill a disk", *FOUND}
    if shown[0] != "True" and "landlock" in without:
        left |= READ
    if "filter" in without:
        left |= {"change permissions outside"} if shown[1] == "True" else set()
        network = run(session, NETWORK, (*without, "landlock", "mount")).split()[-1]
        left |= {"send a packet"} if network == os.readlink("/proc/self/ns/net") else set()
    return left


def test_all_layers_are_there_on_this_machine(session):
    lacking = session.missing_protections()
    assert not lacking, f"these protections could not be tested here: {lacking}"


def test_with_all_layers_nothing_goes_through(session, places):
    assert open_doors(session, places) <= left_by_the_machine(session, ())


def test_what_honest_code_needs_goes_through(session):
    source = f"{IMPORTS}{HELPERS}\nprint([name for name, attempt in {ALLOWED!r}.items() if not tried(attempt)])"
    assert run(session, source).strip() == "[]"


# For each layer alone: what its absence leaves open.
LEFT = {
    ("namespace",): set(),  # the filter refuses sockets
    ("filter",): {"connect to a file", "make a file in memory"},
    ("landlock",): set(),  # what may not be read is not there either
    ("landlock", "mount"): {*READ, *FOUND, "fill a disk"},
    ("privileges",): set(),  # the filter and Landlock refuse what user 0 might do
    ("mount",): {"fill a disk", *FOUND},
    ("namespace", "filter"): {"connect to a file", "make a file in memory", "send a packet"},
}


@as_root
@pytest.mark.parametrize("without", LEFT, ids="+".join)
def test_what_is_left_open_without_a_layer(session, places, without):
    # Never more than this; less where the folders on the way are closed to other users anyway.
    found = open_doors(session, places, *without)
    assert found <= LEFT[without] | left_by_the_machine(session, without)
    assert found or not LEFT[without]


@pytest.mark.parametrize(
    ("without", "protection"),
    [(("landlock",), "filesystem"), (("namespace", "filter"), "network")],
)
def test_a_missing_protection_is_reported_with_its_reason(session, without, protection):
    worker = Worker.start(session.nurseries[0], {}, without=without)
    worker.close()
    assert set(worker.missing) == {protection}
    assert "left out" in worker.missing[protection]


def test_one_of_two_layers_against_the_network_is_enough(session):
    for without in (("namespace",), ("filter",)):
        worker = Worker.start(session.nurseries[0], {}, without=without)
        worker.close()
        assert worker.missing == {} or (
            without == ("filter",) and "send a packet" in left_by_the_machine(session, without)
        )


def test_the_environment_holds_nothing_of_the_graders(session):
    printed = run(
        session, "import os, posix, sys\nprint(sorted(os.environ), sorted(posix.environ), sys.argv, sys.orig_argv)"
    )
    names = [
        "CUDA_VISIBLE_DEVICES",
        "HOME",
        "LANG",
        "MPLBACKEND",
        "OMP_NUM_THREADS",
        "PATH",
        "PYTHONDONTWRITEBYTECODE",
        "TMPDIR",
    ]
    assert printed.strip() == f"{names} {[name.encode() for name in names]} [''] ['']"


PROGRAM = """
import sys
from grader.running.session import Session
from grader.sandbox.outer.worker import Worker
from grader.sandbox.outer.clock import Allowance
from grader.sandbox.confine import limits, mounts, privileges
with Session.start(processes=1) as session:
    worker = Worker.start(session.nurseries[0], {"weights.py": sys.stdin.buffer.read()}, without=("landlock", "privileges"))
    worker.ask({"op": "load", "topic": "weights", "file": str(worker.folder / "weights.py")}, Allowance.of(30))
    print(worker.taken_output())
    worker.close()
"""


def test_memory_holds_nothing_of_the_graders_environment():
    """A worker that may read all of its own memory, forked from a program that was given a secret in a variable."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.replace('"privileges")', '"privileges", "mount")')],
        env={**os.environ, "PYTHONPATH": str(ROOT), "SECRET": "no-worker-may-know-this"},
        input=MEMORY_SEARCH,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.strip() == "found 0", done.stderr


def test_descriptors_are_the_standard_ones_and_two_pipes(session):
    source = "import os\nfor fd in range(70_000):\n    try: os.fstat(fd); print(fd)\n    except OSError: pass"
    assert run(session, source).split() == ["0", "1", "2", "3", "4"]


def test_a_descriptor_of_a_high_number_is_not_handed_down(tmp_path):
    """Whoever starts the command, such as an editor or a CI's agent, may hold many."""
    (tmp_path / "secret").write_text("secret")
    source = "import os\ntry: print(os.pread(5000, 9, 0))\nexcept OSError as error: print(error)\n"
    program = f"import os; os.dup2(os.open({str(tmp_path / 'secret')!r}, 0), 5000)\n" + PROGRAM
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    limited = ["bash", "-c", 'ulimit -n 20000; exec "$@"', "bash", sys.executable, "-c", program]
    done = subprocess.run(limited, env=environment, input=source, capture_output=True, text=True, timeout=120)
    assert "Bad file descriptor" in done.stdout, done.stderr


def test_other_files_of_the_submission_can_be_read_and_other_submissions_cannot(session):
    other = Worker.start(session.nurseries[0], {"weights.py": b"secret = 1"})
    try:
        source = f"import os\nimport cnn\nprint(cnn.x)\ntry: open({str(other.folder / 'weights.py')!r})\nexcept OSError as e: print(type(e))"
        printed = run(session, source, files={"cnn.py": b"x = 5"})
    finally:
        other.close()
    assert printed.split("\n")[:2] == ["5", "<class 'PermissionError'>"] or "FileNotFoundError" in printed


@as_root
def test_each_worker_is_a_user_of_its_own(session):
    users = {run(session, "import os\nprint(os.getuid(), os.geteuid(), os.getgid(), os.getgroups())") for _ in range(3)}
    assert len(users) == 3
    assert not any(user.startswith("0 ") for user in users)


THREADS = """
import resource, threading, time
threading.stack_size(2**16)
count = 0
try:
    while count < 500:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
        count += 1
except RuntimeError:
    pass
print(count, resource.getrlimit(resource.RLIMIT_NPROC)[0] == resource.getrlimit(resource.RLIMIT_NPROC)[1])
"""


@pytest.mark.parametrize("without", [(), ("namespace",), ("mount",), ("namespace", "mount")], ids="+".join)
def test_threads_are_few_whoever_the_user_is(session, without):
    count, is_hard = run(session, THREADS, without).split()
    assert 8 <= int(count) <= 64 and is_hard == "True"


@pytest.mark.parametrize(
    ("others", "startable", "expected"),
    [(500, [True], (64, 64)), (500, [False, True], (564, 564)), (500, [False, False], (-1, -1))],
)
def test_where_others_count_too_the_limit_is_larger(monkeypatch, others, startable, expected):
    """As in kernels that count a user's threads through namespaces, or those of another container."""
    now, answers = [(-1, -1)], iter(startable)
    monkeypatch.setattr(limits.resource, "getrlimit", lambda number: now[0])
    monkeypatch.setattr(limits.resource, "setrlimit", lambda number, pair: now.__setitem__(0, pair))
    monkeypatch.setattr(limits, "_threads_of_this_user", lambda processes: others)
    monkeypatch.setattr(limits, "_can_start_a_thread", lambda: next(answers))
    limits.few_threads(None, alone=True)
    assert now[0] == expected


def test_the_threads_of_a_user_are_counted(tmp_path):
    """In a folder that looks like /proc, for others of this user come and go in the real one."""
    ready = threading.Event()
    threads = [threading.Thread(target=ready.wait) for _ in range(20)]
    for thread in threads:
        thread.start()
    own, status = (Path("/proc/self", name).read_text(encoding="utf-8") for name in ("stat", "status"))
    ready.set()
    for process in ("17", "18", "self"):
        (tmp_path / process).mkdir()
        (tmp_path / process / "stat").write_text(own.replace("(", "(a) name) (", 1))
    (tmp_path / "19").mkdir()  # it ended meanwhile
    processes = os.open(tmp_path, os.O_RDONLY)
    expected = int(re.search(r"^Threads:\s*(\d+)$", status, re.MULTILINE)[1])
    assert limits._threads_of_this_user(processes) == 2 * expected >= 42
    assert limits._threads_of_this_user(None) == 0
    os.close(processes)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ([(0, 2**32 - 1)], privileges._FIRST_FREE_USER + 1234),
        ([(0, 1), (1, 65_536)], 1 + 65_536 - 3 - 1234),  # a container of an ordinary user's
        ([(0, 1)], None),
        ([(0, 0)], None),
    ],
)
def test_the_user_to_become_is_one_that_there_is(monkeypatch, known, expected):
    monkeypatch.setattr(privileges, "_known", lambda file, processes: known)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "getpid", lambda: 1234)
    assert privileges.user_to_become(None) == expected


WITHOUT_MOUNTING = """
import ctypes
libc = ctypes.CDLL(None)
head, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
libc.capget(head, sets)
for index in range(3):
    sets[index] &= ~(1 << 21)  # CAP_SYS_ADMIN
assert libc.prctl(24, 21, 0, 0, 0) == 0 and libc.capset(head, sets) == 0
"""


@as_root
def test_root_without_the_right_to_mount_has_every_protection_in_a_user_namespace():
    """As in containers that leave root few capabilities and permit user namespaces."""
    source = b"import os\nprint(os.getuid() >= 1000, os.getgroups())"
    report = PROGRAM.replace(', without=("landlock", "privileges")', "").replace(
        "    worker.close()", "    print(worker.missing)\n    worker.close()"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_MOUNTING + report],
        env=environment,
        input=source,
        capture_output=True,
        timeout=120,
    )
    assert done.stdout.split(b"\n")[:3] == [b"True []", b"", b"{}"], done.stdout + done.stderr


def test_reasons_name_no_file():
    """They are put into reports: a scratch folder's name would tell two of them apart."""
    said = confine._try(os.chown, "/no/such/scratch", -1, -1)
    assert said == os.strerror(errno.ENOENT)


def test_a_worker_that_cannot_start_leaves_nothing(session, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    place = scratch.place()
    there = os.listdir(place)
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(SandboxError):
        Worker.start(session.nurseries[0], {}, without=5)  # type: ignore[arg-type]
    assert len(os.listdir("/proc/self/fd")) == before
    assert (os.listdir(tmp_path), os.listdir(place)) == ([place.name], there)


def test_a_worker_ends_with_its_nursery():
    """Also one that never reads its pipe, and though its user has changed since it was born."""
    session = Session.start(processes=1)
    worker = Worker.start(session.nurseries[0], {"weights.py": b"import time\nwhile True: time.sleep(1)"})
    with pytest.raises(WorkerFailure, match="in time"):
        next(worker._reply(1, Allowance.of_wall(0.2), bytearray()) for _ in [0])
    os.kill(session.nurseries[0].pid, 9)
    for _ in range(200):
        if not _is_alive(worker.pid):
            break
        time.sleep(0.02)
    assert not _is_alive(worker.pid)
    with pytest.raises(SandboxError):
        worker.close()
    session.close()


def _is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def test_links_on_the_way_to_python_are_found(tmp_path):
    """They are made anew in a worker's own view of the files."""
    (tmp_path / "real" / "lib").mkdir(parents=True)
    (tmp_path / "real" / "lib64").symlink_to("lib")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "round").symlink_to("round")
    found = dict(mounts._links_on(str(tmp_path / "link" / "lib64" / "python")))
    assert found == {str(tmp_path / "link"): str(tmp_path / "real"), str(tmp_path / "real" / "lib64"): "lib"}
    assert dict(mounts._links_on(str(tmp_path / "round" / "x"))) == {str(tmp_path / "round"): "round"}


LINKED = """
import sys
from pathlib import Path
from grader.sandbox.outer import worker
from grader.sandbox.confine import filesystem
folder = str(Path(sys.path[-1]).resolve())
usual = filesystem.readable_paths
filesystem.readable_paths = lambda hidden: (*usual(hidden), folder)
"""


def test_what_python_finds_through_a_link_is_found_in_a_worker(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "found_late.py").write_text("x = 5")
    (tmp_path / "link").symlink_to("real")
    program = f"import sys; sys.path.append({str(tmp_path / 'link')!r})" + LINKED + PROGRAM
    program = program.replace(', without=("landlock", "privileges")', "")
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        input="import found_late\nprint(found_late.x, found_late.__file__)",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stdout.split() == ["5", str(tmp_path / "link" / "found_late.py")], done.stdout + done.stderr
