"""Errors of Python, NumPy and PyTorch that students meet often, each with a sentence that says what it means here.

A pattern is searched in the error's text; the sentence may use its groups, in order, or is made from them by a
function. The first that fits counts. No sentence guesses: what may be otherwise is put as a question, or as a rule.
"""

from __future__ import annotations

from collections.abc import Callable

from grader.explaining import attributes
from grader.explaining.known_kinds import KINDS

_ARRAY = r"(?:numpy\.ndarray|NamedArray)"

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
        r"^Tensors must have same number of dimensions: got (\d+) and (\d+)",
        "Tensors that are put side by side must have as many axes, and one has {0} and another {1}. Print their shapes.",
    ),
    (
        r"stack expects a non-empty TensorList",
        "There is nothing to join: the list is empty.",
    ),
    (
        r"size mismatch, got input \(\d+\), mat \((\d+)x(\d+)\), vec \((\d+)\)",
        "A matrix of shape ({0}, {1}) is multiplied with a vector of {2} numbers, and needs one of {1}. Print both shapes.",
    ),
    (
        r"inconsistent tensor size, expected tensor \[(\d+)\] and src \[(\d+)\] to have the same number of elements",
        "Two vectors are multiplied, of {0} numbers and of {1}. They must be as many.",
    ),
    (
        r"Expected size for first two dimensions of batch2 tensor to be: \[(\d+), (\d+)\] but got: \[(\d+), (\d+)\]",
        "Two batches of matrices are multiplied: the second must be {0} matrices of {1} rows, and is {2} of {3}. Print both shapes.",
    ),
    (
        r"einsum\(\): the number of subscripts in the equation \((\d+)\) does not match the number of dimensions \((\d+)\) for operand (\d+)",
        "In `einsum`, tensor number {2}, counted from 0, has {1} axes, and {0} letters stand for them. Each axis needs one.",
    ),
    (
        r"shape mismatch: value tensor of shape \[([\d, ]*)\] cannot be broadcast to indexing result of shape \[([\d, ]*)\]",
        "A tensor of shape ({0}) does not fit into a place of shape ({1}).",
    ),
    (
        r"output with shape \[([\d, ]*)\] doesn't match the broadcast shape \[([\d, ]*)\]",
        "The result has shape ({1}), and the tensor that it should be kept in, as by `+=`, has shape ({0}).",
    ),
    (
        r"shape mismatch: indexing tensors could not be broadcast together with shapes \[([\d, ]*)\], \[([\d, ]*)\]",
        "Entries are picked by two tensors together, and their shapes are ({0}) and ({1}). They must be as many.",
    ),
    (
        r"The shape of the mask \[([\d, ]*)\] at index \d+ does not match the shape of the indexed tensor \[([\d, ]*)\]",
        "A mask of shape ({0}) cannot pick from a tensor of shape ({1}): their axes must be as long.",
    ),
    (
        r"boolean index did not match indexed array along (?:axis|dimension) (\d+)",
        "A mask picks from an array that is as long, and along axis {0} it is not. Print both shapes.",
    ),
    (
        r"expected stride to be a single integer value or a list of \d+ values to match the convolution dimensions",
        "`conv2d` takes a weight of four axes, (C_out, C_in, KH, KW). Print its shape: is the kernel's size an int or a pair?",
    ),
    (
        r"expected bias to be 1-dimensional with (\d+) elements, but got bias of size \[([\d, ]*)\]",
        "The bias has a number for each output channel, which makes {0}. It was given in shape ({1}).",
    ),
    (
        r"Given input size: \(([\dx]+)\)\. Calculated output size: \([\dx-]+\)\. Output size is too small",
        "The window does not fit into the picture and its padding. Without padding, its channels and sizes are {0}. Print the shape just before.",
    ),
    (
        r"Given input with spatial size \(([\d, ]+)\), kernel_size=\(([\d, ]+)\)[^\n]{0,100}calculated shape of the array of sliding blocks",
        "A window of ({1}) does not fit into a picture of ({0}) and its padding.",
    ),
    (
        r"^pad should be at most half of (?:effective )?kernel size, but got pad=(\d+), kernel_size=(\d+)",
        "The padding of pooling may be at most half of its kernel. Here it is {0} for a kernel of {1}.",
    ),
    (r"non-positive stride is not supported|stride should not be zero", "A stride must be at least 1."),
    (
        r"non-empty 3D or 4D \(batch mode\) tensor expected for input",
        "Pooling needs images of shape (N, C, H, W). Print the shape just before: was it flattened too early?",
    ),
    (
        r"running_mean should contain (\d+) elements not (\d+)",
        "This batch norm was made for {1} channels, and was given {0}.",
    ),
    (
        r"Dimension size must be non-negative|negative dimension",
        "A size is below zero here. Print the sizes just before.",
    ),
    (r"^only one dimension can be inferred", "Only one size may be -1: it follows from all the others."),
    (r"duplicate dims are not allowed", "In a new order of axes, each axis stands once."),
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
    (
        r"\blist assignment index out of range",
        "This list has no entry of that number to be replaced. `append` adds one.",
    ),
    (r"^index (-?\d+) is out of range$", "There is no number {0} here. They are counted from 0."),
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
        r"Expected reduction dim to be specified for input.numel\(\) == 0|Expected reduction dim \d+ to have non-zero size",
        "The largest or smallest of no numbers was asked for. Is a slice empty? What does `[0:-0]` hold?",
    ),
    # The loss
    (
        r"expected target dtype to be Long or Byte, but got (\w+)|expected scalar type Long but found (\w+)"
        r"|\"nll_loss\w*\" not implemented for '(\w+)'",
        "Class labels must be whole numbers of type torch.long and shape (N,), and these are {0}{1}{2}. `long()` converts them.",
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
    *KINDS,
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
        r"Found no NVIDIA driver|not compiled with CUDA|No CUDA GPUs are available|Cannot re-initialize CUDA|invalid device ordinal"
        r"|not linked with support for mps|from the 'MPS' backend",
        "Where your work is graded there is no such GPU. Leave tensors and models on the device that they come on.",
    ),
    # Names and calls
    (r"cannot import name '(\w+)' from '([\w.]+)'", attributes.of_import),
    (r"name '(\w+)' is not defined", attributes.of_name),
    (
        r"cannot access local variable '(\w+)' where it is not associated with a value",
        "`{0}` has no value yet: no line that sets it was run in this call.",
    ),
    (
        r"\b(\w{1,99})\(\) missing 1 required positional argument: 'self'",
        "`{0}` was called on a class, and needs an object of it. Are the parentheses missing where that is made?",
    ),
    (r"((?<!\w)\w[\w.]{0,99}|<lambda>)\(\) got an unexpected keyword argument '(\w+)'", attributes.of_keyword),
    (
        r"((?<!\w)\w[\w.]{0,99}|<lambda>)\(\) missing \d+ required (?:positional|keyword-only) arguments?: ([^\n]+)",
        "`{0}` was called without {1}.",
    ),
    (
        r"((?<!\w)\w{1,99}\.[\w.]{1,99})\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) (?:was|were) given",
        "`{0}` was called with {2} arguments and takes {1}, its `self` counted in both.",
    ),
    (
        r"((?<!\w)\w{1,99}|<lambda>)\(\) takes (?:from \d+ to )?(\d+) positional arguments? but (\d+) (?:was|were) given",
        "`{0}` was called with {2} arguments and takes {1}.",
    ),
    (
        r"\b(\w{1,99})\(\) takes exactly one argument \((\d+) given\)",
        "`{0}` was called with {1} arguments and takes one.",
    ),
    (r"maximum recursion depth exceeded", "A function calls itself again and again without an end."),
    (
        r"(?:division|modulo) by zero|^float modulo$|^ZeroDivisionError$",
        "Something was divided by zero. Which number can be zero in this call?",
    ),
]
