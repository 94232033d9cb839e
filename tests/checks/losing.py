"""Shim for helpers' scripts; removed before the end."""
from grader import registry
from grader.audit.local import first_failure as _ff, with_function
def first_failure(name, function, seed=0):
    e = registry.exercise(name)
    return _ff(with_function(e, function), e, seed)
