"""Answers that are made to confuse whoever reads them: each is described, none is believed, none does any harm."""

from __future__ import annotations

import pytest

from tests.hostile.support import statuses

IMPORTS = "import collections, dataclasses, decimal, fractions, math, os, types\nimport numpy as np\nimport torch\n"

# What `rescale` gives back, which should be an array of floats in the shape of `images`.
ARRAYS = {
    "equal to everything": "type('E', (), {'__eq__': lambda s, o: True, '__ne__': lambda s, o: False})()",
    "an array by protocol": "type('A', (), {'__array__': lambda s, *a, **k: np.zeros(3), 'shape': images.shape})()",
    "a torch function": "type('T', (), {'__torch_function__': classmethod(lambda *a, **k: True)})()",
    "a class of its own": "type('C', (), {'__class__': property(lambda s: np.ndarray)})()",
    "a class that raises": "type('C', (), {'__class__': property(lambda s: 1 / 0)})()",
    "a repr that ends": "type('R', (), {'__repr__': lambda s: os._exit(0)})()",
    "a repr that raises": "type('R', (), {'__repr__': lambda s: 1 / 0})()",
    "a repr without end": "type('R', (), {'__repr__': lambda s: 'x' * 10**8})()",
    "a reduce": "type('P', (), {'__reduce__': lambda s: (os.system, ('touch pwned',))})()",
    "a lying length": "type('L', (list,), {'__len__': lambda s: 3, '__iter__': lambda s: iter(range(10**9))})()",
    "a dict without items": "type('D', (dict,), {'items': lambda s: 1 / 0, 'keys': lambda s: os._exit(0)})(a=1)",
    "a tuple of its own": "type('T', (tuple,), {'__iter__': lambda s: 1 / 0, '__eq__': lambda s, o: True})((1, 2))",
    "a str of its own": "type('S', (str,), {'__str__': lambda s: 5, 'encode': lambda s, *a: 1 / 0, '__len__': lambda s: -1})('x')",
    "an int of its own": "type('I', (int,), {'__int__': lambda s: 1 / 0, '__eq__': lambda s, o: True})(7)",
    "a float of its own": "type('F', (float,), {'__float__': lambda s: 1 / 0, '__eq__': lambda s, o: True})(0.5)",
    "an array of its own": "np.full(images.shape, 2.0).view(type('A', (np.ndarray,), {'__eq__': lambda s, o: True}))",
    "a tensor of its own": "torch.zeros(3).as_subclass(type('T', (torch.Tensor,), {'__torch_function__': classmethod(lambda *a, **k: 1)}))",
    "objects": "np.array([object()] * 3)",
    "strings": "np.array(['a', 'b'])",
    "dates": "np.array(['2020-01-01'], dtype='datetime64[D]')",
    "named fields": "np.zeros(3, dtype=[('a', 'f8'), ('b', 'i4')])",
    "wide floats": "np.zeros(3, dtype=np.longdouble)",
    "many axes": "np.zeros((1,) * 30)",
    "a masked array": "np.ma.masked_all(3)",
    "not a number": "np.full(images.shape, np.nan)",
    "infinity": "np.full(images.shape, np.inf)",
    "complex": "np.zeros(images.shape, dtype=complex)",
    "half precision": "torch.zeros(images.shape, dtype=torch.bfloat16)",
    "a complex tensor": "torch.zeros(images.shape, dtype=torch.complex64)",
    "eight bits": "torch.zeros(3).to(torch.float8_e5m2)",
    "meta": "torch.zeros(images.shape, device='meta')",
    "sparse": "torch.zeros(3, 3).to_sparse()",
    "sparse rows": "torch.zeros(3, 3).to_sparse_csr()",
    "quantized": "torch.quantize_per_tensor(torch.zeros(3), 0.1, 0, torch.quint8)",
    "nested": "torch.nested.nested_tensor([torch.zeros(2), torch.zeros(3)])",
    "for another library": "torch.zeros(3, 3).to_mkldnn()",
    "a view of very much": "torch.zeros(1).expand(2**40)",
    "empty and huge": "np.zeros((0, 2**40))",
    "a graph": "torch.zeros(3, requires_grad=True) * 2",
    "too large": "np.zeros(2**28)",
    "too many parts": "list(range(60_000))",
    "too deep": "__import__('functools').reduce(lambda x, _: [x], range(10_000), 1)",
    "itself": "(lambda x: x.append(x) or x)([])",
    "a huge number": "10**900",
    "a number larger still": "1 << 10_000_000",
    "lone surrogates": "'\\ud800' * 10",
    "control characters": "'\\x00\\x1b[2J\\x07' * 10",
    "a long text": "'x' * 10**7",
    "a long name": "type('N' * 10**6, (), {})()",
    "bytes": "b'CK1\\n' * 100",
    "a set": "{1, 2}",
    "a generator": "(i for i in range(3))",
    "a module": "np",
    "a dataclass": "dataclasses.make_dataclass('D', ['a'])(np.zeros(3))",
    "a dataclass that is not": "type('D', (), {'__dataclass_fields__': {'a': 5}})()",
    "keys that cannot be": "{(1, np.nan): 1, frozenset(): 2}",
    "a fraction": "fractions.Fraction(1, 3)",
    "a decimal": "decimal.Decimal('NaN')",
    "a mapping": "types.MappingProxyType({'a': 1})",
    "what a driver would say": "{'value': images, 'args': [images]}",
}


@pytest.mark.parametrize("answer", ARRAYS.values(), ids=ARRAYS)
def test_no_answer_but_the_right_one_is_taken(attack, answer):
    report = attack(f"{IMPORTS}\n\ndef rescale(images):\n    return {answer}\n", "rescale")
    assert report.score == 0
    assert statuses(report) <= {"failed", "error", "crashed"}
    assert len(str(report.as_dict())) < 20_000


# What `get_accuracy` gives back, which should be a float.
NUMBERS = {
    "equal to everything": "type('E', (float,), {'__eq__': lambda s, o: True, '__sub__': lambda s, o: 0.0, '__rsub__': lambda s, o: 0.0})(2)",
    "a huge whole number": "10**500",
    "not a number": "float('nan')",
    "infinity": "math.inf",
    "a tensor": "torch.tensor(0.5)",
    "a fraction": "fractions.Fraction(2, 3)",
    "complex": "0.5 + 0j",
    "text": "'0.5'",
    "true": "True",
    "nothing": "None",
}


@pytest.mark.parametrize("answer", NUMBERS.values(), ids=NUMBERS)
def test_no_number_but_the_right_one_is_taken(attack, answer):
    report = attack(
        f"{IMPORTS}\n\ndef get_accuracy(model, data, batch_size=1024):\n    return {answer}\n", "get_accuracy"
    )
    assert [check.name for check in report.exercises[0].checks if check.score] in (
        [],
        ["leaves_the_gradient_switch_as_it_was"],
    )


# What `same_padding` gives back, which should be two ints.
SHAPES = {
    "equal to everything": "type('E', (tuple,), {'__eq__': lambda s, o: True})((7, 8))",
    "ints equal to everything": "(type('I', (int,), {'__eq__': lambda s, o: True})(9),) * 2",
    "all truths": "(True,) * 2",
    "floats": "(1.0,) * 2",
    "huge": "(10**800,) * 2",
    "tensors": "(torch.tensor(9),) * 2",
    "endless": "type('T', (tuple,), {'__len__': lambda s: 2, '__getitem__': lambda s, i: 1})()",
}


@pytest.mark.parametrize("answer", SHAPES.values(), ids=SHAPES)
def test_no_shape_but_the_right_one_is_taken(attack, answer):
    report = attack(f"{IMPORTS}\n\ndef same_padding(*args, **kwargs):\n    return {answer}\n", "same_padding")
    assert report.score == 0


RAISED = {
    "a long name": "type('E' * 10**5, (Exception,), {})('x' * 10**6)",
    "a text that raises": "type('E', (Exception,), {'__str__': lambda s: 1 / 0})()",
    "a text that ends": "type('E', (Exception,), {'__str__': lambda s: os._exit(0)})()",
    "a name that raises": "type('M', (type,), {'__name__': property(lambda c: 1 / 0)})('E', (Exception,), {})()",
    "a traceback of its own": "type('E', (Exception,), {'__traceback__': property(lambda s: 5)})()",
    "a syntax error far away": "SyntaxError('x', (__file__, 10**300, 10**300, 'text'))",
    "a syntax error of things": "SyntaxError('x', (__file__, [], {}, object()))",
    "a group": "ExceptionGroup('g', [ValueError(1)] * 1000)",
    "a chain": "__import__('functools').reduce(lambda e, _: chained(e), range(2000), ValueError())",
    "surrogates": "ValueError('\\ud800\\x00\\x1b[31m')",
    "everything's names": "type('E', (Exception,), {'__str__': lambda s: 'images=0 ' * 10**5})()",
}


@pytest.mark.parametrize("where", ["in a call", "in the import"])
@pytest.mark.parametrize("error", RAISED.values(), ids=RAISED)
def test_no_exception_breaks_the_grader(attack, error, where):
    helper = "def chained(cause):\n    error = ValueError()\n    error.__cause__ = cause\n    return error\n"
    line = f"raise {error}"
    source = f"{line}\n" if where == "in the import" else f"\ndef rescale(images):\n    {line}\n"
    report = attack(IMPORTS + helper + source, "rescale")
    assert report.score == 0
    assert len(str(report.as_dict())) < 60_000
