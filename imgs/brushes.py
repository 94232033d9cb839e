"""Brushes for paint_dog.py: soft maps over the picture, curves on the head, and fur made of tapering strokes.

A map is an array (631, 631) with one number, a colour map one (631, 631, 3), for each pixel of the finished picture.
"""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

SIZE = 631
SCALE = 2  # painted twice as large, then made smaller: smooth edges
TILT = np.deg2rad(-7)  # of the head
HEAD = np.array([316.0, 268.0])  # between the eyes, in pixels of the finished picture
LIGHT = np.array([-0.55, -0.62, 0.56])  # towards the sun: left, up, and in front of the canvas

Y, X = np.mgrid[0:SIZE, 0:SIZE].astype(float)
U = np.cos(TILT) * (X - HEAD[0]) + np.sin(TILT) * (Y - HEAD[1])  # the head's own axes: U to the right,
V = -np.sin(TILT) * (X - HEAD[0]) + np.cos(TILT) * (Y - HEAD[1])  # V downwards


def smooth(low: float, high: float, values: np.ndarray) -> np.ndarray:
    """0 below low, 1 above high, and a soft step between."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def blob(u: float, v: float, width: float, height: float, power: float = 2.0, turn: float = 0.0) -> np.ndarray:
    """1 in the middle of an ellipse in the head's axes, 0 on its edge, negative outside."""
    c, s = np.cos(np.deg2rad(turn)), np.sin(np.deg2rad(turn))
    across, along = c * (U - u) + s * (V - v), -s * (U - u) + c * (V - v)
    return 1 - np.abs(across / width) ** power - np.abs(along / height) ** power


def blur(values: np.ndarray, radius: float) -> np.ndarray:
    """A map, blurred by a Gaussian, through the frequencies."""
    down, across = np.fft.fftfreq(SIZE)[:, None], np.fft.rfftfreq(SIZE)[None, :]
    gauss = np.exp(-2 * (np.pi * radius) ** 2 * (down**2 + across**2))
    return np.fft.irfft2(np.fft.rfft2(values) * gauss, s=values.shape)


def clouds(rng: np.random.Generator, radius: float) -> np.ndarray:
    """Soft noise with mean 0 and standard deviation 1."""
    noise = blur(rng.standard_normal((SIZE, SIZE)), radius)
    return (noise - noise.mean()) / noise.std()


def mix(base: np.ndarray, colour: np.ndarray, amount: np.ndarray) -> np.ndarray:
    """A picture with some of another colour over it."""
    return base + (colour - base) * np.clip(amount, 0, 1)[..., None]


def dome(*blobs: np.ndarray, steepness: float = 60.0) -> np.ndarray:
    """Brightness of round bodies in the sun, from about 0.35 in the shade to about 1.2."""
    height = np.max([np.sqrt(np.clip(b, 0, 1)) for b in blobs], axis=0)
    height = blur(height * steepness, 5)
    slope_y, slope_x = np.gradient(height)
    normal = np.stack([-slope_x, -slope_y, np.ones_like(slope_x)])
    normal /= np.linalg.norm(normal, axis=0)
    lit = np.tensordot(LIGHT / np.linalg.norm(LIGHT), normal, axes=1)
    return 0.62 + 0.62 * np.clip(lit, -0.35, 1)


def point(u: float, v: float) -> tuple[float, float]:
    """A place on the head, in pixels of the large canvas."""
    x = HEAD[0] + np.cos(TILT) * u - np.sin(TILT) * v
    y = HEAD[1] + np.sin(TILT) * u + np.cos(TILT) * v
    return x * SCALE, y * SCALE


def outline(points: list[tuple[float, float]], steps: int = 12) -> list[tuple[float, float]]:
    """A smooth closed curve through places on the head (Catmull-Rom)."""
    knots, curve = np.array(points), []
    for i in range(len(knots)):
        a, b, c, d = (knots[(i + k) % len(knots)] for k in (-1, 0, 1, 2))
        for t in np.arange(steps) / steps:
            uv = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
            curve.append(point(*uv))
    return curve


def strokes(
    canvas: Image.Image,
    rng: np.random.Generator,
    where: np.ndarray,
    colours: np.ndarray,
    angles: np.ndarray,
    *,
    count: int,
    length: float | np.ndarray,
    width: float,
    order: np.ndarray | None = None,
    alpha: int = 200,
    jitter: float = 0.12,
    bend: float = 0.5,
) -> None:
    """Draws tapering strokes.

    where: how dense, colours: (SIZE, SIZE, 3), angles: radians clockwise from the right, order: higher is drawn later.
    """
    chances = np.clip(where, 0, None).ravel()
    places = rng.choice(SIZE * SIZE, size=count, p=chances / chances.sum())
    if order is not None:
        places = places[np.argsort(order.ravel()[places] + rng.normal(0, 7, count), kind="stable")]
    rows, columns = np.divmod(places, SIZE)
    start = np.stack([columns + rng.random(count), rows + rng.random(count)], axis=1)
    lengths = np.broadcast_to(length, (SIZE, SIZE))[rows, columns] * rng.uniform(0.55, 1.25, count)
    angle = angles[rows, columns] + rng.normal(0, jitter, count)
    turn = rng.normal(0, bend, count)
    light = rng.normal(1, 0.085, count)[:, None] * (1 + rng.normal(0, 0.02, (count, 3)))
    fills = np.clip(colours[rows, columns] * light, 0, 255).astype(int)

    pen = ImageDraw.Draw(canvas, "RGBA")
    steps = np.array([0.0, 0.35, 0.7, 1.0])
    half_widths = np.array([0.35, 0.5, 0.36, 0.02]) * width * SCALE
    direction = angle[:, None] + turn[:, None] * steps
    x = (start[:, :1] + lengths[:, None] * steps * np.cos(direction)) * SCALE
    y = (start[:, 1:] + lengths[:, None] * steps * np.sin(direction)) * SCALE
    across_x, across_y = -np.sin(direction) * half_widths, np.cos(direction) * half_widths
    edge_x = np.concatenate([x + across_x, (x - across_x)[:, ::-1]], axis=1)
    edge_y = np.concatenate([y + across_y, (y - across_y)[:, ::-1]], axis=1)
    corners = np.stack([edge_x, edge_y], axis=2).reshape(count, -1)
    for polygon, fill in zip(corners.tolist(), fills.tolist(), strict=True):
        pen.polygon(polygon, fill=(*fill, alpha))


def coat(
    canvas: Image.Image,
    rng: np.random.Generator,
    mask: np.ndarray,
    colours: np.ndarray,
    angles: np.ndarray,
    order: np.ndarray,
    *,
    density: int,
    length: float | np.ndarray,
    wave: float = 0.35,
) -> None:
    """Fur in three layers: dark undercoat, coat, and the few hairs that catch the light."""
    locks = angles + wave * clouds(rng, 7) + 0.5 * wave * clouds(rng, 3)
    sheen = np.clip(1 + 0.10 * clouds(rng, 4), 0.7, 1.3)[..., None]
    draw = {"where": mask, "angles": locks, "order": order}
    strokes(canvas, rng, colours=colours * 0.66, count=density, length=length, width=4.6, alpha=235, **draw)
    strokes(canvas, rng, colours=colours * sheen, count=2 * density, length=length, width=2.5, alpha=205, **draw)
    glow = np.clip(colours * 1.16 * sheen + 10, 0, 255)
    strokes(canvas, rng, colours=glow, count=density, length=length, width=1.3, alpha=170, **draw)


def paste_soft(canvas: Image.Image, colour: tuple[int, int, int], mask: np.ndarray) -> None:
    """Glazes a colour over the canvas, as strongly as the mask (0 to 1) says."""
    layer = Image.fromarray((np.clip(mask, 0, 1) * 255).astype(np.uint8)).resize(canvas.size, Image.Resampling.BICUBIC)
    canvas.paste(colour, (0, 0), layer)


def region(points: list[tuple[float, float]], softness: float = 2.0) -> np.ndarray:
    """A map that is 1 inside a smooth curve through places on the head, 0 outside."""
    image = Image.new("L", (SIZE * SCALE,) * 2)
    ImageDraw.Draw(image).polygon(outline(points), fill=255)
    return blur(np.asarray(image.resize((SIZE, SIZE), Image.Resampling.BOX)) / 255.0, softness)


def bezier(points: list[tuple[float, float]], steps: int = 40) -> list[tuple[float, float]]:
    """A curve that starts and ends at the first and last point and is drawn towards the others."""
    curve = []
    for t in np.linspace(0, 1, steps):
        level = np.array(points)
        while len(level) > 1:
            level = level[:-1] * (1 - t) + level[1:] * t
        curve.append(tuple(level[0]))
    return curve
