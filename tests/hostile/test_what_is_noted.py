"""What is noted beside the student's code cannot be imported, searched for or exchanged by it."""

from __future__ import annotations

import pytest

from tests.hostile.support import printed, reference

NAMES = (
    "grader", "grader.sandbox", "grader.sandbox.inner.builders", "grader.sandbox.inner.drivers", "grader.sandbox.inner.worker",
    "grader.sandbox.wire", "grader.sandbox.inner.offlimits", "grader.sandbox.inner.nursery", "grader.course.registry", "solutions",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_it_has_no_name_there(attack, name):
    source = f"""
import importlib, sys
try:
    importlib.import_module({name!r})
    print("found", {name!r})
except ImportError:
    pass
print([known for known in sys.modules if known.partition(".")[0] in ("grader", "solutions")])
"""
    report = attack(source + reference("weights"), "rescale")
    assert printed(report).split("\n")[0] == "[]"
    assert report.score == report.max_score


@pytest.mark.parametrize(
    "search",
    [
        "gc.get_objects()",
        "gc.get_referrers(gc)",
        "gc.get_referents(gc)",
        "sys._current_frames()",
        "[sys.setprofile(id)]",
        "[sys.settrace(id)]",
    ],
)
def test_it_cannot_be_searched_for(attack, search):
    source = f"import gc, sys\ntry: print(len({search}))\nexcept PermissionError: print('refused')\n"
    assert printed(attack(source + reference("weights"), "rescale")).startswith("refused")


# Each leaves out what it notes, and shows something else.
ACCURACY = """
def get_accuracy(model, data, batch_size=1024):
    {forgery}
    from torch.utils.data import DataLoader
    correct = sum(int((model(x).argmax(1) == y).sum()) for x, y in DataLoader(data, batch_size))
    if not len(data):
        raise ValueError(f"data is empty: {{data}}")
    return correct / len(data)
"""
FORGERIES = {
    "lists of its own": "model.passes = model.weights = [(False, False, [])]; model.came_back = []",
    "another forward": "type(model).forward = lambda self, x: torch.nn.Sequential.forward(self, x)",
    "the switch of every pass": "torch.is_grad_enabled = lambda: False",
    "a mode that it does not have": "type(model).training = property(lambda self: False, lambda self, value: None)",
    "a network of its own": "model = torch.nn.Sequential(*model)",
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_a_pass_in_training_mode_that_records_gradients_costs_its_points(attack, forgery):
    source = reference("training") + ACCURACY.format(forgery=forgery)
    report = attack(source, "get_accuracy")
    honest = attack(reference("training") + ACCURACY.format(forgery="pass"), "get_accuracy")
    assert report.score <= honest.score < honest.max_score


# Each runs the network in evaluation mode, and hides that gradients are recorded.
HIDDEN = {
    "a network of its own": "model = torch.nn.Sequential(*model)",
    "another forward": "type(model).forward = torch.nn.Sequential.forward",
    "a pass without the class": "from functools import partial; model = partial(torch.nn.Sequential.forward, model)",
    "layer by layer": "from functools import reduce; layers = list(model); model = lambda x: reduce(lambda v, f: f(v), layers, x)",
}


@pytest.mark.parametrize("forgery", HIDDEN.values(), ids=HIDDEN)
def test_gradients_that_are_recorded_where_no_note_is_taken_cost_their_points(attack, forgery):
    source = reference("training") + ACCURACY.format(forgery=f"model.eval(); {forgery}")
    honest = source.replace("    correct = ", "    with torch.no_grad(): correct = ")
    report, other = attack(source, "get_accuracy"), attack(honest, "get_accuracy")
    assert report.score < other.score


LIES = {
    "of its parameters": """
def replace_classifier(network, num_classes, num_features):
    new = copy.deepcopy(network)
    new.classifier = nn.Linear(num_features, num_classes)
    new.__class__ = type("S", (type(new),), {"parameters": lambda self, recurse=True: self.classifier.parameters()})
    return new
""",
    "of what it was": """
import types
def replace_classifier(network, num_classes, num_features):
    was = [list(network.modules()), list(network.parameters()), network.state_dict()]
    told = [types.SimpleNamespace(requires_grad=p.requires_grad) for p in was[1]]
    new = copy.copy(network)
    new._modules, new._parameters = network._modules, network._parameters
    new.requires_grad_(False)
    new.classifier = nn.Linear(num_features, num_classes)
    network.modules, network.parameters, network.state_dict = lambda: was[0], lambda: told, lambda: was[2]
    return new
""",
    "of its gradient": """
class Plain(torch.Tensor):
    requires_grad = property(lambda self: False)
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return False if "__get__" in str(function) else super().__torch_function__(function, types, args, kwargs or {})
def extract_features(network, images):
    network.eval()
    return network.features(images).as_subclass(Plain)
""",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_an_object_says_of_itself_is_not_believed(attack, lie):
    name = "extract_features" if "extract" in lie else "replace_classifier"
    report = attack("import torch\n" + reference("transfer") + lie, name)
    assert report.score < report.max_score
    assert attack(reference("transfer"), name).score == report.max_score
