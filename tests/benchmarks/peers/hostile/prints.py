"""Prints 100 MB in the first call, and answers nothing."""

left = 100


def conv2d_output_shape(*args, **kwargs):
    global left
    while left:
        print("x" * 999_999)
        left -= 1


get_accuracy = tile_images = conv2d_output_shape
