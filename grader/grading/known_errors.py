"""Errors of Python, NumPy and PyTorch that students meet often, each with a sentence that says what it means here.

A pattern is searched in the error's text; the sentence may use its groups, in order. The first that fits counts.
"""

KNOWN = [
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
        r"\b(tuple|list) index out of range",
        "This {0} has no entry of that number. Is it the shape of something with fewer axes than you count on?",
    ),
    (
        r"Expected reduction dim to be specified for input.numel\(\) == 0",
        "The largest of no numbers was asked for: a slice is empty. What does a slice such as `[0:-0]` hold?",
    ),
    # The loss
    (
        r"expected target dtype to be Long or Byte, but got (\w+)|expected scalar type Long but found (\w+)"
        r"|\"nll_loss\w*\" not implemented for '(\w+)'",
        "Class labels must be whole numbers (torch.long) of shape (N,), not floats.",
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
        r"|only (?:integer tensors of a single element|length-1 arrays) can be converted",
        "A tensor of several numbers was used where one number is needed.",
    ),
    (
        r"Boolean value of Tensor with more than one value is ambiguous"
        r"|truth value of an array with more than one element is ambiguous",
        "An `if` or a comparison was given many answers at once. Do you want `all()`, `any()`, or one entry?",
    ),
    (
        r"'NoneType' object (?:has no attribute '\w+'|is not subscriptable|is not iterable|is not callable)"
        r"|unsupported operand type\(s\) for \S+ '(?:NoneType' and '\w+|\w+' and 'NoneType)'",
        "Something is None here. An argument that was left out (`stride=None`, `bias=None`), or a function without `return`?",
    ),
    (
        r"'int' object is not (?:subscriptable|iterable)|cannot unpack non-iterable int object|object of type 'int' has no len\(\)",
        "A whole number was used like a pair. In this call an argument is an int; where both are allowed, make a pair of it first.",
    ),
    (
        r"unsupported operand type\(s\) for (\S+): (?:'tuple' and '(?:int|float)'|'(?:int|float)' and 'tuple')"
        r"|'[<>]=?' not supported between instances of '(?:tuple' and 'int|int' and 'tuple)'"
        r"|can't multiply sequence by non-int of type|int\(\) argument must be [^\n]{1,200}, not '(?:tuple|list)'",
        "A pair was used like a number. In this call an argument is a pair (height, width): take each axis with its own number.",
    ),
    (
        r"'float' object cannot be interpreted as an integer|slice indices must be integers",
        "A size or an index must be a whole number, and `/` gives a float. `//` divides and rounds down.",
    ),
    (
        r"'torch\.Size' object is not callable",
        "`shape` is not a function: `x.shape[0]`, or `x.size(0)`.",
    ),
    (
        r"'(?:numpy\.ndarray|NamedArray)' object has no attribute '(\w+)'",
        "This is a NumPy array, and `{0}` belongs to tensors. `torch.from_numpy` makes one of it.",
    ),
    (
        r"'Tensor' object has no attribute '(\w+)'",
        "This is a tensor, and tensors have no `{0}`. Is it NumPy's?",
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
        r"'(\w+)' object has no attribute '(\w+)'",
        "A `{0}` has no `{1}`. Its parts are made in its `__init__`: read their names there.",
    ),
    (
        r"got an unexpected keyword argument '(\w+)'",
        "A function was called with `{0}=...`, and has no parameter of that name. Was one renamed?",
    ),
    (
        r"missing \d+ required (?:positional|keyword-only) arguments?: (.+)",
        "A function was called without {0}. The exercise's own parameters and their defaults must stay as they are.",
    ),
    (
        r"takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) (?:was|were) given",
        "A function was called with {1} arguments and takes {0}. The exercise's own parameters must stay as they are.",
    ),
    (r"maximum recursion depth exceeded", "A function calls itself again and again without an end."),
    (r"(?:division|modulo) by zero", "Something was divided by zero. Which number can be zero in this call?"),
]
