"""What students begin with, which earns nothing."""


def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    raise NotImplementedError


def get_accuracy(model, data, batch_size=1024):
    raise NotImplementedError


def tile_images(images, columns):
    raise NotImplementedError
