"""Pillow doing the work of our look. Two forms: as it is usually written, and as somebody writes it who knows Pillow.

    python3 pillow.py pool|expert|images INTO THREADS

Reads JSON lists of files from stdin, one a line; answers each with a line when all of them are done.
"""
import gc
import hashlib
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy
from PIL import Image, ImageOps
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


def decoded_once(file):
    """A decode at half size where that is enough, and each picture made of the one before it."""
    with Image.open(file) as image:
        tags = dict(image.getexif().get_ifd(EXIF_IFD))
        edge = OUTPUTS[0][0]
        scale = edge / max(image.size)
        image.draft("RGB", [round(side * scale) for side in image.size])
        picture = ImageOps.exif_transpose(image)
    made = {}
    for edge, quality in OUTPUTS:
        picture = fitted(picture, edge)
        picture.save(target(file, edge), quality=quality)
        made[edge] = picture
    return tags, made


def as_an_expert(file):
    sha256(file)
    _, made = decoded_once(file)
    luma = luma_of(made[1024])
    perceptual_hash(made[400])
    exposure(luma), sharpness(luma), noise(luma), normalised(luma)


WORK = {"pool": as_usual, "expert": as_an_expert, "images": decoded_once}[FORM]

with ThreadPoolExecutor(THREADS) as threads:
    print("ready", flush=True)
    for line in sys.stdin:
        list(threads.map(WORK, json.loads(line)))
        print("done", flush=True)
