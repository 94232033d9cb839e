"""Wrong answers of topic transfer: `extract_features`. The others have files of their own."""

import torch
from torch import nn

from tests.wrong.base import wrong


@wrong(
    "extract_features",
    "features-in-training-mode",
    why="train(): shows with dropout or batch norm",
    named="in-training-mode",
)
def in_training_mode(network, images):
    network.train()
    return network.features(images).detach()


@wrong(
    "extract_features",
    "features-evaluate-only-the-top",
    why="network.training = False: the parts stay in training mode",
    named="in-training-mode",
)
def evaluate_only_the_top(network, images):
    network.training = False
    return network.features(images).detach()


@wrong(
    "extract_features",
    "features-evaluate-only-the-classifier",
    why="classifier.eval(): AlexNet's only dropout is there",
    named="in-training-mode",
)
def evaluate_only_the_classifier(network, images):
    network.classifier.eval()
    return network.features(images).detach()


@wrong(
    "extract_features", "features-trust-the-networks-flag", why="eval() only if network.training: its parts may differ"
)
def trust_the_networks_flag(network, images):
    if network.training:
        network.eval()
    return network.features(images).detach()


@wrong(
    "extract_features",
    "features-evaluate-direct-layers-only",
    why="features' own layers are switched, not those inside them",
)
def evaluate_direct_layers_only(network, images):
    for layer in network.features:
        layer.training = False
    return network.features(images).detach()


@wrong("extract_features", "features-dropout-off-only", why="dropout is switched off, batch norm is not")
def dropout_off_only(network, images):
    for module in network.modules():
        if isinstance(module, (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.AlphaDropout)):
            module.eval()
    return network.features(images).detach()


@wrong("extract_features", "features-batch-norm-off-only", why="batch norm is switched off, dropout is not")
def batch_norm_off_only(network, images):
    for module in network.modules():
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d)):
            module.eval()
    return network.features(images).detach()


@wrong(
    "extract_features", "features-evaluate-afterwards", why="eval() behind the call: wrong the first time, then right"
)
def evaluate_afterwards(network, images):
    features = network.features(images).detach()
    network.eval()
    return features


@wrong(
    "extract_features", "features-warmed-up", why="runs once in training mode first: batch norm's averages have moved"
)
def warmed_up(network, images):
    network.train()
    with torch.no_grad():
        network.features(images)
    network.eval()
    return network.features(images).detach()


@wrong(
    "extract_features", "features-images-detached", why="the images are detached, not the result", named="not-detached"
)
def images_detached(network, images):
    network.eval()
    return network.features(images.detach())


@wrong("extract_features", "features-new-leaf", why="detached, then requires_grad_(): it asks for gradients again")
def new_leaf(network, images):
    network.eval()
    return network.features(images).detach().requires_grad_()


@wrong("extract_features", "features-without-last-layer", why="features[:-1]: the layer before is answered")
def without_last_layer(network, images):
    network.eval()
    return network.features[:-1](images).detach()


@wrong("extract_features", "features-rectified", why="a ReLU at the end: right where features end so themselves")
def rectified(network, images):
    network.eval()
    return network.features(images).relu().detach()


@wrong(
    "extract_features",
    "features-single-image-without-batch",
    why="squeeze(0): no batch axis for N = 1",
    named="squeezes-the-features",
)
def single_image_without_batch(network, images):
    network.eval()
    return network.features(images).detach().squeeze(0)


@wrong("extract_features", "features-of-centred-images", why="the images' mean is taken off first")
def of_centred_images(network, images):
    network.eval()
    return network.features(images - images.mean()).detach()


@wrong("extract_features", "features-as-array", why="a NumPy array with the right numbers: always")
def as_array(network, images):
    network.eval()
    return network.features(images).detach().numpy()
