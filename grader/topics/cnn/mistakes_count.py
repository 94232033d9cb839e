"""Known mistakes in topic cnn: `count_parameters`."""

from __future__ import annotations

from grader.writing.mistake import differs

differs(
    "count_parameters",
    "counts-tensors",
    says="You count the parameters themselves, a weight as 1 and a bias as 1, and not the numbers in them.",
    asks="How many numbers are there in a weight of shape (3, 2)?",
    instead_of={"parameter.numel()": "1"},
)

differs(
    "count_parameters",
    "counts-frozen-ones",
    says="Frozen parameters are counted too.",
    asks="Training cannot change a frozen parameter. Which attribute tells you that it is frozen?",
    instead_of={" if parameter.requires_grad": ""},
)

differs(
    "count_parameters",
    "counts-shared-ones-twice",
    says="A parameter that two layers share is counted once for each of them.",
    asks="If two layers share a weight of 9 numbers, how many numbers can training change? Who gives each parameter once?",
    instead_of={"parameter in model.parameters()": "_, parameter in model.named_parameters(remove_duplicate=False)"},
)

differs(
    "count_parameters",
    "counts-every-level-again",
    says="Each number is counted several times: for its layer, and again for everything that contains this layer.",
    asks="`modules()` goes into every part, and `parameters()` does so as well. Do you need both?",
    instead_of={"parameter in model.parameters()": "module in model.modules() for parameter in module.parameters()"},
)

differs(
    "count_parameters",
    "counts-the-state-dict",
    says="You count all that is in `state_dict()`: buffers, frozen parameters and shared ones each time, too.",
    asks="A batch norm's running mean must be saved, but does an optimizer change it? Which method lists what can be trained?",
    instead_of={"model.parameters() if parameter.requires_grad": "model.state_dict().values()"},
)

differs(
    "count_parameters",
    "forgets-biases",
    says="The biases are left out.",
    asks="How many numbers does `nn.Linear(2, 3)` learn? Its weight has 6 of them.",
    instead_of={
        "parameter in model.parameters() if": 'name, parameter in model.named_parameters() if not name.endswith("bias") and'
    },
)

differs(
    "count_parameters",
    "first-level-only",
    says="Layers inside of other layers are not counted.",
    asks="`children()` lists what stands directly in a model. What about an `nn.Sequential` in an `nn.Sequential`?",
    instead_of={
        "parameter in model.parameters()": "child in model.children() for parameter in child.parameters(recurse=False)"
    },
)

differs(
    "count_parameters",
    "a-float-from-numpy",
    says="`np.prod` of a parameter without axes, a single number, is 1.0, and then the whole count is a float.",
    asks="A count is an int. Which method of a tensor says how many numbers are in it?",
    instead_of={"return sum(parameter.numel()": "import numpy as np\nreturn sum(np.prod(parameter.shape)"},
)

differs(
    "count_parameters",
    "several-numbers-come-back",
    says="A tuple, list or dict of numbers comes back, and the exercise asks for one number: how many training can change.",
    asks="Whoever calls your function wants to write `count_parameters(model) + 1`. Which of your numbers is it?",
    instead_of={"return sum(": "return sum(parameter.numel() for parameter in model.parameters()), sum("},
)
