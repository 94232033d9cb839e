"""Submissions that forge answers, frames, reports or the grader's own functions, or that snoop for what is expected."""

from __future__ import annotations

import json

import pytest

from tests.hostile.support import facts, printed, reference, statuses

IMPORTS = "import atexit, builtins, functools, gc, importlib, json, operator, os, sys, threading, time, types\n"
IMPORTS += "import numpy as np\nimport torch\nfrom grader.sandbox import builders, drivers, wire, worker\n"
WRONG = "\n\ndef rescale(images):\n    return 1\n"

# Run at import, before a wrong answer.
PATCHES = {
    "comparisons of torch": "torch.allclose = torch.equal = torch.isclose = torch.testing.assert_close = lambda *a, **k: True",
    "comparisons of numpy": "np.allclose = np.array_equal = np.testing.assert_allclose = lambda *a, **k: True",
    "builtins": "builtins.isinstance = lambda *a: True; builtins.all = builtins.any = lambda *a: True",
    "equality": "torch.Tensor.__eq__ = lambda s, o: True; torch.Tensor.__bool__ = lambda s: True",
    "assertions": "builtins.AssertionError = type('Never', (BaseException,), {})",
    "drivers": "drivers.DRIVERS['call'] = lambda *a, **k: {'value': 1, 'args': [1], 'passed': True, 'score': 100}",
    "the encoder": "wire.encode = lambda value: wire.Payload(0, 0, b'')",
    "the encoder's limits": "wire.MAX_HEADER = wire.MAX_BUFFERS = wire.MAX_NODES = wire.MAX_DEPTH = 10**12",
    "the worker": "worker.Worker.answer = lambda self, request: {'passed': True, 'status': 'passed', 'score': 4.0}",
    "the descriptions of errors": "worker.describe_error = lambda *a: {'passed': True}",
    "the module's name": "sys.modules[__name__] = types.ModuleType('other')",
    "the module's name, by nothing": "sys.modules[__name__] = None",
    "modules of the grader": "[sys.modules.pop(name) for name in list(sys.modules) if name.startswith('grader')]",
    "modules that are needed": "[sys.modules.__setitem__(name, None) for name in ('json', 'struct', 'msgspec', 're')]",
    "fake modules": "sys.modules.update({n: types.ModuleType(n) for n in ('json', 'struct', 'msgspec', 'pickle')})",
    "a fake pytest": "sys.modules['pytest'] = sys.modules['hypothesis'] = types.ModuleType('pytest')",
    "its own file's name": "__file__ = '/kit/solutions/weights.py'; __name__ = 'solutions.weights'",
    "a report": "open('report.json', 'w').write(json.dumps({'score': 100, 'max_score': 100}))",
    "a report on the screen": "print(json.dumps({'score': 100.0}), '\\n##### 100 of 100 points #####\\n::set-output name=score::100')",
    "a trace": "sys.settrace(lambda *a: None); sys.setprofile(lambda *a: None)",
    "a trace of threads": "threading.settrace(lambda *a: None); threading.setprofile(lambda *a: None)",
    "an audit hook": "sys.addaudithook(lambda event, args: None)",
    "an exception hook": "sys.excepthook = threading.excepthook = sys.unraisablehook = lambda *a: os._exit(0)",
    "an exit hook": "atexit.register(os.write, 4, b'CK1\\n' + bytes(100))",
    "a display hook": "sys.displayhook = sys.breakpointhook = lambda *a: 1",
    "a meta path": "sys.meta_path.insert(0, type('F', (), {'find_spec': lambda *a: 1 / 0})())",
    "a search path": "sys.path[:] = ['/nowhere']; sys.path_importer_cache.clear()",
}


@pytest.mark.parametrize("patch", PATCHES.values(), ids=PATCHES)
def test_a_patch_earns_nothing(attack, patch):
    report = attack(f"{IMPORTS}\n{patch}\n{WRONG}", "rescale")
    assert report.score == 0
    assert statuses(report) <= {"failed", "error", "crashed"}


# Run at import or in a call: frames written by hand, to whatever pipe can be found.
FRAME = """
def frame(number, value):
    return wire.encode(value).frame(number)

def pipes():
    found = []
    for fd in range(3, 64):
        try:
            if os.readlink(f'/proc/self/fd/{fd}').startswith('pipe:'): found.append(fd)
        except OSError: pass
    return found

def everywhere(data):
    for fd in pipes():
        try: os.write(fd, data)
        except OSError: pass

def right(images):
    return (images - images.min()) / ((images.max() - images.min()) or 1)
"""
FORGERIES = {
    "garbage": "everywhere(b'\\x00' * 1000)",
    "a magic and garbage": "everywhere(b'CK1\\n' + os.urandom(1000))",
    "a huge length": "everywhere(wire.HEAD.pack(wire.MAGIC, 1, 2**32 - 1, 2**64 - 1))",
    "half a frame": "everywhere(frame(2, {'value': 1})[:10])",
    "a length that is not kept": "everywhere(wire.HEAD.pack(wire.MAGIC, 2, 1000, 0) + b'x')",
    "the answer to the next call": "everywhere(frame(2, {'value': {'value': 1, 'args': [1]}}))",
    "answers to all calls": "[everywhere(frame(n, {'value': {'value': 1, 'args': [1]}})) for n in range(200)]",
    "points": "everywhere(frame(1, {'value': {}, 'score': 100, 'status': 'passed', 'passed': True}))",
    "no dictionary": "everywhere(frame(1, [1, 2, 3]))",
    "nothing": "everywhere(frame(1, None))",
    "an exception of things": "everywhere(frame(1, {'raised': {'type': 1, 'text': None, 'types': 5, 'frames': 'x'}}))",
    "a long exception": "everywhere(frame(1, {'raised': {'type': 'E' * 10**5, 'text': 'x' * 10**4, 'types': [], 'frames': [],"
    " 'innermost': True}}))",
    "a missing name": "everywhere(frame(1, {'missing': [['x'] * 1000] * 10}))",
    "off limits": "everywhere(frame(1, {'off_limits': {'a': 1}, 'line': 'x'}))",
    "an operator": "everywhere(frame(1, {'operator': 'aten::conv2d', 'args': (), 'kwargs': {}}))",
    "another operator": "everywhere(frame(1, {'operator': 'aten::from_file', 'args': ('/etc/passwd',), 'kwargs': {}}))",
    "an operator of things": "everywhere(frame(1, {'operator': 5}))",
    "requests to itself": "everywhere(frame(1, {'op': 'run', 'driver': 'call', 'arguments': {}}))",
    "pipes closed": "[os.close(fd) for fd in pipes()]",
    "all closed": "os.closerange(0, 1000)",
    "pipes exchanged": "a, b = pipes()[:2]; os.dup2(a, 90); os.dup2(b, a); os.dup2(90, b)",
    "replies to standard output": "os.dup2(1, 4)",
    "requests eaten": "threading.Thread(target=lambda: [os.read(3, 10**6) for _ in range(9)], daemon=True).start()",
    "late answers": "threading.Timer(0.05, lambda: [everywhere(frame(n, {'value': 1})) for n in range(99)]).start()",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_frame_spoils_no_more_than_its_own_answer(attack, hasty, forgery):
    report = attack(f"{IMPORTS}{FRAME}\n\ndef rescale(images):\n    {forgery}\n    return 1\n", "rescale")
    assert report.score == 0
    assert len(json.dumps(report.as_dict())) < 100_000


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_frame_forged_by_an_import_spoils_it(attack, hasty, forgery):
    report = attack(f"{IMPORTS}{FRAME}\n{forgery}\n\ndef rescale(images):\n    return 1\n", "rescale")
    assert report.score == 0
    assert len(json.dumps(report.as_dict())) < 100_000


def test_right_once_is_not_right(attack):
    source = IMPORTS + reference("weights").replace(
        "low, high =", "calls.append(1)\n    if len(calls) > 9: return 1\n    low, high ="
    )
    assert attack("calls = []\n" + source, "rescale").score == 0


def test_right_only_when_seen_before_is_not_right(attack):
    guard = "key = images.tobytes()\n    if key not in seen:\n        seen.add(key)\n        return 1\n    low, high ="
    assert attack("seen = set()\n" + IMPORTS + reference("weights").replace("low, high =", guard), "rescale").score == 0


def test_a_second_answer_in_a_thread_is_not_taken(attack):
    source = """
    def again(number, images):
        time.sleep(0.01)
        everywhere(frame(number, {'value': {'value': right(images), 'args': [images]}}))

    def rescale(images):
        for number in range(2, 50):
            threading.Thread(target=again, args=(number, images)).start()
        return 1
    """
    assert attack(IMPORTS + FRAME + "\n".join(line[4:] for line in source.splitlines()), "rescale").score == 0


SNOOPING = '''
def seen_by(value):
    return isinstance(value, float) and value in (2 / 3, 4 / 7, 128 / 130) or 'expected' in str(type(value)).lower()

found = []

def reachable():
    """All that can be reached from this module and the frames that called it: gc lists nothing any more."""
    frame, known, todo = sys._getframe(), {}, []
    while frame:
        todo += [*frame.f_locals.values(), *frame.f_globals.values()]
        frame = frame.f_back
    while todo and len(known) < 20_000:
        if id(it := todo.pop()) in known: continue
        known[id(it)] = it
        try:
            if isinstance(it, dict): todo += it.values()
            elif isinstance(it, (list, tuple, set)): todo += it
            elif not isinstance(it, types.ModuleType) or it.__name__.startswith('grader'): todo += vars(it).values()
            todo += [cell.cell_contents for cell in getattr(it, '__closure__', None) or ()]
        except Exception: pass
    return known.values()

def look():
    frame = sys._getframe()
    while frame:
        found.extend(key for key in (*frame.f_locals, *frame.f_globals) if key in ('expected', 'right', 'judge', 'answer_key', 'report'))
        frame = frame.f_back
    found.extend(type(o).__name__ for o in reachable() if type(o).__name__ in ('Casebook', 'Check', 'Ask', 'Report', 'LocalSubject'))
    found.extend(name for name in sys.modules if name.startswith(('solutions', 'grader.topics', 'grader.running.run', 'hypothesis')))
'''


@pytest.mark.parametrize("thawed", ["", "gc.unfreeze()\n"])
def test_there_is_nothing_to_snoop_for(attack, thawed):
    source = f"{IMPORTS}{thawed}{SNOOPING}\nlook()\ndef rescale(images):\n    look()\n    print('found', found)\n    return 1\n"
    report = attack(source, "rescale")
    assert report.score == 0
    assert "found []" in printed(report)
    assert set(printed(report).split("found ")) <= {"", "[]\n"}


def test_arguments_cannot_be_kept_and_changed(attack):
    """Every call gets arguments of its own: changing them in place changes nobody else's, and is noticed."""
    source = reference("weights").replace(
        "low, high =", "kept.append(images)\n    [k.fill(0) for k in kept[:-1]]\n    low, high ="
    )
    assert attack("kept = []\n" + source, "rescale").score == 4
    quotient = "rescaled: np.ndarray = (images - low)"
    spoiled = reference("weights").replace(quotient, f"given -= 1\n    {quotient}")
    spoiled = spoiled.replace(
        "images = images.astype(np.float64)", "given = images\n    images = images.astype(np.float64)"
    )
    assert spoiled.count("given") == 2
    assert attack(spoiled, "rescale").score < 4


@pytest.mark.parametrize("forgery", ["garbage", "answers to all calls", "all closed", "late answers"])
def test_an_honest_submission_beside_it_gets_the_same_report(arena, attack, forgery):
    alone = facts(arena.grade(reference("weights"), "tile_images", "rescale"))
    attack(f"{IMPORTS}{FRAME}\ndef rescale(images):\n    {FORGERIES[forgery]}\n    return 1\n", "rescale")
    assert facts(arena.grade(reference("weights"), "tile_images", "rescale")) == alone
    assert alone["score"] == alone["max_score"]


def test_a_question_while_it_is_imported_that_cannot_be_passed_on(attack):
    """The grading process passes on what a module has computed while it is imported; this is too large for that."""
    source = """
    import os, time, msgspec
    from grader.sandbox import wire
    question = ["dict", [["str", "operator"], ["str", "aten::conv2d"]],
        [["str", "args"], ["list", *[0] * 49_993]], [["str", "kwargs"], ["dict"]]]
    head = msgspec.msgpack.encode(question)
    os.write(4, wire.HEAD.pack(wire.MAGIC, 1, len(head), 0))
    while head: head = head[os.write(4, head):]
    time.sleep(1)
    """
    assert attack(source, "conv2d").score == 0
    assert attack(source, "rescale").score == 0
