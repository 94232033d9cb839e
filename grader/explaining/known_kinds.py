"""Errors of Python, NumPy and PyTorch where a value is of another kind than is wanted: a list, a layer, a pair.

They are a part of the known errors, and read as those do.
"""

from __future__ import annotations

from torch import nn

_LAYER = "|".join(name for name, made in vars(nn).items() if isinstance(made, type) and issubclass(made, nn.Module))
_MODEL = "LogisticRegression|MLP|CNN"
_FUNCTION = "builtin_function_or_method|function|method"
_SIZED = "zeros|ones|empty|rand|randn|new_zeros|new_ones|new_empty|view|reshape|repeat|expand|permute|tile"
_ARRAY = r"(?:numpy\.ndarray|NamedArray)"
_WHOLE = "A size or an index must be a whole number. `/` gives a float; `//` divides and rounds down."

KINDS: list[tuple[str, str]] = [
    # Kinds of values
    (
        r"mat1 and mat2 must have the same dtype, but got (\w+) and (\w+)|expected m1 and m2 to have the same dtype, but got: ([\w ]+) != ([\w ]+)",
        "Two tensors of different dtypes were multiplied. Images and weights are both float32.",
    ),
    (
        r"Input type \(([\w ]+)\) and (?:bias|weight) type \(([\w ]+)\) should be the same",
        "The images are of type {0} and the weights of type {1}. Convert the images to float32.",
    ),
    (
        r"result type (\w+) can't be cast to the desired output type (\w+)|Cannot cast ufunc '(\w+)' output from dtype",
        "Whole numbers were divided or scaled in place, and the result has no room there. Convert to floats first.",
    ),
    (
        r"could not infer output dtype. Input dtype must be either a floating point or complex dtype",
        "Means are for floats, and these are whole numbers. Convert to floats first.",
    ),
    (
        r"only integer tensors of a single element can be converted to an index",
        "Only a tensor of one whole number can count or be an index. `int(...)` makes a whole number of a float; several are "
        "taken one by one.",
    ),
    (
        r"only integer scalar arrays can be converted to a scalar index",
        "One whole number is wanted here, and an array came that is none.",
    ),
    (
        r"only one element tensors can be converted|a Tensor with \d+ elements cannot be converted to Scalar"
        r"|only length-1 arrays can be converted"
        r"|can only convert an array of size 1",
        "A tensor or array of several numbers was used where one number is needed.",
    ),
    (
        r"Boolean value of Tensor with more than one value is ambiguous"
        r"|truth value of an array with more than one element is ambiguous",
        "Many numbers stand where one yes or no is wanted, as in an `if`. Do you want `all()`, `any()`, or one entry?",
    ),
    (
        r"must be Tensor, not NoneType|expected Tensor as element \d+ in argument \d+, but got NoneType",
        "A tensor is wanted here, and None came. Does the function that should give it end in a `return`?",
    ),
    (
        r"'NoneType' object (?:has no attribute '\w+'|is not subscriptable|is not iterable|is not callable)"
        r"|cannot unpack non-iterable NoneType|object of type 'NoneType' has no len\(\)"
        r"|unsupported operand type\(s\) for \S+ '(?:NoneType' and '[\w.]+|[\w.]+' and 'NoneType)'"
        r"|'[<>]=?' not supported between instances of '(?:NoneType' and '[\w.]+|[\w.]+' and 'NoneType)'"
        r"|'NoneType' object cannot be interpreted as an integer|must be (?:int|tuple of ints|real number), not NoneType"
        r"|argument must be a string[^\n]{0,60}, not 'NoneType'|^Could not infer dtype of NoneType",
        "Something is None here. An argument that was left out (`stride=None`, `bias=None`), or a function without `return`?",
    ),
    (
        r"'int' object (?:is not (?:subscriptable|iterable)|does not support item assignment)|cannot unpack non-iterable int object"
        r"|object of type 'int' has no len\(\)",
        "A whole number was used as if it had parts. Where an argument may be an int or a pair, make a pair of it first.",
    ),
    (
        r"'(?:float|bool)' object (?:is not (?:subscriptable|iterable)|does not support item assignment)"
        r"|cannot unpack non-iterable (?:float|bool) object|object of type '(?:float|bool)' has no len\(\)",
        "A single number, or True or False, was used as if it had parts. Which line made it one?",
    ),
    (
        r"unsupported operand type\(s\) for (\S+): '(?:(?:tuple|torch\.Size)' and '(?:int|float)|(?:int|float)' and '(?:tuple|torch\.Size))'"
        r"|'[<>]=?' not supported between instances of '(?:tuple' and '(?:int|float)|(?:int|float)' and 'tuple)'"
        r"|can't multiply sequence by non-int of type|(?:int|float)\(\) argument must be [^\n]{1,200}, not '(?:tuple|list)'"
        r"|can only concatenate tuple \(not \"?(?:int|float)\"?\)|must be real number, not (?:tuple|list)"
        r"|type (?:tuple|list) doesn't define __round__|bad operand type for [^\n:]{1,20}: '(?:tuple|list)'",
        "Several values were used like one number. Where an argument is a pair (height, width), take each axis with its own.",
    ),
    (
        r"can only concatenate (?:tuple \(not \"?list|list \(not \"?tuple)\"?\)",
        "`+` joins a tuple to a tuple and a list to a list. `tuple(...)` or `list(...)` makes them alike.",
    ),
    (
        r"can only concatenate list \(not \"?([\w.]+)\"?\)"
        r"|unsupported operand type\(s\) for \S+ '(?:list' and '([\w.]+)|([\w.]+)' and 'list)'",
        "A list does not calculate: `+` only joins it to another list. `append` adds one value, and `torch.tensor(...)` or "
        "`np.array(...)` makes numbers of it that calculate.",
    ),
    (
        r"can only concatenate str \(not \"?([\w.]+)\"?\)|unsupported operand type\(s\) for \+=?: '([\w.]+)' and 'str'",
        '`+` joins a text to a text, and here is a value of type {0}{1}. An f-string takes any: `f"stride={{stride}}"`.',
    ),
    (
        r"'(?:tuple|torch\.Size)' object does not support item assignment",
        "A tuple, such as a shape, is never changed. A new one is made instead, as in `(*shape[:2], height, width)`.",
    ),
    (
        r"'(?:tuple|list|torch\.Size)' object cannot be interpreted as an integer",
        "One whole number is wanted here, and a tuple or list came. Which of its parts is meant, or how many they are?",
    ),
    (
        r"slice indices must be integers",
        "The ends of a slice must be whole numbers. `/` gives a float (`//` rounds down), and a pair is none either.",
    ),
    (
        r"'float' object cannot be interpreted as an integer|but got float\"|must be (?:tuple of ints|int),(?: not float| but found "
        r"element of type float)|expected a sequence of integers or a single integer, got '\d+\.|must be of integral type"
        r"|valid indices \(got float\)|and integer or boolean arrays are valid indices"
        rf"|\b(?:{_SIZED})\(\) received an invalid combination of arguments - got \((?:\w+, )*float\b",
        _WHOLE,
    ),
    (
        r"tensors used as indices must be|arrays used as indices must be of integer",
        "Floats cannot pick entries. Convert them to whole numbers: `long()` for a tensor, `astype(int)` for an array.",
    ),
    (
        r"'torch\.Size' object is not callable",
        "`shape` is not a function: `x.shape[0]`, or `x.size(0)`.",
    ),
    # The largest along an axis
    (
        r"\b(max|min)\(\) received an invalid combination of arguments - got \([^)]{0,60}\btuple|"
        r"\b(max|min)\(\): argument 'dim' [^\n]{0,60}not tuple",
        "`{0}{1}` takes one axis. Its sister `a{0}{1}` takes several: `x.a{0}{1}(dim=(2, 3))`.",
    ),
    (
        r"\b(\w{1,99})\(\): argument 'dim' [^\n]{0,20}must be int, not (tuple|list)",
        "`{0}` takes one axis, and was given a {1}. `flatten` makes one axis of several, as in `x.flatten(2)`.",
    ),
    (
        r"\b(sum|mean|amax|amin)\(\): argument 'keepdim' [^\n]{0,20}must be bool, not int",
        "`{0}` takes its axes as one tuple, as in `x.{0}((2, 3))`. What comes second is `keepdim`, True or False.",
    ),
    (
        r"torch\.return_types\.(max|min)\b",
        "`{0}` along an axis gives a pair, the values and where they are. Take its `.values`, or use `a{0}`.",
    ),
    (
        r"torch\.return_types\.(\w+)",
        "`{0}` gives several results at once, by name: take the one that you want, as in `.values`.",
    ),
    # Arrays and tensors
    (
        rf"must be Tensor, not {_ARRAY}|but got {_ARRAY}|received an invalid combination of arguments - got "
        rf"\([^)]{{0,200}}\b{_ARRAY}",
        "Only tensors will do here, and a NumPy array came. `torch.from_numpy` makes a tensor of it.",
    ),
    (
        rf"unsupported operand type\(s\) for \S+ '(?:{_ARRAY}' and 'Tensor|Tensor' and '{_ARRAY})'"
        r"|Concatenation operation is not implemented for NumPy arrays",
        "A NumPy array and something that is none, such as a tensor, do not go together. Make both of one kind.",
    ),
    (
        r"\b(\w{1,99})\(\): argument '\w+' (?:\(position \d+\) )?must be Tensor, not (int|float|bool)\b",
        "`{0}` takes a tensor here, and was given a plain number, of type {1}. `torch.tensor(...)` makes a tensor of it.",
    ),
    (
        r"\b(\w{1,99})\(\): argument '\w+' (?:\(position \d+\) )?must be Tensor, not (list|tuple)\b",
        "`{0}` takes a tensor here, and was given a {1}. `torch.tensor(...)` makes a tensor of numbers, `torch.stack(...)` "
        "one of tensors.",
    ),
    (
        r"\b(\w{1,99})\(\): argument 'tensors' \(position 1\) must be tuple of Tensors, not Tensor",
        "`{0}` takes the tensors in one list, and then the axis: `torch.{0}([a, b], dim=0)`.",
    ),
    (
        r"expected Tensor as element \d+ in argument 0, but got (int|float)\b",
        "Only tensors are joined, and this list holds plain numbers. `torch.tensor(...)` makes a tensor of them.",
    ),
    (
        r"can't convert np\.ndarray of type numpy\.object_",
        "This array holds objects of Python's and no numbers. Print it: are its rows of one length, and is nothing None?",
    ),
    (r"expected np\.ndarray \(got Tensor\)", "`torch.from_numpy` was given what is a tensor already."),
    (
        r"expected np\.ndarray \(got (\w+)\)",
        "`torch.from_numpy` takes NumPy arrays only, and was given a value of type {0}.",
    ),
    (
        r"At least one stride in the given numpy array is negative",
        "This array is a view that runs backwards, as `[::-1]` and `np.flip` make it. A tensor cannot: `copy()` it first.",
    ),
    (
        r"\bpad\(\): argument 'pad' \(position 2\) must be tuple of ints, not int|^Padding length (?:must be divisible|should be)",
        "`F.pad` takes two numbers for each axis, in one tuple, and the last axis comes first: `F.pad(x, (left, right, top, bottom))`.",
    ),
    (
        r"^Cannot interpret '\d+' as a data type",
        "NumPy takes a shape as one tuple, as in `np.zeros((2, 3))`. What comes second is the dtype.",
    ),
    (
        r"\b_\w+\(\) got an unexpected keyword argument '(dim|keepdim)'",
        "This is a NumPy array. NumPy says `axis` and `keepdims` where PyTorch says `dim` and `keepdim`.",
    ),
    # Functions, methods and layers that were not called, or in another way
    (
        rf"must be Tensor, not ({_LAYER})\b|unsupported operand type\(s\) for \S+ '(?:({_LAYER})' and '[\w.]+|[\w.]+' and '({_LAYER}))'"
        rf"|'({_LAYER})' object is not subscriptable"
        rf"|received an invalid combination of arguments - got \([^)]{{0,200}}\b({_LAYER})\b",
        "A layer itself (`nn.{0}{1}{2}{3}{4}`) stands here, not what it gives. It is made, then called, as in `nn.ReLU()(x)`.",
    ),
    (
        rf"must be Tensor, not (?:{_MODEL})\b|'(?:{_MODEL})' object is not subscriptable"
        rf"|unsupported operand type\(s\) for \S+ '(?:(?:{_MODEL})' and '[\w.]+|[\w.]+' and '(?:{_MODEL}))'",
        "The model itself stands here, not what it gives. It is called to give logits: `model(images)`.",
    ),
    (
        rf"'(?:{_LAYER}|{_MODEL})' object is not iterable",
        "A model or a layer itself is not walked over. `parameters()` gives its parameters.",
    ),
    (
        r"argument '\w{1,99}' (?:\(position \d+\) )?must be (?:int|tuple of ints), not Tensor|^dim must be an int or None, got <class 'torch",
        "Whole numbers are wanted here, and a tensor came: `int(...)` makes one of a single entry. Or was a layer made with a "
        "tensor, as in `nn.Flatten(x)`? That is `nn.Flatten()(x)`.",
    ),
    (
        rf"must be Tensor, not (?:{_FUNCTION})\b"
        rf"|unsupported operand type\(s\) for \S+ '(?:(?:{_FUNCTION})' and '[\w.]+|[\w.]+' and '(?:{_FUNCTION}))'"
        rf"|'[<>]=?' not supported between instances of '(?:(?:{_FUNCTION})' and '[\w.]+|[\w.]+' and '(?:{_FUNCTION}))'"
        rf"|'(?:{_FUNCTION})' object is not (?:iterable|an iterator)",
        "A function itself stands here, not what it gives. Are its parentheses missing, as in `x.min()`?",
    ),
    (
        rf"'(?:{_FUNCTION})' object is not subscriptable",
        "A function or method is called with round brackets. The size of an axis is `x.shape[0]`, or `x.size(0)`.",
    ),
    (
        r"'(?:Tensor|numpy\.ndarray)' object is not callable",
        "Round brackets call a function, and this is a tensor or array. Its entries are picked with square ones.",
    ),
    (
        r"'(list|tuple|dict)' object is not callable",
        "Round brackets call a function, and this is a {0}: its entries are picked with square ones. Has a variable a function's name?",
    ),
    (
        r"'(int|float|bool|str)' object is not callable",
        "Round brackets call a function, and this is of type {0}. Is an operator missing, or has a variable a function's name?",
    ),
    (
        r"'module' object is not callable",
        "A module is not called, something in it is, as in `copy.deepcopy(model)`.",
    ),
    (
        r"argument 'dtype' must be torch\.dtype, not type|\bto\(\) received an invalid combination of arguments - got \(type\)",
        "PyTorch has dtypes of its own, such as `torch.float32`.",
    ),
    (
        r"^Invalid device string: '([\w.]+)'",
        'A text names a device, such as "cpu", and `{0}` is none. A dtype is no text: `torch.float32`.',
    ),
    (
        r"only Tensors of floating point (?:and complex )?dtype can require gradients",
        "Only floats have gradients, and these are none.",
    ),
    (
        r"unsupported format string passed to (?:Tensor|torch\.Size|tuple|list|numpy\.ndarray)\.__format__",
        "A format such as `:.2f` is for a single number. `item()` makes one of a tensor that has one entry.",
    ),
    (
        r"^exceptions must derive from BaseException",
        '`raise` takes an exception, such as `ValueError("...")`, and not what it should say.',
    ),
    (
        r"^isinstance\(\) arg 2 must be a type",
        "What comes second in `isinstance` is a type, or a tuple of types: `isinstance(stride, int)`.",
    ),
    (
        r"'torch\.dtype' object is not callable",
        "A dtype is not called: `x.to(torch.float32)` converts a tensor.",
    ),
    (
        r"'generator' object is not subscriptable|object of type 'generator' has no len\(\)",
        "A generator, such as `parameters()`, gives one thing after the other, and holds none. `list(...)` makes a list of it.",
    ),
    (
        r"'DataLoader' object is not subscriptable|'\w+' object is not an iterator",
        "What `for` walks over gives its first part by `next(iter(...))`, as in `next(iter(loader))`.",
    ),
    (
        r"'type' object is not iterable|object of type 'type' has no len\(\)",
        "A class stands here, not an object of it, which is made by a call, as in `DataLoader(data, batch_size=64)`.",
    ),
    (
        rf"'(?:\w+\.)*(?:{_FUNCTION}|{_LAYER}|{_MODEL})' object does not support the context manager protocol",
        "`with` takes what is switched on and off again, such as `torch.no_grad()`. `model.eval()` is a line of its own.",
    ),
    (
        r"'type' object does not support the context manager protocol",
        "A class stands after `with`, and an object of it must. Are the parentheses missing, as in `with torch.no_grad():`?",
    ),
    (
        r"(?:list|tuple) is not a Module subclass",
        "`nn.Sequential` takes its layers one by one. A star does that for a list: `nn.Sequential(*layers)`.",
    ),
    (
        r"torch\.nn\.modules\.\w+\.(\w+) is not a Module subclass",
        "The class `nn.{0}` stands here, not a layer. A layer is made by a call: `nn.{0}(...)`.",
    ),
    (
        r"\b(\w{1,99}) is not a Module subclass",
        "Only layers belong here, such as `nn.ReLU()`, and `{0}` is none.",
    ),
    (
        r"cannot assign '[\w.]+' as (?:parameter|child module) '(\w+)' \(torch\.nn\.(Parameter|Module) or None expected\)",
        "In the place of `{0}` goes an `nn.{1}` only. A parameter is made by `nn.Parameter(tensor)`, a layer as by `nn.Linear(4, 3)`.",
    ),
    (
        r"cannot assign (?:module|parameters) before Module\.__init__\(\) call",
        "A model's `__init__` must call `super().__init__()` before anything becomes a part of it.",
    ),
    (
        r"^Module \[(\w+)\] is missing the required \"forward\" function",
        "`{0}` has no `forward`. Is it spelled so, and indented as far as `__init__`?",
    ),
    (
        rf"Error\(s\) in loading state_dict for ({_MODEL}):",
        "The grader puts weights into `{0}` by the names and sizes of its given layers, and found others. Keep what `__init__` "
        "makes as it was given.",
    ),
    (
        r"optimizer can only optimize Tensors|^params argument given to the optimizer should be an iterable",
        "An optimizer takes the parameters of a model: `model.parameters()`.",
    ),
    (
        r"default_collate: batch must contain [^\n]{1,80}; found <class '([\w.]+)'>",
        "A `DataLoader` puts tensors, arrays and numbers together. This dataset gives it a value of type {0}.",
    ),
    (
        r"transpose\(\) takes 2 positional arguments but \d+ were given",
        "`transpose` exchanges two axes of a tensor. `permute` puts all of them in a new order.",
    ),
    (
        r"\b(\w{1,99})\(\) received an invalid combination of arguments - got \(([^)\n]{0,120})\)",
        "`{0}` cannot be called with ({1}): these are the kinds of what it was given. Is each in its place?",
    ),
    (
        r"'([<>]=?)' not supported between instances of '([\w.]+)' and '([\w.]+)'",
        "`{0}` cannot compare a value of type {1} with one of type {2}.",
    ),
]
