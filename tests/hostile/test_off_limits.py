"""Submissions that have PyTorch's own convolution or pooling do the work, by whatever name: none of it runs."""

from __future__ import annotations

import pytest

from tests.hostile.support import printed, reference, statuses

IMPORTS = "import ctypes, gc, importlib, os, sys, threading\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
EVASIONS = {
    "by its name": "F.conv2d(images, weight, bias, stride, padding)",
    "saved at import": "SAVED(images, weight, bias, stride, padding)",
    "by torch": "torch.conv2d(images, weight, bias, stride, padding)",
    "the operator": "torch.ops.aten.convolution(images, weight, bias, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1)",
    "the operator beneath": "torch.ops.aten._slow_conv2d_forward(images, weight, weight.shape[2:], bias, [stride] * 2, [padding] * 2)",
    "dilated": "torch._C._nn.slow_conv_dilated2d(images, weight, weight.shape[2:], bias, [stride] * 2, [padding] * 2)",
    "mkldnn": "torch.mkldnn_convolution(images, weight, bias, [padding] * 2, [stride] * 2, [1, 1], 1)",
    "mkldnn's fused one": "torch.ops.mkldnn._convolution_pointwise(images, weight, bias, [padding] * 2, [stride] * 2, [1, 1], 1, 'none', [], '')",
    "TorchScript's own": "torch.ops.prim.mkldnn_convolution(images, weight, bias, [stride] * 2, [padding] * 2, [1, 1], 1)",
    "nnpack": "torch._nnpack_spatial_convolution(images, weight, bias, [padding] * 2, [stride] * 2)",
    "prepacked": "torch.ops.mkldnn_prepacked.conv2d_run(images, torch.ops.mkldnn_prepacked.conv2d_prepack("
    "weight, bias, [stride] * 2, [padding] * 2, [1, 1], 1, images.shape, 'none'))",
    "a layer": "nn.utils.stateless.functional_call(nn.Conv2d(weight.shape[1], weight.shape[0], weight.shape[2:], stride, padding,"
    " bias=bias is not None), {'weight': weight} | ({} if bias is None else {'bias': bias}), (images,))",
    "in three dimensions": "F.conv3d(images[:, :, None], weight[:, :, None], bias, (1, stride, stride), (0, padding, padding))[:, :, 0]",
    "transposed": "torch.nn.grad.conv2d_input(images.shape, weight, images)",
    "in a thread": "in_thread(lambda: F.conv2d(images, weight, bias, stride, padding))",
    "vmap": "torch.vmap(lambda image: F.conv2d(image, weight, bias, stride, padding))(images)",
    "jit": "SCRIPTED(images, weight, bias, [stride] * 2, [padding] * 2)",
    "for another backend": "torch.ops.aten.mkldnn_convolution.default.redispatch("
    "torch._C.DispatchKeySet(torch._C.DispatchKey.CUDA), images, weight, bias, [padding] * 2, [stride] * 2, [1, 1], 1)",
    "a kernel saved at import": "KERNEL.call_boxed(torch._C.DispatchKeySet(torch._C.DispatchKey.CPU), images, weight,"
    " weight.shape[2:], bias, [stride] * 2, [padding] * 2, [1, 1])",
    "for double precision": "F.conv2d(images.double(), weight.double(), None if bias is None else bias.double(), stride, padding).float()",
    "under autocast": "with_autocast(lambda: F.conv2d(images, weight, bias, stride, padding)).float()",
    "without dispatch modes": "without_modes(lambda: F.conv2d(images, weight, bias, stride, padding))",
    "another registration": "registered_anew(lambda: F.conv2d(images, weight, bias, stride, padding))",
    "reloaded": "importlib.reload(F) and F.conv2d(images, weight, bias, stride, padding)",
    "torchvision": "torch.ops.torchvision.deform_conv2d(images, weight, torch.zeros(len(images), 2 * weight[0, 0].numel(),"
    " *size(images, weight, stride, padding)), torch.zeros(1), torch.zeros(len(weight)) if bias is None else bias,"
    " stride, stride, padding, padding, 1, 1, 1, 1, False)",
    "the library": "ctypes.CDLL(os.path.dirname(torch.__file__) + '/lib/libtorch_cpu.so').aoti_torch_cpu_convolution",
    "the seal undone": "unsealed() or F.conv2d(images, weight, bias, stride, padding)",
    "a gradient of each sample": "__import__('torch.nn.utils._expanded_weights.conv_utils', fromlist='_')."
    "conv_unfold_weight_grad_sample(images, weight, weight.shape, weight.shape[2:], (stride,) * 2, (padding,) * 2, (1, 1), 1, F.conv2d)",
    "the library, by cffi": "__import__('cffi').FFI().dlopen(os.path.dirname(torch.__file__) + '/lib/libtorch_cpu.so').nnp_initialize()",
    "what was caught": "caught(lambda: F.conv2d(images, weight, bias, stride, padding))",
}
HELPERS = """
from concurrent.futures import ThreadPoolExecutor
from typing import List, Optional

SAVED = F.conv2d
try: KERNEL = torch.library.get_kernel('aten::slow_conv_dilated2d', 'CPU')
except AttributeError: KERNEL = None

@torch.jit.script
def SCRIPTED(x, w, b: Optional[torch.Tensor], s: List[int], p: List[int]):
    return torch.conv2d(x, w, b, s, p)

def in_thread(work):
    with ThreadPoolExecutor(1) as pool: return pool.submit(work).result()

def with_autocast(work):
    with torch.autocast('cpu'): return work()

def without_modes(work):
    from torch.utils._python_dispatch import _disable_current_modes
    with _disable_current_modes(), torch._C._DisableTorchDispatch(): return work()

def registered_anew(work):
    library = torch.library.Library('aten', 'IMPL')
    library.impl('convolution', lambda *a: KERNEL(*a), 'CPU', allow_override=True)
    return work()

def size(images, weight, stride, padding):
    return [(n + 2 * padding - k) // stride + 1 for n, k in zip(images.shape[2:], weight.shape[2:])]

def transposed(size, kernel, padding, dilation, stride):
    for h in range(1, 99):
        try: nn.ConvTranspose1d(1, 1, 1)._output_padding(torch.zeros(1, 1, h), [size], [stride], [padding], [kernel], 1, [dilation])
        except ValueError: continue
        return h

def formulas():
    path, made = os.path.join(os.path.dirname(torch.__file__), 'jit', '_shape_functions.py'), {}
    exec(compile(open(path).read(), path, 'exec'), made)
    return made

def unsealed():
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if type(value).__name__ == 'Worker': value.seal._forward = None; value.seal = None
        frame = frame.f_back
    for value in gc.get_objects():
        if type(value).__name__ == 'Seal': value.called = None; value.trip = lambda name: None

def caught(work):
    for _ in range(3):
        try: return work()
        except BaseException: pass
    return images
"""


@pytest.mark.parametrize("evasion", EVASIONS.values(), ids=EVASIONS)
def test_convolution_does_not_run(attack, evasion):
    source = (
        f"{IMPORTS}{HELPERS}\n\ndef conv2d(images, weight, bias=None, stride=1, padding=0):\n    return {evasion}\n"
    )
    report = attack(source, "conv2d")
    assert report.score == 0
    assert statuses(report) <= {"forbidden", "error"}


POOLS = {
    "by its name": "F.max_pool2d(images, kernel_size, stride)",
    "with indices": "torch.ops.aten.max_pool2d_with_indices(images, [kernel_size] * 2, [stride or kernel_size] * 2)[0]",
    "adaptive": "F.adaptive_max_pool2d(images, [(n - kernel_size) // (stride or kernel_size) + 1 for n in images.shape[2:]])",
    "in three dimensions": "F.max_pool3d(images, (1, kernel_size, kernel_size), (1, stride or kernel_size, stride or kernel_size))",
    "of negatives": "-F.max_pool2d(-images, kernel_size, stride)",
    "quantized": "torch.quantized_max_pool2d(torch.quantize_per_tensor(images, 1, 0, torch.quint8), [kernel_size] * 2).dequantize()",
    "mkldnn": "F.max_pool2d(images.to_mkldnn(), kernel_size, stride).to_dense()",
    "of regions": "torch.ops.torchvision.roi_pool(images, torch.zeros(1, 5), 1.0, 1, 1)[0]",
    "one after the other": "F.max_pool1d(F.max_pool1d(images.flatten(0, 2), kernel_size).reshape(1, -1), kernel_size)",
    "by a layer": "nn.MaxPool2d(kernel_size, stride)(images)",
    "fractional": "nn.FractionalMaxPool2d(kernel_size, output_size=2)(images)",
    "by average": "F.avg_pool2d(images.exp(), kernel_size, stride).log()",
    "for another backend": "torch.ops.aten.max_pool1d.default.redispatch("
    "torch._C.DispatchKeySet(torch._C.DispatchKey.CUDA), images.flatten(0, 2), [kernel_size])",
    "by a decomposition in Python": "torch._decomp.decompositions.max_pool2d_with_indices("
    "images, [kernel_size] * 2, [stride or kernel_size] * 2)[0]",
    "by a table of decompositions": "torch._decomp.decomposition_table[torch.ops.aten.max_pool2d_with_indices.default]("
    "images, [kernel_size] * 2, [stride or kernel_size] * 2)[0]",
    "by a decomposition": "torch.ops.aten.max_pool1d.default._op_dk("
    "torch._C.DispatchKey.FuncTorchBatched, images.flatten(0, 2), [kernel_size], [], [0], [1], False)",
}


@pytest.mark.parametrize("evasion", POOLS.values(), ids=POOLS)
def test_pooling_does_not_run(attack, evasion):
    source = f"{IMPORTS}\n\ndef max_pool2d(images, kernel_size, stride=None):\n    return {evasion}\n"
    report = attack(source, "max_pool2d")
    assert report.score == 0
    assert statuses(report) <= {"forbidden", "error"}


PAIR = (
    "pair = lambda v: list(v) if isinstance(v, tuple) else [v, v]\nw = lambda s, n, k: torch.zeros(n, s[1], *pair(k))\n"
)
RULES = {
    "meta": "F.conv2d(torch.zeros(s, device='meta'), w(s, n, k).to('meta'), None, t, p, d).shape",
    "a meta kernel": "torch.ops.aten.convolution.default(torch.zeros(s, device='meta'), w(s, n, k).to('meta'), None, pair(t), pair(p),"
    " pair(d), False, [0, 0], 1).shape",
    "a rule saved at import": "RULE(torch.zeros(s), w(s, n, k), pair(t), pair(p), pair(d), False, 1, None)",
    "a table of rules": "torch._decomp.meta_table[torch.ops.aten.convolution.default](torch.zeros(s, device='meta'),"
    " w(s, n, k).to('meta'), None, pair(t), pair(p), pair(d), False, [0, 0], 1).shape",
    "formulas of the compiler": "importlib.import_module('torch.jit._shape_functions').conv2d(list(s), list(w(s, n, k).shape), None,"
    " pair(t), pair(p), pair(d), 1)",
    "formulas that were hidden": "[sys.modules.pop(name, None) for name in list(sys.modules) if '_shape_functions' in name] and 0"
    " or importlib.import_module('torch.jit._shape_functions').conv2d(list(s), list(w(s, n, k).shape), None, pair(t), pair(p), pair(d), 1)",
    "formulas read from their file": "formulas()['conv2d'](list(s), list(w(s, n, k).shape), None, pair(t), pair(p), pair(d), 1)",
    "windows counted": "(s[0], n, *[F.unfold(torch.zeros(1, 1, size, 1), (a, 1), (c, 1), (b, 0), (e, 1)).shape[2]"
    " for size, a, b, c, e in zip(s[2:], pair(k), pair(p), pair(d), pair(t))])",
    "windows counted by a layer": "(s[0], n, *[nn.Unfold((a, 1), (c, 1), (b, 0), (e, 1))(torch.zeros(1, 1, size, 1)).shape[2]"
    " for size, a, b, c, e in zip(s[2:], pair(k), pair(p), pair(d), pair(t))])",
    "windows counted by a decomposition": "(s[0], n, *[torch._decomp.decompositions.im2col(torch.zeros(1, 1, size, 1),"
    " [a, 1], [c, 1], [b, 0], [e, 1]).shape[2] for size, a, b, c, e in zip(s[2:], pair(k), pair(p), pair(d), pair(t))])",
    "windows counted along one axis": "(s[0], n, *[torch._decomp.decompositions._im2col_col2im_indices_along_dim("
    "size, a, c, b, e, 'cpu').shape[1] for size, a, b, c, e in zip(s[2:], pair(k), pair(p), pair(d), pair(t))])",
    "windows counted backwards": "(s[0], n, *[next(h for h in range(1, 99) if F._unpool_output_size("
    "torch.zeros(1, h), [(a - 1) * c + 1], [e], [b], None)[0] > size - e)"
    " for size, a, b, c, e in zip(s[2:], pair(k), pair(p), pair(d), pair(t))])",
    "what a transposed layer pads": "(s[0], n, *[transposed(*sizes) for sizes in zip(s[2:], pair(k), pair(p), pair(d), pair(t))])",
    "lowerings of the compiler": "(s[0], n, *[__import__('torch._inductor.lowering', fromlist='_').pooling_size("
    "s[2 + i], i, pair(k), pair(t), pair(p), False) for i in (0, 1)])",
    "a lazy tensor": "F.conv2d(torch.zeros(s, device='lazy'), w(s, n, k).to('lazy'), None, t, p, d).shape",
    "a layer that looks": "nn.LazyConv2d(n, k, t, p, d)(torch.zeros(s)).shape",
    "a thread": "in_thread(lambda: nn.Conv2d(s[1], n, k, t, p, d)(torch.zeros(s)).shape)",
    "a process": "__import__('subprocess').check_output([sys.executable, '-c', 'import torch'])",
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_no_shape_comes_from_a_convolution(attack, rule):
    saved = "import torch._meta_registrations\nRULE = torch._meta_registrations.calc_conv_nd_return_shape\n"
    call = f"\n\ndef conv2d_output_shape(s, n, k, t=1, p=0, d=1):\n    return tuple(map(int, {rule}))\n"
    call = call.replace(
        "(s, n, k, t=1, p=0, d=1)", "(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1)"
    )
    call = call.replace(
        "    return",
        "    s, n, k, t, p, d = input_shape, out_channels, kernel_size, stride, padding, dilation\n    return",
    )
    report = attack(IMPORTS + HELPERS + PAIR + saved + call, "conv2d_output_shape")
    assert report.score == 0
    assert statuses(report) <= {"forbidden", "error", "not_started"}


def test_a_seal_that_was_undone_is_noticed(attack):
    """Also by whoever does the work himself, so that nothing else shows it."""
    undone = """
    LIBRARY = torch.library.Library("aten", "IMPL")
    LIBRARY.impl("convolution", lambda *a: a[0], "CPU", allow_override=True)
    """
    own = reference("convolution") + "\n" + IMPORTS
    assert attack(own, "conv2d").score == 9
    report = attack(own + "\n".join(line[4:] for line in undone.splitlines()), "conv2d")
    assert (report.score, statuses(report)) == (0, {"forbidden"})


def test_what_runs_graphs_without_the_dispatcher_is_not_there(attack):
    source = """
    groups = "mkldnn_convolution MKLDNNGroup oneDNNFusionGroup TensorExprGroup TensorExprDynamicGroup FusionGroup StaticSubgraph"
    print([name for name in groups.split() if torch._C._jit_get_schemas_for_operator("prim::" + name)])
    print(hasattr(torch._C.Graph, "create"), hasattr(torch._C._DispatchModule, "reset"), hasattr(torch._C, "_te"))
    print(hasattr(torch._C, "_check_onnx_proto"), hasattr(torch._C._profiler, "_RecordFunctionFast"))  # they infer sizes
    """
    report = attack(IMPORTS + "\n".join(line[4:] for line in source.splitlines()), "conv2d")
    assert printed(report).split("\n")[:3] == ["[]", "False False False", "False False"]


def test_a_layer_does_not_say_what_same_padding_adds(attack):
    source = """
    def same_padding(kernel_size, dilation=1):
        sides = nn.Conv2d(1, 1, kernel_size, padding="same", dilation=dilation)._reversed_padding_repeated_twice
        return sides[2], sides[0]
    """
    assert attack(IMPORTS + "\n".join(line[4:] for line in source.splitlines()), "same_padding").score == 0


def test_machine_code_of_ones_own_is_not_loaded(attack, tmp_path):
    """It could call into PyTorch's libraries. What comes from a library's folder may be loaded."""
    source = """
    import glob, importlib.util, os, shutil
    found = glob.glob(os.path.dirname(os.__file__) + "/lib-dynload/_json*.so")[0]
    for path in (found, shutil.copyfile(found, "_json.so"), os.path.dirname(os.__file__) + "/../.." + os.getcwd() + "/_json.so"):
        spec = importlib.util.spec_from_file_location("_json", path)
        try: print(importlib.util.module_from_spec(spec).__name__)
        except ImportError as error: print(error)
    """
    report = attack(reference("shapes") + "\n".join(line[4:] for line in source.splitlines()), "same_padding")
    assert printed(report).split("\n")[:3] == ["_json", *["_json is not available in this topic"] * 2]
    assert report.score == report.max_score


def test_no_table_can_be_made_while_it_is_imported(attack):
    source = """
    TABLE = {n: tuple(nn.Conv2d(1, 1, 2)(torch.zeros(1, 1, n, n)).shape) for n in range(2, 400)}
    def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
        return TABLE[input_shape[2]]
    """
    report = attack(IMPORTS + "\n".join(line[4:] for line in source.splitlines()), "conv2d_output_shape")
    assert report.score == 0
    assert "more than 50 times while it is imported" in report.exercises[0].checks[0].message


def test_no_kernel_is_left_for_any_backend(attack):
    """What stands in for backends that are not there would compute on the CPU's tensors, too."""
    source = """
    def conv2d(*args, **kwargs):
        from grader.sandbox import offlimits
        tables = "".join(map(torch._C._dispatch_dump_table, filter(offlimits.is_off_limits, torch._C._dispatch_get_all_op_names())))
        left = [line for line in tables.splitlines() if "offlimits.py" not in line
            and line.endswith(("[default backend kernel]", "[math kernel]", "[batched kernel]", "CPU: kernel]"))]
        print("kernels:", tables.count("offlimits.py") > 2000, "left:", left)
    """
    report = attack(IMPORTS + "\n".join(line[4:] for line in source.splitlines()), "conv2d")
    assert "kernels: True left: []" in printed(report)


def test_a_module_may_use_them_while_it_is_imported(attack):
    """What stands elsewhere in the file is the student's own business, gradients included."""
    demonstration = """
    import torch, torch.nn.functional as F
    from torch import nn
    _x, _w = torch.randn(2, 3, 6, 5, requires_grad=True), torch.randn(4, 3, 3, 2, requires_grad=True)
    _by_hand = (F.unfold(_x, (3, 2)).transpose(1, 2) @ _w.reshape(4, -1).T).transpose(1, 2).reshape(2, 4, 4, 4)
    _y = F.conv2d(_x, _w)
    assert torch.allclose(_y, _by_hand, atol=1e-4)
    for _a, _b in zip(torch.autograd.grad(_y.sum(), [_x, _w]), torch.autograd.grad(_by_hand.sum(), [_x, _w])):
        assert torch.allclose(_a, _b, atol=1e-4)
    F.max_pool2d(_x, 2).sum().backward()
    assert nn.Conv2d(3, 4, 3, device="meta")(torch.empty(1, 3, 9, 8, device="meta")).shape == (1, 4, 7, 6)
    try:
        F.conv2d(_x, _w[:, :2])
    except RuntimeError as _error:
        print("refused:", _error)
    """
    report = attack(
        reference("convolution") + "\n".join(line[4:] for line in demonstration.splitlines()), "conv2d", "max_pool2d"
    )
    assert report.score == report.max_score
    assert "to have 2 channels" in printed(report)


def test_an_import_that_never_ends_computes_nothing(attack):
    """It answers questions by hand instead of ending, so that it may still use what an import may use."""
    hijack = """
    from grader.sandbox import drivers, wire, worker
    def conv2d_output_shape(*args):
        return tuple(nn.Conv2d(args[0][1], *args[1:])(torch.zeros(args[0])).shape)
    me, frame = sys.modules[__name__], sys._getframe()
    while type(frame.f_locals.get("self")).__name__ != "Worker": frame = frame.f_back
    mine = frame.f_locals["self"]
    mine.module = me
    worker.write(4, wire.encode({"value": {}}).frame(mine.number))
    while (received := worker.read(3)) is not None:
        mine.number, question = received
        worker.write(4, worker.encoded(mine.answer(question)).frame(mine.number))
    """
    report = attack(IMPORTS + "\n".join(line[4:] for line in hijack.splitlines()), "conv2d_output_shape")
    assert report.score == 0
