"""What stands in for a student's function in follow-through gives nothing away and earns nothing for anybody else."""

import pytest

from grader.running.subjects import SandboxSubject
from tests.hostile.support import reference

WRONG_CALLEES = """
def train_step(model, images, labels, criterion, optimizer):
    return None

def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    return None
"""
READS = """
import dis, gc, inspect, io, sys

def train(model, train_data, val_data, **options):
    seen = io.StringIO()
    for function in (train_step, get_accuracy):
        if not function.__module__.endswith("stand_ins"):
            continue
        try:
            seen.write(inspect.getsource(function))
        except Exception as error:
            seen.write(type(error).__name__)
        dis.dis(function, file=seen)
        for cell in function.__closure__ or ():
            seen.write(repr(cell.cell_contents))
            code = getattr(cell.cell_contents, "__code__", None)
            if code is not None:
                dis.dis(code, file=seen)
    try:
        found = gc.get_objects()
    except PermissionError:
        found = list(vars(sys.modules["__main__"]).values())
    seen.write(repr([o.co_names for o in found if inspect.iscode(o) and "eq" in o.co_names and "argmax" in o.co_names]))
    print("READ", seen.getvalue()[:15000])
    return History()
"""


def test_its_text_cannot_be_read(arena):
    source = (reference("training") + WRONG_CALLEES + READS).encode()
    nursery = arena.session.nurseries[0]
    subject = SandboxSubject(nursery, "training", {"training.py": source}, stand_ins=("train_step", "get_accuracy"))
    try:
        assert subject.load(60.0).kind == "value"
        subject.ask("call", {"name": "train", "args": (None, None, None)}, 60.0)
        said = subject.output()
    finally:
        subject.close()
    assert "READ" in said and "exchange" in said  # it is there, as a line to elsewhere
    for secret in SECRETS[:5]:
        assert secret not in said


SECRETS = ("zero_grad", "backward", "is_grad_enabled", "set_grad_enabled", "DataLoader", "optimizer", "argmax")
LISTENS = """
_told = []
_train = train

def train(model, train_data, val_data, *args, **options):
    for function in (train_step, get_accuracy):
        for cell in function.__closure__ or ():
            if getattr(cell.cell_contents, "__name__", "") == "exchange":
                def spy(message, real=cell.cell_contents):
                    reply = real(message)
                    _told.append(str(reply.get("do")))
                    return reply
                cell.cell_contents = spy
    try:
        return _train(model, train_data, val_data, *args, **options)
    finally:
        print("TOLD", _told[:50])
        {ends}
"""
NOTES = """
def train(model, train_data, val_data, *args, **options):
    told = []
    class Noting(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(1, 2)
        def __getattribute__(self, name):
            told.append("model." + name)
            return super().__getattribute__(name)
        def forward(self, x):
            return self.layer(x.reshape(len(x), -1)[:, :1].float())
    mine = Noting()
    optimizer = torch.optim.SGD(mine.layer.parameters(), lr=0.1)
    zero = optimizer.zero_grad
    optimizer.zero_grad = lambda *a, **k: (told.append("optimizer.zero_grad()"), zero())
    train_step(mine, torch.ones(2, 1), torch.zeros(2, dtype=torch.long), nn.CrossEntropyLoss(), optimizer)
    print("TOLD", told[:50])
    {ends}
"""


@pytest.mark.parametrize("ends", ["return History()", "raise RuntimeError(str({told}))", "return None"])
@pytest.mark.parametrize(
    ("listens", "told"), [(LISTENS, "_told"), (NOTES, "told")], ids=["to its questions", "to its calls"]
)
def test_what_it_does_can_be_watched_and_not_told(attack, listens, told, ends):
    source = reference("training") + WRONG_CALLEES + listens.format(ends=ends.format(told=told))
    report = attack(source, "train")
    said = str(report)
    for secret in SECRETS:
        assert f"'{secret}" not in said and f".{secret}" not in said, secret


ENDLESS = """
def trace_shapes(layers, input_shape):
    while True:
        conv2d_output_shape((1, 1, 4, 4), 1, 1)
"""
FORGES = """
def trace_shapes(layers, input_shape):
    exchange = conv2d_output_shape.__closure__
    for cell in exchange or ():
        if callable(cell.cell_contents):
            cell.cell_contents({"value": {"value": [input_shape], "layers": [], "longer": []}})
            cell.cell_contents({"stand_in": "trace_shapes", "args": (layers, input_shape), "kwargs": {}})
    return [input_shape]
"""
ODD = """
def trace_shapes(layers, input_shape):
    for odd in ("x" * 100000, [10**1000] * 4, {1: 2}, None, (1,) * 40000, layers):
        try:
            conv2d_output_shape(odd, odd, kernel_size=odd)
        except Exception as error:
            print(type(error).__name__)
    return [input_shape]
"""


@pytest.mark.parametrize("source", [ENDLESS, FORGES, ODD], ids=["endless", "forged messages", "odd arguments"])
def test_whoever_abuses_it_earns_nothing(source, arena, hasty):
    report = arena.grade(reference("shapes") + WRONG_CALLEES + source, "trace_shapes")
    assert report.score == 0
    assert report.faults == ()


def test_it_never_stands_in_where_its_own_exercise_is_graded(attack):
    keeps = """
import builtins
def trace_shapes(layers, input_shape):
    builtins.kept = conv2d_output_shape
    return [input_shape]

def conv2d_output_shape(*args, **kwargs):
    return builtins.kept(*args, **kwargs)
"""
    report = attack(reference("shapes") + keeps, "trace_shapes", "conv2d_output_shape")
    assert report.score == 0
