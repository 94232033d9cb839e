"""Paints dog2.jpg, the dog of the lesson: `python imgs/paint_dog.py` draws the same picture each time.

An underpainting says, for every place, which colour, which light and which way the fur lies; tens of thousands of
tapering strokes then follow it, like tiles on a roof: those nearest to the nose come last. So there are edges at all
angles, fine and coarse ones, in many colours: a convolution's filters have something to find.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from brushes import (
    SCALE,
    SIZE,
    TILT,
    U,
    V,
    X,
    Y,
    bezier,
    blob,
    blur,
    clouds,
    coat,
    dome,
    mix,
    outline,
    paste_soft,
    point,
    region,
    smooth,
    strokes,
)
from PIL import Image, ImageDraw, ImageFilter

GOLD, COPPER, UMBER = np.array([224, 150, 70.0]), np.array([176, 96, 38.0]), np.array([88, 46, 22.0])
WHITE, CREAM, BLACK = np.array([252, 247, 238.0]), np.array([243, 219, 180.0]), np.array([30, 24, 26.0])


def paint_background(rng: np.random.Generator) -> Image.Image:
    """An evening in the garden: sun through leaves, out of focus, and a meadow."""
    down = Y / SIZE
    scene = mix(np.ones((SIZE, SIZE, 3)) * [118, 164, 176.0], np.array([58, 104, 96.0]), smooth(0.15, 0.75, down))
    scene = mix(scene, np.array([255, 226, 160.0]), 0.95 * np.exp(-((X - 105) ** 2 + (Y - 70) ** 2) / 170**2))
    leaves = 0.75 * smooth(0.1, 1.5, clouds(rng, 34)) * smooth(140, 360, X + 0.3 * Y)
    scene = mix(scene, np.array([38, 84, 74.0]), leaves)
    scene = mix(scene, np.array([120, 150, 66.0]), smooth(0.62, 0.9, down + 0.03 * clouds(rng, 40)))
    canvas = Image.fromarray(np.clip(scene, 0, 255).astype(np.uint8))
    canvas = canvas.resize((SIZE * SCALE,) * 2, Image.Resampling.BICUBIC)

    swirl = 0.7 * clouds(rng, 46) + 0.6 * (X / SIZE) + 0.4
    wide = {"angles": swirl, "jitter": 0.3, "alpha": 90}
    strokes(canvas, rng, np.ones((SIZE, SIZE)), scene, count=2600, length=58.0, width=15, **wide)
    strokes(canvas, rng, np.ones((SIZE, SIZE)), scene, count=3200, length=34.0, width=7, **wide)

    pen = ImageDraw.Draw(canvas, "RGBA")
    lights = ((255, 228, 150), (255, 204, 120), (190, 226, 160), (250, 240, 214), (150, 206, 190))
    for _ in range(46):  # spots of light that the lens makes discs of
        x, y = rng.uniform(0, SIZE), rng.uniform(0, 470)
        radius = rng.uniform(6, 27)
        near_sun = np.exp(-((x - 105) ** 2 + (y - 70) ** 2) / 330**2)
        colour = lights[rng.integers(len(lights))]
        box = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        pen.ellipse(box, fill=(*colour, int(26 + 62 * near_sun)), outline=(*colour, int(46 + 90 * near_sun)), width=3)
    return canvas.filter(ImageFilter.GaussianBlur(2.2 * SCALE))


def paint_meadow(canvas: Image.Image, rng: np.random.Generator, *, front: bool) -> None:
    """Blades of grass and small flowers; those in front of the dog are few and sharp."""
    where = smooth(585, 625, Y) if front else smooth(430, 600, Y)
    shade = np.array([92, 128, 44.0]) + (X / SIZE)[..., None] * np.array([-34, -22, 2.0])
    tone = shade * (0.95 + 0.22 * clouds(rng, 9))[..., None]
    angles = -np.pi / 2 + 0.35 * clouds(rng, 30)
    if front:
        paste_soft(canvas, (62, 96, 34), smooth(600, 628, Y))
    count, length = (900, 46.0) if front else (3800, 66.0)
    strokes(canvas, rng, where, tone, angles, count=count, length=length, width=4.4, order=Y, alpha=225, bend=0.7)
    strokes(canvas, rng, where, tone * 1.35 + 18, angles, count=count // 2, length=length, width=2.2, order=Y, bend=0.7)
    pen = ImageDraw.Draw(canvas, "RGBA")
    petals = ((250, 248, 255), (244, 196, 70), (214, 120, 168), (150, 150, 232))
    for _ in range(9 if front else 34):
        side = rng.choice([-1, 1])
        x = SIZE / 2 + side * rng.uniform(205 if front else 150, 312)
        y = rng.uniform(572, 622) if front else rng.uniform(480, 590)
        colour, radius = petals[rng.integers(len(petals))], rng.uniform(3.2, 5.6) * (1.25 if front else 0.9)
        first = rng.uniform(0, 6)
        for petal in range(6):
            a = first + petal * np.pi / 3
            cx, cy, r = x + np.cos(a) * radius, y + np.sin(a) * radius * 0.8, radius * 0.62
            pen.ellipse([(cx - r) * SCALE, (cy - r) * SCALE, (cx + r) * SCALE, (cy + r) * SCALE], fill=(*colour, 235))
        r = radius * 0.5
        pen.ellipse([(x - r) * SCALE, (y - r) * SCALE, (x + r) * SCALE, (y + r) * SCALE], fill=(232, 150, 40, 255))


def paint_body(canvas: Image.Image, rng: np.random.Generator) -> None:
    """Chest and shoulders: white in the middle, gold at the sides."""
    x, y = X - 322, Y - 590
    inside = 1 - np.abs(x / (150 + 0.18 * (Y - 400))) ** 2.4 - np.abs(y / 260) ** 2.2
    mask = smooth(0.0, 0.06, inside + 0.02 * clouds(rng, 8))
    colours = mix(np.ones((SIZE, SIZE, 3)) * GOLD, COPPER, smooth(70, 175, np.abs(x)) * 0.9)
    bib = smooth(112, 62, np.abs(x + 6) + 9 * clouds(rng, 9))
    colours = mix(colours, WHITE, bib)
    light = 1.08 - 0.42 * smooth(-120, 190, x) - 0.34 * smooth(520, 405, Y) - 0.1 * smooth(560, 640, Y)
    light += 0.07 * clouds(rng, 12)
    colours = colours * light[..., None] * (1 - 0.10 * smooth(1, 0.5, light)[..., None] * np.array([1.0, 0.6, -0.3]))
    angles = np.pi / 2 - x / 330 + 0.12 * clouds(rng, 22)
    paste_soft(canvas, tuple(int(c) for c in COPPER * 0.5), mask)
    coat(canvas, rng, mask, colours, angles, -Y, density=5200, length=30 + 10 * smooth(420, 600, Y))


def paint_bandana(canvas: Image.Image, rng: np.random.Generator) -> None:
    """A red neckerchief with white dots: straight edges, folds and a pattern among all that fur."""

    def at(x: float, y: float) -> tuple[float, float]:
        return x * SCALE, y * SCALE

    corners = ((196, 398), (222, 440), (272, 492), (333, 560), (384, 492), (424, 446), (448, 398), (320, 420))
    shape = [at(*corner) for corner in corners]
    mask = Image.new("L", canvas.size)
    ImageDraw.Draw(mask).polygon(shape, fill=255)
    lower_right = (1, 0, -12, 0, 1, -16)
    shadow = mask.filter(ImageFilter.GaussianBlur(7 * SCALE))
    shadow = shadow.transform(canvas.size, Image.Transform.AFFINE, lower_right)
    canvas.paste((40, 22, 20), (0, 0), shadow.point(lambda value: value * 0.55))

    cloth = Image.new("RGB", canvas.size, (196, 40, 48))
    pen = ImageDraw.Draw(cloth)
    for row in range(14):
        for column in range(20):
            x, y = 190 + 26 * column - 13 * (row % 2) - 0.12 * row * column, 392 + 15 * row + 0.05 * (column - 5) ** 2
            turn = 0.24 * np.sin(x / 37.0)
            r = 4.7
            pen.ellipse([*at(x - r, y - r + turn), *at(x + r, y + r + turn)], fill=(250, 240, 230))
    folds = 0.10 * np.sin((X - 322) / 17 + (Y - 400) / 38) + 0.05 * np.sin((X + Y) / 13)
    folds = (1.04 - 0.30 * smooth(250, 450, X) + folds) * (1 - 0.55 * smooth(452, 398, Y))
    shaded = np.asarray(cloth) * np.asarray(Image.fromarray(folds.astype(np.float32)).resize(canvas.size))[..., None]
    weave = rng.normal(1, 0.025, (*shaded.shape[:2], 1))
    cloth = Image.fromarray(np.clip(shaded * weave, 0, 255).astype(np.uint8))
    canvas.paste(cloth, (0, 0), mask.filter(ImageFilter.GaussianBlur(1)))
    pen = ImageDraw.Draw(canvas, "RGBA")
    pen.line(shape[1:7], fill=(120, 16, 26, 170), width=3 * SCALE // 2, joint="curve")
    hem = [(x, y - 7 * SCALE) for x, y in shape[1:7]]
    pen.line(hem, fill=(255, 190, 180, 90), width=SCALE)


def paint_ear(canvas: Image.Image, rng: np.random.Generator, side: int) -> None:
    """A hanging ear, darker than the head, with long soft fur at its edge."""
    right = ((70, -104), (112, -112), (150, -70), (176, 2), (178, 62), (150, 96), (122, 66), (108, 6), (88, -50))
    mask = smooth(0.35, 0.75, region([(side * u, v) for u, v in right]) + 0.05 * clouds(rng, 5))
    across = side * U - 128 - 0.18 * V
    colours = mix(np.ones((SIZE, SIZE, 3)) * COPPER, UMBER, 0.35 + 0.5 * smooth(-40, 90, V) + 0.10 * clouds(rng, 12))
    colours = mix(colours, GOLD, 0.55 * np.exp(-(((V + 84) / 30) ** 2)))
    sunny = 1.16 if side < 0 else 0.84
    light = sunny - 0.16 * smooth(0, 42, -across) - 0.2 * smooth(5, 48, across) * (side > 0) + 0.07 * clouds(rng, 8)
    colours = colours * light[..., None]
    if side > 0:  # the evening sky lights the edge that is turned away from the sun
        colours = mix(colours, np.array([196, 158, 132.0]), 0.5 * smooth(22, 48, across))
    angles = np.pi / 2 + TILT + side * (-0.5 + 0.9 * smooth(-110, 60, V)) * -1.0 * 0.8 + 0.22 * clouds(rng, 14)
    paste_soft(canvas, tuple(int(c) for c in UMBER * 0.7), mask)
    coat(canvas, rng, mask, colours, angles, -V, density=2600, length=17 + 9 * smooth(20, 90, V), wave=0.5)


def paint_face(canvas: Image.Image, rng: np.random.Generator) -> None:
    """The head's fur: gold with a white blaze, cheeks and muzzle, radiating from the nose."""
    skull, cheeks = blob(0, -18, 122, 118, 2.3), blob(0, 50, 134, 82, 2.2)
    muzzle = blob(0, 74, 70, 60, 2.2)
    jowls = np.maximum(blob(-32, 92, 44, 38), blob(32, 92, 44, 38))
    shape = np.maximum(np.maximum(skull, cheeks), blob(0, 100, 88, 62)) + 0.02 * clouds(rng, 7)
    mask = smooth(0.0, 0.08, shape)

    blaze = np.abs(U + 3 * np.sin(V / 30)) + 3.5 * clouds(rng, 6) - 0.13 * np.clip(V, -90, 60)
    blaze = smooth(26, 15, blaze) * smooth(-128, -100, V)
    snow = smooth(-0.12, 0.18, np.maximum(muzzle, jowls) + 0.07 * clouds(rng, 6))
    chin = smooth(0.0, 0.3, blob(0, 128, 92, 54) + 0.06 * clouds(rng, 6))
    colours = np.ones((SIZE, SIZE, 3)) * GOLD
    colours = mix(colours, COPPER, 0.75 * smooth(40, 110, np.abs(U)) * smooth(40, -60, V) + 0.14 * clouds(rng, 15))
    colours = mix(colours, CREAM, 0.75 * smooth(0.15, 0.75, np.maximum(blob(-84, 76, 52, 46), blob(84, 76, 52, 46))))
    brows = np.maximum(blob(-50, -44, 22, 11, turn=-14), blob(50, -44, 22, 11, turn=14))
    colours = mix(colours, CREAM, 0.85 * smooth(0, 0.7, brows))
    around_eyes = np.maximum(blob(-57, -4, 40, 32, turn=14), blob(57, -4, 40, 32, turn=-14))
    colours = mix(colours, UMBER, 0.62 * smooth(0.05, 0.75, around_eyes))
    colours = mix(colours, WHITE, np.maximum(np.maximum(blaze, snow), chin))

    light = dome(skull, cheeks * 0.9, steepness=62) * 0.55 + dome(muzzle, jowls, steepness=46) * 0.5 + 0.02
    bridge = np.exp(-((U / 26) ** 2)) * smooth(-70, -10, V) * smooth(50, 20, V)
    light += 0.08 * bridge + 0.05 * clouds(rng, 9)
    beside_bridge = np.exp(-(((np.abs(U) - 34) / 13) ** 2)) * smooth(-20, 10, V) * smooth(60, 30, V)
    under_muzzle = np.exp(-((np.hypot(U / 96, (V - 84) / 70) - 1) ** 2) / 0.018) * smooth(50, 100, V)
    light -= 0.20 * beside_bridge + 0.30 * under_muzzle
    light -= 0.34 * smooth(118, 168, V)
    light -= 0.22 * smooth(84, 118, np.abs(U)) * smooth(70, -30, V)  # the ears' shadow
    cool = np.array([-10, -4, 10.0]) * np.clip(0.95 - light, 0, 0.6)[..., None]
    colours = np.clip(colours * light[..., None] + cool, 6, 255)

    towards_v = (V - 40) * np.where(V < 40, 1.0, 0.85)
    towards_v = towards_v + 0.45 * np.abs(U) * smooth(20, 110, np.abs(U))
    angles = np.arctan2(towards_v, U * np.where(V < 20, 0.62, 1.0)) + TILT + 0.10 * clouds(rng, 18)
    distance = np.hypot(U, V - 40)
    length = 6 + 18 * smooth(45, 150, distance) + 6 * smooth(90, 130, np.abs(U))
    paste_soft(canvas, tuple(int(c) for c in COPPER * 0.6), mask)
    coat(canvas, rng, mask, colours, angles, -distance, density=9500, length=length, wave=0.26)


def paint_fringe(canvas: Image.Image, rng: np.random.Generator, side: int) -> None:
    """Fur of the forehead that falls over the root of an ear."""
    mask = smooth(0, 0.5, blob(side * 84, -88, 34, 20, turn=side * 38) + 0.25 * clouds(rng, 6))
    colours = mix(np.ones((SIZE, SIZE, 3)) * GOLD, COPPER, 0.45 + 0.2 * clouds(rng, 7)) * (1.12 if side < 0 else 0.86)
    angles = np.pi / 2 - side * (0.75 - 0.4 * smooth(60, 130, side * U)) + TILT + 0.15 * clouds(rng, 9)
    coat(canvas, rng, mask, colours, angles, -V, density=620, length=18.0, wave=0.4)


def paint_eye(canvas: Image.Image, side: int) -> None:
    """A round brown eye: dark rim, amber iris, the sky in it, and a white of the eye that just shows."""
    pen = ImageDraw.Draw(canvas, "RGBA")
    u, v = side * 57.0, -6.0

    def disc(du: float, dv: float, width: float, height: float, fill: tuple[int, ...]) -> None:
        ring = [(u + du + width * np.cos(a), v + dv + height * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 40)]
        pen.polygon([point(*place) for place in ring], fill=fill)

    lids = [(-27, 7), (-17, -10), (0, -18), (17, -13), (25, 2), (15, 15), (-4, 19), (-18, 15)]
    pen.polygon(outline([(u - side * a, v + b) for a, b in lids]), fill=(24, 15, 14, 255))
    opening = [(-20, 6), (-13, -7), (0, -13.5), (14, -9), (20, 2), (12, 11.5), (-3, 14.5), (-14, 11)]
    pen.polygon(outline([(u - side * a, v + b) for a, b in opening]), fill=(206, 190, 176, 255))
    disc(0.5, 0.3, 16.2, 15.4, (30, 16, 10, 255))
    for step in range(14):  # lighter towards the lower right, where the light falls through
        t = step / 13
        fill = tuple(int(a + (b - a) * t) for a, b in zip((58, 28, 14), (190, 112, 44), strict=True))
        disc(0.5 + 2.2 * t, 0.8 + 3.4 * t, 14.6 - 8.0 * t, 13.8 - 8.6 * t, (*fill, 255))
    disc(0.5, 0.0, 8.4, 8.6, (12, 8, 8, 255))
    disc(0, -9.5, 15.0, 4.6, (16, 10, 10, 150))  # the upper lid's shadow
    disc(-5.0, -5.6, 4.6, 4.2, (255, 253, 244, 255))
    disc(5.6, 5.6, 2.4, 2.0, (255, 236, 206, 205))
    disc(-1.6, -8.8, 2.0, 1.3, (220, 238, 244, 190))
    rim = [(u - side * a, v + b) for a, b in ((-20, 11), (-9, 16.6), (4, 16.6), (14, 12.5))]
    pen.line([point(*place) for place in rim], fill=(190, 140, 118, 130), width=SCALE, joint="curve")


def paint_mouth(canvas: Image.Image, rng: np.random.Generator) -> None:
    """A smile, open, with a tongue."""
    pen = ImageDraw.Draw(canvas, "RGBA")
    right = [(0, 108), (22, 114), (44, 108), (41, 128), (26, 146), (0, 153)]
    inside = right + [(-u, v) for u, v in reversed(right[1:-1])]
    pen.polygon(outline(inside), fill=(58, 16, 24, 255))
    paste_soft(canvas, (150, 58, 66), region(inside) * smooth(134, 150, V) * 0.8)  # the lower lip
    tongue = [(-22, 118), (-6, 114), (0, 117), (6, 114), (22, 118), (27, 146), (20, 172), (2, 182), (-17, 173)]
    tongue += [(-25, 148)]
    shape = region(tongue, 0.8)
    pen.polygon(outline(tongue), fill=(228, 112, 124, 255))
    groove = np.exp(-(((U - 1) / 3.2) ** 2)) * smooth(116, 128, V) * smooth(176, 160, V)
    paste_soft(canvas, (176, 60, 84), shape * (0.75 * groove + 0.85 * smooth(140, 112, V) + 0.45 * smooth(4, 30, U)))
    paste_soft(canvas, (255, 206, 206), shape * 0.75 * np.exp(-(((U + 11) / 5) ** 2 + ((V - 156) / 15) ** 2)))
    paste_soft(canvas, (255, 226, 222), shape * 0.55 * np.exp(-(((U - 11) / 3.5) ** 2 + ((V - 160) / 9) ** 2)))
    white = np.ones((SIZE, SIZE, 3)) * WHITE * 0.9
    over = smooth(0.0, 0.2, np.maximum(blob(-25, 100, 24, 9, turn=12), blob(25, 100, 24, 9, turn=-12)))
    down = np.arctan2(26.0, U * 0.5) + TILT
    strokes(canvas, rng, over, white, down, count=330, length=11.0, width=1.7, alpha=215)
    for side in (-1, 1):  # the lips, thinner towards their ends
        lip = bezier([(side * a, b) for a, b in ((0, 84), (0, 102), (9, 111), (30, 120), (50, 112), (57, 92))], 120)
        for t, (x, y) in zip(np.linspace(0, 1, len(lip)), [point(*place) for place in lip], strict=True):
            r = SCALE * (1.5 - 1.1 * t**3)
            pen.ellipse([x - r, y - r, x + r, y + r], fill=(58, 34, 30))


def paint_nose(canvas: Image.Image, rng: np.random.Generator) -> None:
    """Black, moist, with the sky on its upper edge."""
    points = [(-31, 36), (-22, 26), (0, 23), (22, 26), (31, 36), (27, 52), (12, 63), (0, 67), (-12, 63), (-27, 52)]
    shape = region(points, 0.7)
    paste_soft(canvas, (70, 44, 40), 0.7 * blur(np.roll(shape, (5, 3), (0, 1)), 4))
    ImageDraw.Draw(canvas, "RGBA").polygon(outline(points), fill=(34, 27, 30, 255))
    upper_edge = np.exp(-(((V - 33 - 0.006 * U**2) / 6) ** 2)) * smooth(31, 10, np.abs(U))
    paste_soft(canvas, (112, 104, 112), shape * 0.8 * upper_edge)
    paste_soft(canvas, (238, 244, 250), shape * 0.9 * np.exp(-(((U + 11) / 8) ** 2 + ((V - 32) / 3.4) ** 2)))
    paste_soft(canvas, (74, 66, 72), shape * (0.5 + 0.25 * clouds(rng, 1.2)) * smooth(40, 58, V))
    pen = ImageDraw.Draw(canvas, "RGBA")
    for side in (-1, 1):
        nostril = [(side * a, b) for a, b in ((9, 47), (16, 43), (24, 46), (25, 53), (17, 53), (11, 55))]
        pen.polygon(outline(nostril), fill=(6, 4, 6, 255))
    pen.line([point(0, 50), point(0, 68), point(0, 88)], fill=(14, 10, 12, 220), width=int(1.8 * SCALE))


def paint_whiskers(canvas: Image.Image, rng: np.random.Generator) -> None:
    """Whiskers and the dark dots that they grow from."""
    pen = ImageDraw.Draw(canvas, "RGBA")
    for side in (-1, 1):
        for row in range(3):
            for column in range(4):
                u, v = side * (24 + 11 * column), 74 + 9 * row + 1.5 * column
                x, y = point(u, v)
                pen.ellipse([x - 2.6, y - 2.6, x + 2.6, y + 2.6], fill=(92, 66, 56, 150))
                if column == 0 or rng.random() < 0.25:
                    continue
                reach, sag = rng.uniform(62, 96), rng.uniform(-10, 26) + 8 * row
                curve = bezier([(u, v), (u + side * reach * 0.6, v - 8 + 4 * row), (u + side * reach, v + sag)])
                tone = (255, 252, 244, 200) if side < 0 or column > 1 else (240, 226, 208, 180)
                pen.line([point(*place) for place in curve], fill=tone, width=SCALE, joint="curve")


def paint() -> Image.Image:
    """The finished picture, (631, 631) pixels, RGB."""
    rng = np.random.default_rng(631)
    canvas = paint_background(rng)
    paint_meadow(canvas, rng, front=False)
    paint_body(canvas, rng)
    paint_bandana(canvas, rng)
    paint_face(canvas, rng)
    for side in (-1, 1):
        paint_ear(canvas, rng, side)
        paint_fringe(canvas, rng, side)
    for side in (-1, 1):
        paint_eye(canvas, side)
    paint_mouth(canvas, rng)
    paint_nose(canvas, rng)
    paint_whiskers(canvas, rng)
    paint_meadow(canvas, rng, front=True)
    return canvas.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    paint().save(Path(__file__).with_name("dog2.jpg"), quality=93, subsampling=0)
