"""Transfer learning with AlexNet, as in the lecture."""

import copy

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
import torchvision.models


def extract_features(network, images):
    alexNet = network
    alexNet.eval()
    features = alexNet.features(images)
    # computes the gradients no further
    features = torch.from_numpy(features.detach().numpy())
    return features


def first_layer_activations(network, images):
    alexNet = network
    alexConv = alexNet.features[0]
    y = alexConv(images)
    y = y.detach().numpy()
    y = (y - y.min()) / (y.max() - y.min())
    return y


class AlexNetClassifier(nn.Module):
    def __init__(self, alexNet, num_classes, num_features):
        super(AlexNetClassifier, self).__init__()
        self.features = alexNet.features
        self.avgpool = alexNet.avgpool
        self.num_features = num_features
        self.classifier = nn.Linear(num_features, num_classes)

    def forward(self, x):
        x = self.features(x)
        x = self.avgpool(x)
        x = x.view(-1, self.num_features)
        return self.classifier(x)


def replace_classifier(network, num_classes, num_features):
    alexNet = copy.deepcopy(network)
    for param in alexNet.parameters():
        param.requires_grad = False
    return AlexNetClassifier(alexNet, num_classes, num_features)
