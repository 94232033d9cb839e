"""Wrong answers to train_step: zeroing gradients, and training mode."""

from torch import nn

from tests.wrong.base import wrong


@wrong("train_step", "step-zeroes-weights-only", why="Gradients of biases add up: shows from the second call on.")
def step_zeroes_weights_only(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    for parameter in model.parameters():
        if parameter.ndim > 1:
            parameter.grad = None
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step", "step-zeroes-the-first-group", why="Other parameter groups of the optimizer add their gradients up."
)
def step_zeroes_the_first_group(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    for parameter in optimizer.param_groups[0]["params"]:
        parameter.grad = None
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step",
    "step-keeps-some-of-the-old-gradient",
    why="A tenth of the last gradient is left over: shows from the second call on.",
)
def step_keeps_some_of_the_old_gradient(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    for parameter in model.parameters():
        if parameter.grad is not None:
            parameter.grad *= 0.1
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step", "step-every-second-call", why="Collects two batches' gradients for an update: not one update a call."
)
def step_every_second_call(model, images, labels, criterion, optimizer):
    model.train()
    loss = criterion(model(images), labels)
    (loss / 2).backward()
    optimizer.calls = getattr(optimizer, "calls", 0) + 1
    if optimizer.calls % 2 == 0:
        optimizer.step()
        optimizer.zero_grad()
    return loss.item()


@wrong("train_step", "step-flag-on-top-only", why="model.training = True leaves the children in evaluation mode.")
def step_flag_on_top_only(model, images, labels, criterion, optimizer):
    model.training = True
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step", "step-children-only", why="The model's own flag stays: shows where its forward reads self.training."
)
def step_children_only(model, images, labels, criterion, optimizer):
    for child in model.children():
        child.train()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step",
    "step-train-after-forward",
    why="train() comes after the forward pass: the first call after eval() is wrong.",
)
def step_train_after_forward(model, images, labels, criterion, optimizer):
    loss = criterion(model(images), labels)
    model.train()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong("train_step", "step-frozen-batch-norm", why="Batch norm stays in evaluation mode, as in fine-tuning.")
def step_frozen_batch_norm(model, images, labels, criterion, optimizer):
    model.train()
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            module.eval()
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


@wrong(
    "train_step",
    "step-thaws-the-model",
    why="Sets requires_grad everywhere: frozen parameters are trained.",
    allowed="nothing says that a model may have frozen parameters, and gradients may be asked of all of them",
)
def step_thaws_the_model(model, images, labels, criterion, optimizer):
    model.train().requires_grad_(True)
    loss = criterion(model(images), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
