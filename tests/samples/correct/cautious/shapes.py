"""Sizes by someone who checks everything twice and writes height and width out."""

import torch
import torch.nn as nn

SMALLEST_KERNEL = 1
SMALLEST_STRIDE = 1
SMALLEST_PADDING = 0
SMALLEST_DILATION = 1


def get_height(value):
    if isinstance(value, int):
        return int(value)
    assert isinstance(value, (tuple, list)), "a number or a pair, please"
    assert len(value) == 2
    return int(value[0])


def get_width(value):
    if isinstance(value, int):
        return int(value)
    assert isinstance(value, (tuple, list)), "a number or a pair, please"
    assert len(value) == 2
    return int(value[1])


def check_kernel_size(kernel_size):
    if get_height(kernel_size) < SMALLEST_KERNEL:
        raise ValueError("The height of kernel_size must be at least 1, but kernel_size is " + str(kernel_size) + ".")
    if get_width(kernel_size) < SMALLEST_KERNEL:
        raise ValueError("The width of kernel_size must be at least 1, but kernel_size is " + str(kernel_size) + ".")


def check_stride(stride):
    if get_height(stride) < SMALLEST_STRIDE:
        raise ValueError("The height of stride must be at least 1, but stride is " + str(stride) + ".")
    if get_width(stride) < SMALLEST_STRIDE:
        raise ValueError("The width of stride must be at least 1, but stride is " + str(stride) + ".")


def check_padding(padding):
    if get_height(padding) < SMALLEST_PADDING:
        raise ValueError("The height of padding must be at least 0, but padding is " + str(padding) + ".")
    if get_width(padding) < SMALLEST_PADDING:
        raise ValueError("The width of padding must be at least 0, but padding is " + str(padding) + ".")


def check_dilation(dilation):
    if get_height(dilation) < SMALLEST_DILATION:
        raise ValueError("The height of dilation must be at least 1, but dilation is " + str(dilation) + ".")
    if get_width(dilation) < SMALLEST_DILATION:
        raise ValueError("The width of dilation must be at least 1, but dilation is " + str(dilation) + ".")


def check_input_shape(input_shape):
    if len(input_shape) != 4:
        raise ValueError("input_shape must have four numbers, but input_shape is " + str(input_shape) + ".")
    for number in input_shape:
        if number < 1:
            raise ValueError("input_shape must be positive, but input_shape is " + str(input_shape) + ".")


def conv2d_parameter_shapes(in_channels, out_channels, kernel_size):
    check_kernel_size(kernel_size)
    assert in_channels >= 1
    assert out_channels >= 1
    weight_shape = (int(out_channels), int(in_channels), get_height(kernel_size), get_width(kernel_size))
    bias_shape = (int(out_channels),)
    return (weight_shape, bias_shape)


def conv2d_output_shape(input_shape, out_channels, kernel_size, stride=1, padding=0, dilation=1):
    check_input_shape(input_shape)
    check_kernel_size(kernel_size)
    check_stride(stride)
    check_padding(padding)
    check_dilation(dilation)

    batch_size = int(input_shape[0])
    input_height = int(input_shape[2])
    input_width = int(input_shape[3])

    padded_height = get_height(padding) + input_height + get_height(padding)
    padded_width = get_width(padding) + input_width + get_width(padding)
    window_height = get_height(dilation) * (get_height(kernel_size) - 1) + 1
    window_width = get_width(dilation) * (get_width(kernel_size) - 1) + 1
    if window_height > padded_height:
        raise ValueError(
            "The window is too high: input_shape is " + str(input_shape) + ", kernel_size is " + str(kernel_size)
            + ", padding is " + str(padding) + ", dilation is " + str(dilation) + "."
        )
    if window_width > padded_width:
        raise ValueError(
            "The window is too wide: input_shape is " + str(input_shape) + ", kernel_size is " + str(kernel_size)
            + ", padding is " + str(padding) + ", dilation is " + str(dilation) + "."
        )

    steps_down = int((padded_height - window_height) / get_height(stride))
    steps_right = int((padded_width - window_width) / get_width(stride))
    output_height = steps_down + 1
    output_width = steps_right + 1
    assert output_height >= 1
    assert output_width >= 1
    output_shape = (batch_size, int(out_channels), output_height, output_width)
    return output_shape


def pooled_size(input_size, kernel, stride, padding, dilation, ceil_mode):
    window = dilation * (kernel - 1) + 1
    room = input_size + padding + padding - window
    steps = room // stride
    if ceil_mode:
        if room % stride != 0:
            steps = steps + 1
        last_start = steps * stride
        if last_start >= input_size + padding:
            steps = steps - 1
    return steps + 1


def max_pool2d_output_shape(input_shape, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False):
    check_input_shape(input_shape)
    check_kernel_size(kernel_size)
    if stride is None:
        stride = (get_height(kernel_size), get_width(kernel_size))
    check_stride(stride)
    check_padding(padding)
    check_dilation(dilation)
    assert isinstance(ceil_mode, bool)
    if 2 * get_height(padding) > get_height(kernel_size) or 2 * get_width(padding) > get_width(kernel_size):
        raise ValueError(
            "The padding is more than half the kernel: padding is " + str(padding)
            + ", kernel_size is " + str(kernel_size) + "."
        )
    output_height = pooled_size(
        input_shape[2], get_height(kernel_size), get_height(stride), get_height(padding), get_height(dilation),
        ceil_mode,
    )
    output_width = pooled_size(
        input_shape[3], get_width(kernel_size), get_width(stride), get_width(padding), get_width(dilation), ceil_mode
    )
    if output_height < 1 or output_width < 1:
        raise ValueError(
            "No window fits: input_shape is " + str(input_shape) + ", kernel_size is " + str(kernel_size) + "."
        )
    return (int(input_shape[0]), int(input_shape[1]), int(output_height), int(output_width))


def same_padding(kernel_size, dilation=1):
    check_kernel_size(kernel_size)
    check_dilation(dilation)
    too_much_height = get_height(dilation) * (get_height(kernel_size) - 1)
    too_much_width = get_width(dilation) * (get_width(kernel_size) - 1)
    if too_much_height % 2 != 0 or too_much_width % 2 != 0:
        raise ValueError(
            "There is no padding for kernel_size " + str(kernel_size) + " and dilation " + str(dilation) + "."
        )
    padding = (too_much_height // 2, too_much_width // 2)
    # check it with the other function
    test_shape = (1, 1, 50, 60)
    assert conv2d_output_shape(test_shape, 1, kernel_size, 1, padding, dilation) == test_shape
    return padding


def trace_shapes(layers, input_shape):
    check_input_shape(input_shape)
    current_shape = tuple(int(number) for number in input_shape)
    list_of_shapes = [current_shape]
    for layer_index in range(len(layers)):
        layer = layers[layer_index]
        layer_name = str(type(layer).__name__)
        start_of_message = "Layer number " + str(layer_index) + " (" + layer_name + ") does not fit. "
        if isinstance(layer, nn.Conv2d):
            if len(current_shape) != 4:
                raise ValueError(start_of_message + "It needs (N, C, H, W), not " + str(current_shape) + ".")
            if current_shape[1] != layer.in_channels:
                raise ValueError(start_of_message + "It needs in_channels = " + str(layer.in_channels) + ".")
            try:
                next_shape = conv2d_output_shape(
                    current_shape, layer.out_channels, layer.kernel_size, layer.stride, layer.padding, layer.dilation
                )
            except ValueError as error:
                raise ValueError(start_of_message + str(error)) from None
        elif isinstance(layer, nn.MaxPool2d):
            if len(current_shape) != 4:
                raise ValueError(start_of_message + "It needs (N, C, H, W), not " + str(current_shape) + ".")
            try:
                next_shape = max_pool2d_output_shape(
                    current_shape, layer.kernel_size, layer.stride, layer.padding, layer.dilation, layer.ceil_mode
                )
            except ValueError as error:
                raise ValueError(start_of_message + str(error)) from None
        elif isinstance(layer, nn.ReLU):
            next_shape = current_shape
        elif isinstance(layer, nn.Flatten):
            product = 1
            for number in current_shape[1:]:
                product = product * number
            next_shape = (current_shape[0], product)
        elif isinstance(layer, nn.Linear):
            if current_shape[-1] != layer.in_features:
                raise ValueError(start_of_message + "It needs in_features = " + str(layer.in_features) + ".")
            next_shape = current_shape[:-1] + (layer.out_features,)
        else:
            raise TypeError(start_of_message + "What is this?")
        print("layer", layer_index, layer_name, current_shape, "->", next_shape)
        list_of_shapes.append(next_shape)
        current_shape = next_shape
    assert len(list_of_shapes) == len(layers) + 1
    return list_of_shapes
