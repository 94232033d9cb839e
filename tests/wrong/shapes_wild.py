"""Wrong answers of topic shapes as students really write them."""

from tests.wrong.base import wrong


@wrong("same_padding", "same-odd-ints-only", why="an int comes back, a pair is a TypeError", named="ints-in-ints-out")
def same_odd_ints_only(kernel_size, dilation=1):
    if kernel_size % 2 == 0:
        raise ValueError(f"kernel_size={kernel_size} is even")
    return dilation * (kernel_size - 1) // 2
