"""Submissions that change what a process has only once: it changes no other topic's grade, nor another submission's."""

from __future__ import annotations

import pytest

from grader.course import registry
from tests.hostile.support import facts, reference

CHANGES = """
import builtins, decimal, gc, locale, os, random, signal, sys, threading, time, warnings
import numpy as np
import torch

random.seed(1); np.random.seed(2); torch.manual_seed(3)
random.random = lambda: 0.5; np.random.rand = lambda *a: 0.5; torch.manual_seed = lambda seed: None
torch.set_default_dtype(torch.float64)
torch.set_default_device("meta")
torch.set_num_threads(8)
torch.set_grad_enabled(False)
torch.use_deterministic_algorithms(True)
torch.set_printoptions(profile="full")
torch.set_flush_denormal(True)
torch.autograd.set_detect_anomaly(True)
torch.backends.mkldnn.enabled = False
torch.nn.Conv2d = torch.nn.Linear = torch.nn.functional.relu = None
torch.Tensor.reshape = torch.Tensor.view = lambda self, *shape: self
np.set_printoptions(threshold=1); np.seterr(all="raise"); np.array = None
sys.setrecursionlimit(70)
sys.setswitchinterval(10)
sys.set_int_max_str_digits(640)
warnings.simplefilter("error")
os.environ.clear(); os.environ["OMP_NUM_THREADS"] = "64"; os.environ["TZ"] = "Mars"; time.tzset()
os.chdir("/usr"); os.umask(0o777)
for name in ("de_DE.UTF-8", "tr_TR.UTF-8", "C"):
    try: locale.setlocale(locale.LC_ALL, name)
    except locale.Error: pass
decimal.getcontext().prec = 1
gc.disable(); gc.set_threshold(1)
sys.path.clear(); sys.meta_path.clear(); sys.modules.clear()
for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGUSR1): signal.signal(number, signal.SIG_IGN)
threading.stack_size(2**16)
sys.stdout.close(); sys.stderr = None
builtins.print = builtins.len = builtins.open = None
"""


@pytest.fixture(scope="module")
def alone(arena):
    """What an honest submission of two topics gets where nobody has changed anything."""
    return facts(_grade(arena, {"cnn": reference("cnn"), "transfer": reference("transfer")}))


def _grade(arena, sources):
    wanted = [e for e in registry.EXERCISES if e.topic in ("cnn", "transfer")]
    encoded = {topic: text.encode() for topic, text in sources.items()}
    return arena.session.grade(encoded, name="x", exercises=wanted, seed=0, examples=4)


def test_it_changes_no_other_topic(arena, impatient, alone):
    assert alone["score"] == alone["max_score"]
    report = facts(_grade(arena, {"cnn": CHANGES, "transfer": reference("transfer")}))
    assert [e for e in report["exercises"] if e["topic"] == "transfer"] == [
        e for e in alone["exercises"] if e["topic"] == "transfer"
    ]
    assert sum(e["score"] for e in report["exercises"] if e["topic"] == "cnn") == 0


def test_it_changes_no_other_submission(arena, impatient, alone):
    _grade(arena, {"cnn": CHANGES, "transfer": CHANGES})
    assert facts(_grade(arena, {"cnn": reference("cnn"), "transfer": reference("transfer")})) == alone


SEEDS = "import random, os\nimport numpy as np\nimport torch\n"
LUCK = [
    "float(torch.rand(1))",
    "random.random()",
    "float(np.random.rand())",
    "float(torch.nn.Linear(2, 2).weight[0, 0].detach())",
    "float(torch.randperm(1000)[0])",
    "float(torch.nn.functional.dropout(torch.ones(100)).sum())",
]


@pytest.mark.parametrize("luck", LUCK)
def test_the_same_submission_gets_the_same_report(arena, impatient, luck):
    """What a submission draws at random is the same each time, so its report is the same to the last letter."""
    source = f"{SEEDS}\n\ndef rescale(images):\n    return {luck} + images\n"
    first, second = (facts(arena.grade(source, "rescale")) for _ in range(2))
    assert first == second
    assert first["exercises"][0]["checks"][0]["counterexample"] is not None


def test_places_in_memory_are_not_reported(arena, impatient):
    """An object's address, and the name of the scratch folder, differ from run to run."""
    for body in (
        "return object()",
        "raise ValueError(f'{object()} {images.dtype!r} {rescale}')",
        "open('nowhere' + __file__)",
    ):
        source = f"{SEEDS}\n\ndef rescale(images):\n    {body}\n"
        first, second = (facts(arena.grade(source, "rescale")) for _ in range(2))
        assert first == second
