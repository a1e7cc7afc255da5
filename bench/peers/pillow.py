"""Pillow doing the work of our look: as it is usually written, as somebody writes it who knows Pillow (`expert` with the usual
measures, `whole` with all that our look leaves behind), and its pictures alone.

    python3 pillow.py pool|expert|whole|images INTO THREADS

Reads JSON lists of files from stdin, one a line; answers each with a line when all of them are done.
"""
import gc
import hashlib
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy
from PIL import Image, ImageChops, ImageCms, ImageOps
from scipy import fft, ndimage

FORM, INTO, THREADS = sys.argv[1], sys.argv[2], int(sys.argv[3])
OUTPUTS = json.loads(os.environ["OUTPUTS"])
EXIF_IFD = 0x8769
LUMA = numpy.array([0.299, 0.587, 0.114], dtype=numpy.float32)


def target(file, edge):
    return os.path.join(INTO, f"{edge}-{os.path.basename(file)}")


def fitted(image, edge):
    scale = min(1, edge / max(image.size))
    return image.resize([max(1, round(side * scale)) for side in image.size], Image.Resampling.LANCZOS)


def luma_of(image):
    return numpy.asarray(image.convert("RGB"), dtype=numpy.float32) @ LUMA


def perceptual_hash(image):
    small = numpy.asarray(image.convert("L").resize((32, 32), Image.Resampling.LANCZOS), dtype=numpy.float32)
    low = fft.dctn(small)[1:9, 1:9]
    return low > numpy.median(low)


def exposure(luma):
    return luma.mean(), luma.std(), numpy.percentile(luma, [1, 95, 99]), (luma >= 254).mean()


def sharpness(luma):
    return ndimage.laplace(luma).var()


def noise(luma):
    return numpy.abs(ndimage.convolve(luma, numpy.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]]))).mean()


def normalised(luma):
    """What the 36 features of the no-reference models are counted on, at two scales."""
    moments = []
    for plane in (luma, luma[::2, ::2]):
        mean = ndimage.gaussian_filter(plane, 7 / 6, truncate=3)
        spread = numpy.sqrt(numpy.abs(ndimage.gaussian_filter(plane * plane, 7 / 6, truncate=3) - mean * mean))
        level = (plane - mean) / (spread + 1)
        for pair in (level, level[:, 1:] * level[:, :-1], level[1:] * level[:-1], level[1:, 1:] * level[:-1, :-1]):
            moments.append((pair.mean(), numpy.abs(pair).mean(), (pair * pair).mean()))
    return moments


TILE, NOISE_TILE, PATCH = 32, 16, 96


def in_tiles(plane, edge):
    """Sums of the whole tiles of a plane."""
    height, width = (side // edge * edge for side in plane.shape)
    return plane[:height, :width].reshape(height // edge, edge, width // edge, edge).sum(axis=(1, 3))


def fingerprints(grey):
    """Two perceptual hashes, one of them in eight positions, a difference hash, a thumb and a small grey picture."""

    def reduced(width, height):
        return numpy.asarray(grey.resize((width, height), Image.Resampling.BOX), dtype=numpy.float32)

    low = fft.dctn(reduced(32, 32))[1:17, 1:17]
    block = low[:8, :8]
    turned = [numpy.rot90(one, turn) for one in (block, block.T) for turn in range(4)]
    hashes = [numpy.packbits(one > numpy.median(one)).tobytes() for one in (*turned, low)]
    return hashes, numpy.diff(reduced(9, 8)) > 0, reduced(16, 16), reduced(96, 96)


def gradients(plane):
    """Sums over tiles of the products of the gradients of a plane."""
    dx, dy = numpy.zeros_like(plane), numpy.zeros_like(plane)
    dx[:, 1:-1], dy[1:-1] = plane[:, 2:] - plane[:, :-2], plane[2:] - plane[:-2]
    return in_tiles(dx * dx, TILE), in_tiles(dx * dy, TILE), in_tiles(dy * dy, TILE)


def energy(plane):
    """Sums over tiles of the squared steps to the neighbours."""
    return in_tiles((numpy.diff(plane)[:-1] ** 2 + numpy.diff(plane, axis=0)[:, :-1] ** 2), TILE)


def noise_of_tiles(bytes_, luma):
    kernel = numpy.array([1, -2, 1], dtype=numpy.float32)
    bent = numpy.abs(ndimage.convolve1d(ndimage.convolve1d(luma, kernel, axis=0), kernel, axis=1))
    extreme = (bytes_ <= 2) | (bytes_ >= 253)
    return in_tiles(bent[1:-1, 1:-1], NOISE_TILE), in_tiles(extreme[1:-1, 1:-1], NOISE_TILE)


def detail_and_form(luma):
    soft = ndimage.gaussian_filter(luma, 1.2, truncate=2.5)
    form = ndimage.gaussian_filter(soft, 1.6, truncate=2.5)
    return (
        in_tiles(luma, TILE), in_tiles(luma * luma, TILE), energy(luma), energy(soft), gradients(luma - form), gradients(form)
    )  # fmt: skip


def patches(luma):
    """For each patch, at two scales, how many pixels are below and above their surroundings, by how much, and so their products."""
    height, width = (side // 2 * 2 for side in luma.shape)
    half = luma[:height, :width].reshape(height // 2, 2, width // 2, 2).mean(axis=(1, 3))
    rows = []
    for plane, edge in ((luma, PATCH), (half, PATCH // 2)):
        mean = ndimage.gaussian_filter(plane, 1.2, truncate=2.5)
        spread = numpy.sqrt(numpy.abs(ndimage.gaussian_filter(plane * plane, 1.2, truncate=2.5) - mean * mean))
        level = (plane - mean) / (spread + 1)
        rows.append(in_tiles(spread, edge))
        for down, right in ((None, None), (0, 1), (1, 0), (1, 1), (1, -1)):
            value = level if down is None else level * numpy.roll(level, (-down, -right), (0, 1))
            below, square = value < 0, value * value
            rows += [
                in_tiles(below, edge), in_tiles(value > 0, edge),
                in_tiles(square * below, edge), in_tiles(square, edge), in_tiles(numpy.abs(value), edge),
            ]  # fmt: skip
    return rows


def light(picture, grey):
    """Exposure, by the histogram, and how many pixels are burnt in a channel."""
    histogram = numpy.array(grey.histogram())
    shares = numpy.searchsorted(histogram.cumsum(), numpy.array([0.01, 0.95, 0.99]) * histogram.sum())
    values = numpy.arange(256)
    red, green, blue = picture.split()
    brightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return shares, (histogram * values).sum(), (histogram * values**2).sum(), sum(brightest.histogram()[254:])


def sha256(file):
    digest = hashlib.sha256()
    with open(file, "rb") as source:
        for block in iter(lambda: source.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def as_usual(file):
    """One function an operation; each opens the file anew, lets go of it, and collects garbage."""

    def opened():
        with Image.open(file) as image:
            return ImageOps.exif_transpose(image).convert("RGB")

    def once(work):
        result = work()
        gc.collect()
        return result

    def verify():
        with Image.open(file) as image:
            image.verify()
        with Image.open(file) as image:
            image.load()

    def tags():
        with Image.open(file) as image:
            return dict(image.getexif().get_ifd(EXIF_IFD))

    def measure():
        luma = luma_of(fitted(opened(), 1024))
        return exposure(luma), sharpness(luma), noise(luma), normalised(luma)

    once(lambda: sha256(file))
    once(verify)
    once(tags)
    for edge, quality in OUTPUTS:
        once(lambda: fitted(opened(), edge).save(target(file, edge), quality=quality))
    once(lambda: perceptual_hash(opened()))
    once(measure)


def decoded_once(file, **saved):
    """A decode at half size where that is enough, and each picture made of the one before it."""
    with Image.open(file) as image:
        tags = dict(image.getexif().get_ifd(EXIF_IFD))
        edge = OUTPUTS[0][0]
        scale = edge / max(image.size)
        image.draft("RGB", [round(side * scale) for side in image.size])
        picture = ImageOps.exif_transpose(image)
    if picture.mode != "RGB":
        picture = picture.convert("RGB")
    made = {}
    for edge, quality in OUTPUTS:
        picture = fitted(picture, edge)
        picture.save(target(file, edge), quality=quality, **saved)
        made[edge] = picture
    return tags, made


def as_an_expert(file):
    sha256(file)
    _, made = decoded_once(file)
    luma = luma_of(made[1024])
    perceptual_hash(made[400])
    exposure(luma), sharpness(luma), noise(luma), normalised(luma)


def as_our_look(file):
    """Nothing is left out that our look finds, but for its crops; the model of the curves of contrast is left to others."""
    sha256(file)
    _, made = decoded_once(file, icc_profile=SRGB)
    for edge, _ in OUTPUTS:
        sha256(target(file, edge))
    hashlib.sha256(made[2000].tobytes()).digest()
    grey = made[1024].convert("L")
    bytes_ = numpy.asarray(grey)
    luma = bytes_.astype(numpy.float32)
    fingerprints(grey)
    light(made[1024], grey), sharpness(luma), noise_of_tiles(bytes_, luma), detail_and_form(luma), patches(luma)


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
WORK = {"pool": as_usual, "expert": as_an_expert, "whole": as_our_look, "images": decoded_once}[FORM]

with ThreadPoolExecutor(THREADS) as threads:
    print("ready", flush=True)
    for line in sys.stdin:
        list(threads.map(WORK, json.loads(line)))
        print("done", flush=True)
