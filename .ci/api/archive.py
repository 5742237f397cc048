"""The texts of an archive, wheel or npm package, that nobody here has made. Nothing of it is unpacked."""

import gzip
import io
import re
import tarfile
import zipfile

MAX_ARCHIVE = 64 * 1024 * 1024
MAX_ENTRIES = 20_000
MAX_FILE = 4 * 1024 * 1024
MAX_TOTAL = 128 * 1024 * 1024


class Refused(Exception):
    """What is wrong with the archive, in words for the one who asked for it."""


def checked(name):
    """The name of an entry; refused where it would lead out of the folder that it is unpacked into."""
    parts = re.split(r"[/\\]", name)
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name) or "\0" in name:
        raise Refused(f"a path that leads out of the archive: {name[:80]!r}")
    return name


class Bounded(io.RawIOBase):
    """A stream that ends with a refusal where more comes than any client holds: skipping costs as much as reading."""

    def __init__(self, stream):
        self.stream = stream
        self.left = MAX_TOTAL

    def read(self, size=-1):
        if size < 0:
            size = self.left + 1
        data = self.stream.read(size)
        self.left -= len(data)
        if self.left < 0:
            raise Refused(f"more than {MAX_TOTAL} bytes")
        return data


def entries(path):
    """(name, stream) of each plain file, of either kind of archive."""
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                checked(info.filename)
                if not info.is_dir():
                    yield info.filename, lambda info=info: archive.open(info)
    else:
        with gzip.open(path) as stream, tarfile.open(fileobj=Bounded(stream), mode="r|") as archive:
            for info in archive:
                checked(info.name)
                if info.isfile():
                    yield info.name, lambda info=info: archive.extractfile(info)


def texts(path, wanted):
    """The texts by the names of the wanted files."""
    with open(path, "rb") as file:
        if file.seek(0, io.SEEK_END) > MAX_ARCHIVE:
            raise Refused(f"an archive of more than {MAX_ARCHIVE} bytes")
    found = {}
    total = 0
    for count, (name, opened) in enumerate(entries(path)):
        if count >= MAX_ENTRIES:
            raise Refused(f"more than {MAX_ENTRIES} files")
        if not wanted(name):
            continue
        if name in found:
            raise Refused(f"two files of one name: {name[:80]!r}")
        # What an archive says of a size may be a lie: at most so much is read.
        with opened() as stream:
            data = stream.read(MAX_FILE + 1)
        total += len(data)
        if len(data) > MAX_FILE or total > MAX_TOTAL:
            raise Refused(f"a file of more than {MAX_FILE} bytes, or {MAX_TOTAL} in all: {name[:80]!r}")
        found[name] = data.decode("utf-8")
    return found
