"""PyTorch's own convolution and pooling, made off limits where an exercise asks to write them by hand.

They are caught when they run, in PyTorch's dispatcher, so that no alias leads past: `F.conv2d`, `nn.Conv2d`,
`torch.ops.aten.convolution`, a function saved at import or called from another thread all end here.

`Seal` replaces the kernels of this process for good, before the student's module is imported; what the module itself
runs while it is imported is allowed, and computed by another process (see `Seal.forward`). `watch` is the gentle form
for running checks and student's code in one process, where PyTorch is also the judge.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import inspect
import itertools
import os
import re
import sys
import traceback
import types
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch.utils._python_dispatch import TorchDispatchMode

_OPERATOR = re.compile(
    r"::_?(\w*_)?q?(conv(?!ert)\w*|thnn_conv\w*|(?:adaptive_|fractional_)?(?:max|avg)_pool\w*|roi_pool\w*)", re.ASCII
)
_KEYS = (
    "CPU", "Meta", "QuantizedCPU", "MkldnnCPU", "SparseCPU", "SparseCsrCPU", "NestedTensorCPU", "Lazy", "FuncTorchBatched",
)  # fmt: skip
# Kernels that stand in for every backend without one of its own; whoever chooses a backend's key by hand would find
# them there, and they compute as well on tensors of the CPU.
_ALIASES = (
    "CompositeExplicitAutograd", "CompositeExplicitAutogradNonFunctional", "CompositeImplicitAutograd",
    "CompositeImplicitAutogradNestedTensor", "FuncTorchBatchedDecomposition",
)  # fmt: skip
# Where counting is off limits, too: what counts the windows of an image: the arithmetic that is asked for.
_COUNTS_WINDOWS = re.compile(r"::(im2col|col2im)")
# Ways to run or to build an operator that do not pass through the dispatcher, C++ code that infers shapes, and views of
# this process's memory.
_SIDE_DOORS = re.compile(
    r"parse_ir|_check_onnx_proto|StaticModule|_nativert|_te|_aoti|_lazy_ts_backend|_create_function_from_graph|_fuse_to_static_module"
    r"|_dispatch_get_computed_kernel_for_dispatch_key|GraphExecutorState|ExecutionPlan|_create_graph_by_tracing"
    r"|_load_(for_lite_interpreter.*|mobile_module_from_file|jit_module_from_file)"
    r"|_construct_storage_from_data_pointer|_unsafe_reset_storage|_storage_address"
    r"|_jit_(set_llga_enabled|to_static_module|interpret_graph|trace_graph|.*mkldnn.*|.*fus.*|.*texpr.*"
    r"|pass_(optimize_for_inference|create_.*|lower_graph|optimize_frozen_graph)|.*shape.*|.*rewrite.*)"
)
# What changes a graph by hand, or takes a registration back.
_HAND_TOOLS = {
    "Graph": (
        "create", "createClone", "createFusionGroup", "createCudaFusionGroup", "insertNode", "appendNode", "prependNode",
        "insertGraph", "copy",
    ),
    "Block": ("addNode",),
    "Node": ("addBlock", "g_", "gs_"),
    "_DispatchModule": ("reset",),
}  # fmt: skip
# Parts of PyTorch that are not there from the start and hold the same arithmetic in Python, or compile it.
_ARITHMETIC_ELSEWHERE = re.compile(
    r"torch\.(_inductor|_export|_vendor|jit\._shape_functions|testing\._internal|distributed\.tensor|onnx\._internal"
    r"|backends\._nnapi|nested\._internal|nn\.utils\._expanded_weights|utils\.flop_counter|ao\.(ns|pruning)"
    r"|fx\.experimental\.(graph_gradual_typechecker|migrate_gradual_types))(\.|$)"
)
# Ways to call a library's C functions that Python does not report.
_FOREIGN_CALLS = re.compile(r"(_cffi_backend|cffi|numba|llvmlite|cppyy|triton)(\.|$)")
# Python functions in which PyTorch keeps the arithmetic for its compiler, in modules that are there from the start.
_RULE = re.compile(r"conv(?!er)|pool")
_COUNTING_RULE = re.compile(r"conv(?!er)|pool|im2col|col2im")
# TorchScript's own operators, which its registry holds beside the dispatcher: they compute, or run graphs that do.
_SCRIPT_ONLY = (
    "prim::mkldnn_convolution", "prim::MKLDNNGroup", "prim::ConstantMKLDNNTensor", "prim::BroadcastMKLDNNTensors",
    "prim::oneDNNFusionGroup", "prim::oneDNNFusionGuard", "prim::TensorExprGroup", "prim::TensorExprDynamicGroup",
    "prim::FusionGroup", "prim::CudaFusionGroup", "prim::FusedConcat", "prim::StaticSubgraph",
)  # fmt: skip

Forward = Callable[[str, tuple[Any, ...], dict[str, Any]], Any]
Kinds = Sequence[str]  # what is off limits: "convolution" (and pooling), "counting" (of their windows)


class OffLimits(BaseException):
    """The student's code ran an operator that the exercise rules out; not an Exception, so that it is not swallowed."""


def _probes() -> tuple[Callable[[], Any], ...]:
    """Calls that end in a whole seal, by functions and tensors that nobody can exchange later."""
    convolution, pooling = torch._C._VariableFunctions.convolution, torch._C._nn.max_pool2d_with_indices
    ones, one = torch.ones(1, 1, 1, 1), [1, 1]
    return (
        lambda: convolution(ones, ones, None, one, [0, 0], one, False, [0, 0], 1),
        lambda: pooling(ones, one),
    )


_PROBES = itertools.cycle(_probes())
_POOLING = "aten::max_pool2d_with_indices"


class Seal:
    """Replaces every convolution and pooling kernel of this process by one that refuses. There is no way back.

    `forward` computes an operator elsewhere; it serves until `close` is called, when the student's module is loaded.
    Nothing in this process can compute it any more, so the student's code cannot either, even if it never lets its
    import end and answers the grading process's questions by hand.
    """

    def __init__(self, forward: Forward, kinds: Kinds = ("convolution",)) -> None:
        self.called: str | None = None  # remembered also when the student's code catches the exception
        self._forward: Forward | None = forward
        self._tried = False  # whether `is_whole` is asking
        names = [name for name in torch._C._dispatch_get_all_op_names() if is_off_limits(name, kinds)]
        composite = torch._C._dispatch_has_kernel_for_dispatch_key
        self._composed = [name for name in names if composite(name, "CompositeImplicitAutograd")]
        self._replace(sorted(set(names) - set(self._composed)))
        _seal_rules(kinds)
        if "counting" in kinds:
            _forget_same_padding()
        _close_side_doors()
        _refuse_native_code()

    def close(self) -> None:
        """From now on, everything is refused; what is composed of refused operators too, under its own name."""
        self._forward = None
        self._replace(self._composed)

    def is_whole(self) -> bool:
        """Whether convolution and pooling, by turns, still end here: what undid the seal computes them."""
        self._tried = True
        try:
            next(_PROBES)()
            return not self._tried
        except BaseException:
            return False
        finally:
            self._tried = False

    def trip(self, operator: str) -> Any:
        """Remembers and refuses."""
        self.called = self.called or operator
        raise OffLimits(operator)

    def _replace(self, operators: list[str]) -> None:
        libraries: dict[str, Any] = {}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for operator in operators:
                namespace, name = operator.split("::", 1)
                if namespace not in libraries:
                    libraries[namespace] = torch._C._dispatch_library("IMPL", namespace, "", __file__, 0)
                kernel = self._kernel(operator)
                for key in _ALIASES:
                    if torch._C._dispatch_has_kernel_for_dispatch_key(operator, key):
                        libraries[namespace].impl(name, key, kernel)
                for key in _KEYS:
                    if torch._C._dispatch_has_computed_kernel_for_dispatch_key(operator, key):
                        libraries[namespace].impl(name, key, kernel)
        # Nobody may find the registrations and undo them: they are leaked on purpose, in an array that holds itself
        # and that Python's garbage collector does not know of. (`ctypes` could do it, but is refused by now.)
        leaked = np.empty(len(libraries) + 1, dtype=object)
        leaked[:-1], leaked[-1] = list(libraries.values()), leaked

    def _kernel(self, operator: str) -> Callable[..., Any]:
        def kernel(*args: Any, **kwargs: Any) -> Any:
            if self._tried:
                self._tried = False
                return (args[0], args[0]) if operator == _POOLING else args[0]
            if self._forward is not None:
                return self._forward(operator, args, kwargs)
            return self.trip(operator)

        return kernel


def is_off_limits(operator: str, kinds: Kinds = ("convolution",)) -> bool:
    """Whether the operator, such as "aten::conv2d", is a convolution or a pooling, or counts their windows."""
    counts = "counting" in kinds and _COUNTS_WINDOWS.search(operator) is not None
    return counts or _OPERATOR.search(operator) is not None


def prepare() -> None:
    """Runs once, before any fork: brings in the operators that a module could bring in later."""
    import importlib.util
    from pathlib import Path

    found = importlib.util.find_spec("torchvision")
    for folder in (found.submodule_search_locations or ()) if found else ():
        for library in (file for end in ("so", "pyd") for file in Path(folder).glob(f"_C*.{end}")):
            with contextlib.suppress(OSError):
                torch.ops.load_library(str(library))
    _RULES.extend(_rules())


def remove_script_operators() -> None:
    """Takes convolution out of TorchScript's own registry, where the dispatcher does not reach.

    Python has no way to do it, the library has: it is rehearsed in a child first, in case this PyTorch is laid out
    differently.
    """
    if not any(map(torch._C._jit_get_schemas_for_operator, _SCRIPT_ONLY)) or not sys.platform.startswith("linux"):
        return
    if (pid := os.fork()) == 0:
        with contextlib.suppress(BaseException):
            _deregister()
            os._exit(any(map(torch._C._jit_get_schemas_for_operator, _SCRIPT_ONLY)))
        os._exit(1)
    if os.waitpid(pid, 0)[1] == 0:
        _deregister()


def _deregister() -> None:
    library = ctypes.CDLL(os.path.join(os.path.dirname(torch.__file__), "lib", "libtorch_cpu.so"))
    deregister = library["_ZN5torch3jit18deregisterOperatorERKN3c1014FunctionSchemaE"]
    deregister.restype = None
    for schema in (found for name in _SCRIPT_ONLY for found in torch._C._jit_get_schemas_for_operator(name)):
        deregister(ctypes.c_void_p.from_address(id(schema) + object.__basicsize__))


def run_operator(operator: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Computes an operator for a module that is being imported in another, sealed process."""
    if not is_off_limits(operator, ("convolution", "counting")):
        raise ValueError("this operator is not off limits")
    namespace, _, rest = operator.partition("::")
    name, _, overload = rest.partition(".")
    function = getattr(getattr(getattr(torch.ops, namespace), name), overload or "default")
    with torch.no_grad():
        return portable(function(*restored(args), **restored(kwargs)))


def portable(value: Any) -> Any:
    """An operator's arguments or results as plain data: a tensor without numbers becomes a description."""
    if isinstance(value, torch.Tensor) and value.device.type == "meta":
        return {"meta": list(value.shape), "dtype": str(value.dtype).removeprefix("torch.")}
    if isinstance(value, tuple | list):
        return tuple(map(portable, value))
    if isinstance(value, dict):
        return {key: portable(item) for key, item in value.items()}
    return value


def restored(value: Any) -> Any:
    """What `portable` was given."""
    if isinstance(value, dict):
        if value.keys() == {"meta", "dtype"}:
            return torch.empty(value["meta"], dtype=getattr(torch, value["dtype"]), device="meta")
        return {key: restored(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(map(restored, value))
    return value


_RULES: list[tuple[types.FunctionType, types.CodeType]] = []  # each with what takes its code's place


def _rules() -> Iterator[tuple[types.FunctionType, types.CodeType]]:
    """The Python functions of PyTorch that know the arithmetic, in all that has been imported."""
    import torch._decomp.decompositions
    import torch._meta_registrations

    for name, module in sorted(sys.modules.items()):
        if name.startswith("torch._") and isinstance(module, types.ModuleType):
            for function in list(vars(module).values()):
                inner = inspect.unwrap(function) if isinstance(function, types.FunctionType) else None
                if not isinstance(inner, types.FunctionType) or inner.__module__ != name or inner.__closure__:
                    continue
                if _COUNTING_RULE.search(inner.__name__):
                    yield _refusing(inner)
    yield _refusing(torch.nn.functional._unpool_output_size)  # type: ignore[attr-defined]  # without types
    yield _refusing(torch.nn.modules.conv._ConvTransposeNd._output_padding)  # type: ignore[arg-type]  # a function


def _refusing(function: types.FunctionType) -> tuple[types.FunctionType, types.CodeType]:
    """The function, with code that ends in the seal."""
    made: dict[str, Any] = {}
    name = f"{function.__module__}.{function.__name__}"
    exec(f"def refuse(*args, **kwargs): __off_limits__(); raise NotImplementedError({name!r})", made)
    return function, made["refuse"].__code__


def _seal_rules(kinds: Kinds) -> None:
    """Replaces the code of these functions, so that a reference to one that was kept somewhere is sealed too."""
    ones, one, none = torch.ones(1, 1, 1, 1), [1, 1], [0, 0]
    sealed = torch._C._VariableFunctions.convolution  # nothing of Python, so that it leads nowhere else
    refuse = functools.partial(sealed, ones, ones, None, one, none, one, False, none, 1)
    if not _RULES:
        _RULES.extend(_rules())
    for function, code in _RULES:
        if "counting" in kinds or _RULE.search(function.__name__):
            function.__globals__["__off_limits__"] = refuse
            function.__code__, function.__defaults__, function.__kwdefaults__ = code, None, None


def _forget_same_padding() -> None:
    """Has layers not keep how much `padding="same"` adds: only a forward pass needs it, and none can be run."""

    def nothing(layer: Any) -> list[int]:
        return [0, 0] * len(layer.kernel_size)

    kind: Any = torch.nn.modules.conv._ConvNd
    kind._reversed_padding_repeated_twice = property(nothing, lambda layer, value: None)


def _close_side_doors() -> None:
    with contextlib.suppress(AttributeError):
        torch._C._jit_set_texpr_fuser_enabled(False)  # what it would make of a script is taken away
    for name in dir(torch._C):
        if _SIDE_DOORS.fullmatch(name):
            delattr(torch._C, name)
    with contextlib.suppress(
        AttributeError
    ):  # it tells the profiler of operators that never run, which counts their cost
        del torch._C._profiler._RecordFunctionFast
    for kind, methods in _HAND_TOOLS.items():
        for method in methods:
            with contextlib.suppress(AttributeError, TypeError):
                delattr(getattr(torch._C, kind), method)


def _refuse_native_code() -> None:
    """Refuses to look up C functions, such as the libraries' own convolution, and the objects of this process."""
    refused = frozenset(
        f"ctypes.{event}"
        for event in (
            "dlsym",
            "dlsym/handle",
            "cdata",
            "addressof",
            "string_at",
            "wstring_at",
            "PyObj_FromPtr",
            "cdata/buffer",
            "call_function",
        )
    ) | {"cpython.PyInterpreterState_New"}

    libraries = _library_folders()
    elsewhere, foreign = _ARITHMETIC_ELSEWHERE.match, _FOREIGN_CALLS.match
    files = re.compile(
        _ARITHMETIC_ELSEWHERE.pattern.replace(r"\.", r"[/\\](__pycache__[/\\])?").replace("$", r"\.")
    ).search
    exact, starts, decoded = str.__str__, str.startswith, os.fsdecode

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in refused:
            raise PermissionError(f"{event} is not available in this topic")
        if event == "import":
            name, file = args[:2]
            own = file is not None and (".." in exact(file) or not starts(file, libraries))  # machine code
            if own or elsewhere(name) or foreign(name):
                raise ImportError(f"{exact(name)} is not available in this topic")
        if event == "open" and isinstance(args[0], str | bytes) and files(decoded(args[0])):
            raise PermissionError("PyTorch's own arithmetic of shapes is not available in this topic")

    sys.addaudithook(hook)  # for good: Python has no way to take a hook back


def _library_folders() -> tuple[str, ...]:
    """Where extension modules may come from: what Python searches, but for folders that hold the student's files."""
    here = os.getcwd() + os.sep
    found = {folder + os.sep for path in sys.path if os.path.isabs(path) for folder in (path, os.path.realpath(path))}
    return tuple(folder for folder in found if not folder.startswith(here) and not here.startswith(folder))


class Found:
    """What `watch` has seen."""

    def __init__(self) -> None:
        self.called: str | None = None


class _Watch(TorchDispatchMode):
    def __init__(self, found: Found, kinds: Kinds) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # PyTorch's has no types
        self.found, self.kinds = found, kinds

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        operator = func.name()
        if is_off_limits(operator, self.kinds):
            self.found.called = self.found.called or operator
            raise OffLimits(operator)
        return func(*args, **(kwargs or {}))


@contextlib.contextmanager
def watch(kinds: Kinds) -> Iterator[Found]:
    """Refuses convolution and pooling in this thread inside the `with` block."""
    found = Found()
    with _Watch(found, kinds):
        yield found


def student_line(error: BaseException, file: str) -> int | None:
    """The last line of the student's file in the error's traceback, or None."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    return lines[-1] if lines else None
