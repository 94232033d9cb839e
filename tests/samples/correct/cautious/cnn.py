"""The lecture's network by someone who checks everything twice."""

import torch
import torch.nn as nn
import torch.nn.functional as F

IMAGE_SIZE = 28
NUMBER_OF_CLASSES = 10
SHOW_SHAPES = True


class CNN(nn.Module):
    """The lecture's network: two convolutions with pooling, then a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=1, out_channels=4, kernel_size=3, padding=1)
        self.conv2 = nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, padding=1)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc = nn.Linear(8 * 7 * 7, 10)

    def forward(self, images):
        number_of_images = images.shape[0]
        assert images.shape == (number_of_images, 1, IMAGE_SIZE, IMAGE_SIZE), images.shape
        after_conv1 = self.conv1(images.clone().float())
        assert after_conv1.shape == (number_of_images, 4, 28, 28)
        after_relu1 = F.relu(after_conv1)
        after_pool1 = self.pool(after_relu1)
        assert after_pool1.shape == (number_of_images, 4, 14, 14)
        after_conv2 = self.conv2(after_pool1)
        assert after_conv2.shape == (number_of_images, 8, 14, 14)
        after_relu2 = F.relu(after_conv2)
        after_pool2 = self.pool(after_relu2)
        assert after_pool2.shape == (number_of_images, 8, 7, 7)
        flat = after_pool2.view(number_of_images, 8 * 7 * 7)
        logits = self.fc(flat)
        assert logits.shape == (number_of_images, NUMBER_OF_CLASSES)
        if SHOW_SHAPES:
            for name, value in (("pool1", after_pool1), ("pool2", after_pool2), ("logits", logits)):
                print(name, "has the shape", list(value.shape))
        return logits


def count_parameters(model):
    assert isinstance(model, nn.Module)
    list_of_seen_parameters = []
    total = 0
    for module in model.modules():
        for parameter in module.parameters(recurse=False):
            already_seen = False
            for seen_parameter in list_of_seen_parameters:
                if seen_parameter is parameter:
                    already_seen = True
            if already_seen:
                continue
            list_of_seen_parameters.append(parameter)
            if parameter.requires_grad == True:
                total = total + int(parameter.detach().clone().numel())
    assert total >= 0
    return int(total)
