"""Errors of Python, NumPy and PyTorch that students meet often, each with a sentence that says what it means here.

A pattern is searched in the error's text; the sentence may use its groups, in order, or is made from them by a
function. The first that fits counts. No sentence guesses: what may be otherwise is put as a question, or as a rule.
"""

from __future__ import annotations

from collections.abc import Callable

from grader.grading import attributes

_ARRAY = r"(?:numpy\.ndarray|NamedArray)"
_WHOLE = "A size or an index must be a whole number. `/` gives a float; `//` divides and rounds down."

KNOWN: list[tuple[str, str | Callable[..., str]]] = [
    # Shapes that do not fit each other
    (
        r"mat1 and mat2 shapes cannot be multiplied \((\d+)x(\d+) and (\d+)x(\d+)\)",
        "The rows that go into this layer or product have {1} numbers, and it takes {2}: shapes ({0}, {1}) and ({2}, {3}). "
        "Print the shape just before it.",
    ),
    (
        r"Given groups=1, weight of size \[([\d, ]+)\], expected input\[([\d, ]+)\] to have (\d+) channels, but got (\d+) channels",
        "A convolution for {2} channels was given an input of shape ({1}), which has {3}. Images are (N, C, H, W): is each "
        "axis in its place, and is the batch axis there?",
    ),
    (
        r"Expected 3D \(unbatched\) or 4D \(batched\) input to conv2d, but got input of size: \[([\d, ]+)\]",
        "A convolution needs images of shape (N, C, H, W), and was given ({0}). Is the batch axis missing, or was it flattened "
        "too early?",
    ),
    (
        r"expected (\d)D input \(got (\d)D input\)",
        "This layer needs an input with {0} axes, and was given one with {1}. Is the batch axis missing?",
    ),
    (
        r"Kernel size: \(([^)]*)\)\. Kernel size can't be greater than actual input size",
        "The window of {0} is larger than the padded picture. Print the picture's shape just before.",
    ),
    (
        r"maximum size for tensor at dimension (\d+) is (\d+) but size is (\d+)",
        "A window of {2} does not fit along axis {0}, which has {1} entries. Is the padding there, and is it the right axis?",
    ),
    (
        r"view size is not compatible",
        "`view` needs numbers that lie in memory in order, and these do not. `reshape` or `flatten` copies them where it must.",
    ),
    (
        r"shape '\[([-\d, ]+)\]' is invalid for input of size (\d+)",
        "{1} numbers cannot be arranged in shape ({0}). Which axis should keep its size, and which follows from the others?",
    ),
    (
        r"cannot reshape array of size (\d+) into shape (\([-\d,]+\))",
        "{0} numbers cannot be arranged in shape {1}. Which axis should keep its size, and which follows from the others?",
    ),
    (
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        "Two tensors do not fit each other: along axis {2} one has {0} entries and the other {1}. Print both shapes.",
    ),
    (
        r"The expanded size of the tensor \((\d+)\) must match the existing size \((\d+)\) [^\n]{0,200}"
        r"Target sizes: \[([\d, ]*)\]\.  Tensor sizes: \[([\d, ]*)\]",
        "A tensor of shape ({3}) does not fit into a place of shape ({2}).",
    ),
    (
        r"operands could not be broadcast together with shapes (\([\d,]*\)) (\([\d,]*\))",
        "Two arrays do not fit each other: their shapes are {0} and {1}.",
    ),
    (
        r"could not broadcast input array from shape (\([\d,]*\)) into shape (\([\d,]*\))",
        "An array of shape {0} does not fit into a place of shape {1}.",
    ),
    (
        r"all the input array dimensions [^\n]{0,200}must match exactly, but along dimension (\d+), the array at index \d+ has size (\d+) "
        r"and the array at index \d+ has size (\d+)",
        "Arrays that are put side by side must agree in their other sizes: along axis {0} one has {1} entries and another {2}. "
        "Is one of them a row that is not full?",
    ),
    (
        r"einsum\(\): subscript (\w) has size (\d+) for operand \d+ which does not broadcast with previously seen size (\d+)",
        "In `einsum`, the letter {0} stands for an axis of {2} in one tensor and of {1} in another.",
    ),
    (
        r"Sizes of tensors must match except in dimension (\d+)\. Expected size (\d+) but got size (\d+)",
        "`cat` joins along axis {0}; along all others the tensors must agree, and one has {1} entries where another has {2}.",
    ),
    (
        r"stack expects each tensor to be equal size, but got \[([\d, ]*)\] at entry 0 and \[([\d, ]*)\]",
        "`stack` needs tensors of one shape, and was given ({0}) and ({1}).",
    ),
    (
        r"axes don't match array|permute\(\S*\): number of dimensions in the tensor input does not match",
        "The order of axes that you ask for has not as many axes as the array. Print its shape: is it greyscale, or a batch?",
    ),
    (
        r"Dimension out of range \(expected to be in range of \[(-?\d+), (-?\d+)\], but got (-?\d+)\)",
        "There is no axis {2} here: axes from {0} to {1} are. Print the shape: was the batch axis lost?",
    ),
    (
        r"not enough values to unpack \(expected (\d+), got (\d+)\)",
        "The left side has {0} names, and only {1} values came. If it is a shape: how many axes does it have in this call?",
    ),
    (
        r"too many values to unpack \(expected (\d+)",
        "The left side has {0} names, and more values came. If it is a shape: how many axes does it have in this call?",
    ),
    (
        r"index (-?\d+) is out of bounds for (?:dimension|axis) (\d+) with size (\d+)",
        "Entry {0} was asked for along axis {1}, which has {2} entries, numbered from 0.",
    ),
    (
        r"\btuple index out of range",
        "This tuple has no entry of that number. Is it the shape of something with fewer axes than you count on?",
    ),
    (r"\blist index out of range", "This list has no entry of that number. Entries are counted from 0."),
    (
        r"too many indices for (?:tensor of dimension (\d+)|array: array is (\d+)-dimensional)",
        "There are more indices than axes: it has {0}{1}. Print its shape: was an axis lost?",
    ),
    (
        r"invalid index of a 0-dim tensor",
        "This tensor is a single number, and has no entries. `item()` makes a Python number of it.",
    ),
    (
        r"but tensor has no dimensions|(?:of|over) a 0-d tensor",
        "This tensor is a single number, and has no axes. Print it, and its shape, just before.",
    ),
    (
        r"Expected reduction dim to be specified for input.numel\(\) == 0",
        "The largest or smallest of no numbers was asked for. Is a slice empty? What does `[0:-0]` hold?",
    ),
    # The loss
    (
        r"expected target dtype to be Long or Byte, but got (\w+)|expected scalar type Long but found (\w+)"
        r"|\"nll_loss\w*\" not implemented for '(\w+)'",
        "Class labels must be whole numbers (torch.long) of shape (N,), not floats.",
    ),
    (
        r"\"\w*softmax\w*\" not implemented for '(?:Long|Int|Byte|Char)'",
        "Whole numbers came where logits belong. A criterion takes the logits first, then the labels: are they exchanged?",
    ),
    (
        r"0D or 1D target tensor expected, multi-target not supported",
        "The labels have an axis too many: cross-entropy wants class numbers of shape (N,), not (N, 1).",
    ),
    (
        r"Expected floating point type for target with class probabilities, got Long",
        "The criterion got logits and labels of one and the same shape. Logits are (N, num_classes), before any argmax; labels (N,).",
    ),
    (
        r"Expected input batch_size \((\d+)\) to match target batch_size \((\d+)\)",
        "There are logits for {0} images and labels for {1}. Did a reshape mix the batch axis with another one?",
    ),
    (
        r"size mismatch \(got input: \[([\d, ]*)\], target: \[([\d, ]*)\]\)",
        "The criterion got logits of shape ({0}) and labels of shape ({1}). Logits are (N, num_classes), also for a single image: "
        "was an axis squeezed away?",
    ),
    (
        r"Target (-?\d+) is out of bounds",
        "Label {0} is not one of the classes: the logits have too few columns for it. Print their shape.",
    ),
    (
        r"Expected more than 1 value per channel when training",
        "Batch norm was given a batch of one image in training mode, and one number has no spread. When a model is measured it "
        "must be in evaluation mode.",
    ),
    # Gradients
    (
        r"Can't call numpy\(\) on Tensor that requires grad",
        "A tensor that wants gradients cannot become a NumPy array directly. `detach()` it first: a picture needs no gradient.",
    ),
    (
        r"element 0 of tensors does not require grad",
        "`backward` found no graph to follow: the loss was computed without gradients, or turned into a plain number first.",
    ),
    (
        r"'float' object has no attribute 'backward'",
        "`backward` was called on a plain number. Only the tensor knows how the loss was computed; `item()` comes after.",
    ),
    (
        r"grad can be implicitly created only for scalar outputs",
        "`backward` needs one number to start from, and this tensor has several. Is the loss a mean?",
    ),
    (
        r"Trying to backward through the graph a second time",
        "`backward` went through the same graph twice. Each update needs its own forward pass.",
    ),
    (
        r"a (?:view of a )?leaf Variable that requires grad is being used in an in-place operation",
        "A parameter was changed in place while gradients are recorded. Work on a copy, or under `torch.no_grad()`.",
    ),
    (
        r"one of the variables needed for gradient computation has been modified by an inplace operation",
        "A tensor that the gradient still needs was changed in place: by `+=` and the like, or by an update before `backward`.",
    ),
    (
        r"you can only change requires_grad flags of leaf variables",
        "Only parameters can be frozen, not results that were computed from them. For a result there is `detach()`.",
    ),
    (
        r"Only Tensors created explicitly by the user \(graph leaves\) support the deepcopy protocol",
        "A tensor that was computed cannot be copied with `deepcopy`. Copy the network, or `detach().clone()` the tensor.",
    ),
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
        r"only one element tensors can be converted|a Tensor with \d+ elements cannot be converted to Scalar"
        r"|only (?:integer tensors of a single element|length-1 arrays) can be converted"
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
        r"|'[<>]=?' not supported between instances of '(?:NoneType' and '\w+|\w+' and 'NoneType)'",
        "Something is None here. An argument that was left out (`stride=None`, `bias=None`), or a function without `return`?",
    ),
    (
        r"'int' object is not (?:subscriptable|iterable)|cannot unpack non-iterable int object|object of type 'int' has no len\(\)",
        "A whole number was used as if it had parts. Where an argument may be an int or a pair, make a pair of it first.",
    ),
    (
        r"unsupported operand type\(s\) for (\S+): (?:'tuple' and '(?:int|float)'|'(?:int|float)' and 'tuple')"
        r"|'[<>]=?' not supported between instances of '(?:tuple' and 'int|int' and 'tuple)'"
        r"|can't multiply sequence by non-int of type|int\(\) argument must be [^\n]{1,200}, not '(?:tuple|list)'",
        "Several values were used like one number. Where an argument is a pair (height, width), take each axis with its own.",
    ),
    (
        r"slice indices must be integers",
        "The ends of a slice must be whole numbers. `/` gives a float (`//` rounds down), and a pair is none either.",
    ),
    (
        r"'float' object cannot be interpreted as an integer|but got float\"|must be (?:tuple of ints|int),(?: not float| but found "
        r"element of type float)|expected a sequence of integers or a single integer, got '\d+\.|must be of integral type"
        r"|valid indices \(got float\)|and integer or boolean arrays are valid indices",
        _WHOLE,
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
        r"\b_\w+\(\) got an unexpected keyword argument '(dim|keepdim)'",
        "This is a NumPy array. NumPy says `axis` and `keepdims` where PyTorch says `dim` and `keepdim`.",
    ),
    # Functions, methods and layers that were not called, or in another way
    (
        r"must be Tensor, not (ReLU|LeakyReLU|Sigmoid|Tanh|Softmax|LogSoftmax|Dropout|Flatten|Linear|Conv2d|MaxPool2d"
        r"|AvgPool2d|Unfold|CrossEntropyLoss|Sequential)\b",
        "A layer itself (`nn.{0}`) was passed on, not what it gives. It is made, then called, as in `nn.ReLU()(x)`.",
    ),
    (
        r"must be Tensor, not (?:builtin_function_or_method|function|method)\b"
        r"|unsupported operand type\(s\) for \S+ '(?:builtin_function_or_method|function|method)'"
        r"|unsupported operand type\(s\) for \S+ '[\w.]+' and '(?:builtin_function_or_method|function|method)'"
        r"|'(?:function|method|builtin_function_or_method)' object is not iterable",
        "A function itself stands here, not what it gives. Are its parentheses missing, as in `x.min()`?",
    ),
    (
        r"'(?:builtin_function_or_method|method|function)' object is not subscriptable",
        "A function or method is called with round brackets. The size of an axis is `x.shape[0]`, or `x.size(0)`.",
    ),
    (
        r"'(?:Tensor|numpy\.ndarray)' object is not callable",
        "Round brackets call a function, and this is a tensor or array. Its entries are picked with square ones.",
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
        r"transpose\(\) takes 2 positional arguments but \d+ were given",
        "`transpose` exchanges two axes of a tensor. `permute` puts all of them in a new order.",
    ),
    (
        r"\b(\w+)\(\) received an invalid combination of arguments - got \(([^)\n]{0,120})\)",
        "`{0}` cannot be called with ({1}): these are the kinds of what it was given. Is each in its place?",
    ),
    # What is not there
    (
        rf"'{_ARRAY}' object has no attribute '(\w+)'|`(\w+)` was removed from the ndarray class",
        attributes.of_array,
    ),
    (r"'(?:Tensor|Parameter)' object has no attribute '(\w+)'", attributes.of_tensor),
    (r"module '([\w.]+)' has no attribute '(\w+)'", attributes.of_module),
    (r"'(?:torch\.)?(\w+)' object has no attribute '(\w+)'", attributes.of_other),
    (
        r"No module named '([\w.]+)'",
        "There is no module `{0}` here. Yours may use torch, torchvision, NumPy, the standard library, and each other.",
    ),
    (
        r"Found no NVIDIA driver|not compiled with CUDA|No CUDA GPUs are available|Cannot re-initialize CUDA|invalid device ordinal",
        "Where your work is graded there is no such GPU. Leave tensors and models on the device that they come on.",
    ),
    # Names and calls
    (
        r"name '(\w+)' is not defined",
        "There is no `{0}` in this file. Is it a typing mistake, or is an import missing?",
    ),
    (
        r"cannot access local variable '(\w+)' where it is not associated with a value",
        "`{0}` has no value yet: no line that sets it was run in this call.",
    ),
    (
        r"([\w.]+|<lambda>)\(\) got an unexpected keyword argument '(\w+)'",
        "`{0}` was called with `{1}=...`, and has no parameter of that name. Those of an exercise must keep theirs.",
    ),
    (
        r"([\w.]+|<lambda>)\(\) missing \d+ required (?:positional|keyword-only) arguments?: (.+)",
        "`{0}` was called without {1}. An exercise's own parameters and their defaults must stay as they are.",
    ),
    (
        r"([\w.]+|<lambda>)\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) (?:was|were) given",
        "`{0}` was called with {2} arguments and takes {1}. An exercise's own parameters must stay as they are.",
    ),
    (r"maximum recursion depth exceeded", "A function calls itself again and again without an end."),
    (r"(?:division|modulo) by zero", "Something was divided by zero. Which number can be zero in this call?"),
]
