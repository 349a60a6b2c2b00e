"""Makes the small data sets of tests/native/imports.rs with the libraries that people make theirs with.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 pillow==13.0.0 && venv/bin/python make.py

Every file has the same six images of 28 x 28 (`images()`), whose classes are 3, 7, 3, 7, 9, 9, unless its name says something else.
"""

import gzip
import io
import os
import struct
import zipfile

import numpy as np
from PIL import Image

os.chdir(os.path.dirname(os.path.abspath(__file__)))
LABELS = np.array([3, 7, 3, 7, 9, 9], np.uint8)


def images():
    """Image n: a bar of 255 in row 4 + 3n, and a pixel of 51 * n in column 2 of row 1."""
    all = np.zeros((6, 28, 28), np.uint8)
    for n in range(6):
        all[n, 4 + 3 * n, 5:20] = 255
        all[n, 1, 2] = 51 * n
    return all


X = images()


def idx(array):
    return struct.pack(f">I{array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes()


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


def gz(data):
    return gzip.compress(data, mtime=0)


# IDX, as MNIST has it and as others name it
write("train-images-idx3-ubyte.gz", gz(idx(X[:4])))
write("train-labels-idx1-ubyte.gz", gz(idx(LABELS[:4])))
write("t10k-images.idx3-ubyte.gz", gz(idx(X[4:])))
write("t10k-labels.idx1-ubyte.gz", gz(idx(LABELS[4:])))

# NumPy
np.savez_compressed("mnist.npz", x_train=X[:4], y_train=LABELS[:4], x_test=X[4:], y_test=LABELS[4:])
np.savez_compressed("named.npz", images=X, labels=LABELS.astype(np.int64))
np.savez("positional.npz", X[:1], LABELS[:1])
np.savez_compressed("medmnist.npz", train_images=X[:3], train_labels=LABELS[:3, None], val_images=X[3:4], val_labels=LABELS[3:4, None], test_images=X[4:], test_labels=LABELS[4:, None])
for name, array in {
    "float32": (X / 255).astype("<f4"),
    "float16-flat": (X / 255).astype("<f2").reshape(6, 784),
    "float64-big-endian": X.astype(">f8"),
    "int16-big-endian-channel": X.astype(">i2")[:, None],
    "fortran": np.asfortranarray(X[..., None]),
    "bool": X > 100,
    "uint16": (X.astype("<u2") * 257),
    "colour": np.repeat(X[..., None], 3, axis=3),
    "56x28": np.repeat(X, 2, axis=1),
    "nan": np.where(X == 255, np.nan, X / 255).astype("<f4"),
    "infinite": np.where(X == 255, np.inf, X / 255).astype("<f4"),
    "negative": X.astype("<f4") / 127.5 - 1,
    "object": np.array([{"a": 1}, None], object),
    "structured": np.zeros(3, [("a", "<f4"), ("b", "<i2")]),
    "complex": X[0].astype("<c8"),
    "shape": np.zeros((2, 3, 4, 5, 6), np.uint8),
    "single": X[0],
}.items():
    file = io.BytesIO()
    np.save(file, array)
    write(f"{name}.npy.gz", gz(file.getvalue()))

# Tables
def table(rows, header=None, separator=","):
    lines = ([separator.join(header)] if header else []) + [separator.join(map(str, row)) for row in rows]
    return ("\n".join(lines) + "\n").encode()


flat = X.reshape(6, 784)
names = [f"pixel{k}" for k in range(784)]
write("label-first-header.csv.gz", gz(table(np.c_[LABELS, flat], ["label", *names])))
write("label-first.csv.gz", gz(table(np.c_[LABELS, flat])))
write("label-last.csv.gz", gz(table(np.c_[flat, LABELS])))
write("no-labels.tsv.gz", gz(table(flat / 255, separator="\t")))
write("semicolons.csv.gz", gz(table(np.c_[LABELS, flat], separator=";")))
write("text-labels.csv.gz", gz(table([[["cat", "dog"][n % 2], *flat[n]] for n in range(6)])))
write("pandas-index.csv.gz", gz(table([[n, *flat[n]] for n in range(6)], ["", *map(str, range(784))])))
write("ragged.csv.gz", gz(table([[3, *flat[0]], [7, *flat[1][:-1]]])))
write("no-number.csv.gz", gz(table([[3, *flat[0]], [7, *flat[1][:300], "oops", *flat[1][301:]]])))
write("wrong-header.csv.gz", gz(table(np.c_[LABELS, flat], names)))
write("too-bright.csv.gz", gz(table(np.c_[LABELS, flat.astype(int) * 300])))


# Pictures
def png(array, mode="L", format="PNG", **options):
    file = io.BytesIO()
    Image.fromarray(array).convert(mode).save(file, format, **options)
    return file.getvalue()


def archive(name, entries, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(name, "w", method) as file:
        for path, data in entries:
            file.writestr(zipfile.ZipInfo(path, (2000, 1, 1, 0, 0, 0)), data, method)


pictures = [(f"glyphs/{LABELS[n]}/{n}.png", png(X[n])) for n in range(6)]
archive("pictures.zip", [*pictures, ("__MACOSX/glyphs/3/._0.png", b"\0\5\26\7"), ("glyphs/.DS_Store", b"Bud1")])
archive("pictures-split.zip", [(f"set/{'train' if n < 4 else 'test'}/{LABELS[n]}/{n}.png", png(X[n])) for n in range(6)])
archive("files.zip", [("train-images-idx3-ubyte", idx(X[:4])), ("train-labels-idx1-ubyte", idx(LABELS[:4])), ("t10k-images-idx3-ubyte.gz", gz(idx(X[4:]))), ("t10k-labels-idx1-ubyte", idx(LABELS[4:]))])
archive("nested.zip", [("a/0.png", png(X[0])), ("inner.zip", open("mnist.npz", "rb").read())])
archive("climbs.zip", [("../0.png", png(X[0])), ("/root.png", png(X[1])), ("C:\\dos.png", png(X[2])), ("a/3.png", png(X[3]))])
archive("lzma.zip", [("a/0.png", png(X[0]))], zipfile.ZIP_LZMA)
archive("bomb.zip", [("zeros.npy", b"\x93NUMPY\1\0" + bytes([118, 0]) + b"{'descr': '|u1', 'fortran_order': False, 'shape': (2000, 784), }".ljust(117) + b"\n" + bytes(3_000_000)), ("a/0.png", png(X[0]))])
rgb = np.stack([X[0], X[0], np.full_like(X[0], 128)], axis=2)
write("grey16.png", png(X[0].astype(np.uint16) * 257, "I;16"))
write("cmyk.jpg", png(rgb, "CMYK", "JPEG"))
write("colour.webp", png(rgb, "RGB", "WEBP", lossless=True))
write("small.bmp", png(X[0][4:7, 4:7], "L", "BMP"))
write("some.gif", png(X[0], "L", "GIF"))
