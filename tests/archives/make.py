"""Makes the archives of this folder: the same three files, packed by Python's zipfile and Info-ZIP in the ways that people have.

    python3 tests/archives/make.py        # Python 3.11, zip 3.0
"""

import io
import pathlib
import subprocess
import tempfile
import zipfile

HERE = pathlib.Path(__file__).parent
FILES = {
    "lab.json": b'{"format":"latent-lab","numbers":[' + b"0," * 400 + b"0]}",
    "runs/01-vae/history.csv": b"curve,step,reconstruction,kl,total\r\n" + b"train,1,200,10,210\r\n" * 30,
    "weights/model.safetensors": bytes(range(256)) * 3,
}
DAY = (2026, 11, 26, 12, 0, 0)


class Pipe(io.RawIOBase):
    """A file that cannot be gone back in, as a network or a pipe is."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, data):
        self.bytes += bytes(data)
        return len(data)


def info(name, method):
    made = zipfile.ZipInfo(name, DAY)
    made.compress_type = method
    return made


def packed(name, *, method=zipfile.ZIP_DEFLATED, order=FILES, folder="", folders=(), file=None, zip64=False):
    target = file if file is not None else HERE / f"{name}.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for each in folders:
            archive.writestr(info(each, zipfile.ZIP_STORED), b"")
        for each in order:
            with archive.open(info(folder + each, method), "w", force_zip64=zip64) as entry:
                entry.write(FILES[each])
    if file is not None:
        (HERE / f"{name}.zip").write_bytes(file.bytes)


packed("deflated")
packed("stored", method=zipfile.ZIP_STORED)
packed("other-order", order=list(reversed(FILES)))
packed("folders", folders=["runs/", "runs/01-vae/", "weights/"])
packed("in-a-folder", folder="my lab/", folders=["my lab/", "__MACOSX/"])
packed("streamed", file=Pipe())
packed("streamed-stored", method=zipfile.ZIP_STORED, file=Pipe())
packed("zip64", zip64=True)
packed("zip64-streamed", zip64=True, file=Pipe())
packed("bzip2", method=zipfile.ZIP_BZIP2)
packed("lzma", method=zipfile.ZIP_LZMA)

with tempfile.TemporaryDirectory() as folder:
    for name, contents in FILES.items():
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents)
    for name, options in {"info-zip": ["-r"], "info-zip-zip64": ["-r", "-fz"], "info-zip-encrypted": ["-r", "-P", "x"]}.items():
        (HERE / f"{name}.zip").unlink(missing_ok=True)
        subprocess.run(["zip", "-q", *options, HERE / f"{name}.zip", "."], cwd=folder, check=True)
    piped = subprocess.run(["zip", "-q", "-r", "-", "."], cwd=folder, check=True, capture_output=True)
    (HERE / "info-zip-piped.zip").write_bytes(piped.stdout)
