#!/usr/bin/env python3
"""Writes Tests/VAEPicturesTests/Fixtures/pictures.json: PNG and JPEG files, and the pixels that are in them.

Of each file its bytes in base64, and its width, height, channels and pixels as they should be read: 8 bits, upright, over
white where it is transparent. PNG files are written here, chunk by chunk, as Pillow does not write all that the format has;
what their pixels become is computed from the numbers that went in, and compared with what Pillow reads where Pillow rounds
alike. JPEG files are written and read by Pillow. Those that are to be refused have, instead of pixels, a part of the
message. Needs pillow and numpy.
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import numpy
from PIL import Image, ImageOps

random = numpy.random.default_rng(1)
pictures = {}
refused = {}


def add(name, data, pixels):
    pixels = numpy.asarray(pixels, "u1")
    height, width = pixels.shape[:2]
    assert name not in pictures
    pictures[name] = {
        "file": base64.b64encode(data).decode(),
        "width": width,
        "height": height,
        "channels": 1 if pixels.ndim == 2 else pixels.shape[2],
        "pixels": base64.b64encode(pixels.tobytes()).decode(),
    }


def refuse(name, data, words):
    refused[name] = {"file": base64.b64encode(data).decode(), "words": words}


# PNG, by the W3C's specification.

SIGNATURE = b"\x89PNG\r\n\x1a\n"
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def packed_rows(samples, depth):
    """Each row of [height, width, samples], unfiltered, in whole bytes."""
    rows = b""
    for row in samples.reshape(samples.shape[0], -1):
        if depth == 16:
            rows += b"\0" + row.astype(">u2").tobytes()
        else:
            bits = numpy.unpackbits(row.astype("u1")[:, None], axis=1)[:, 8 - depth :]
            rows += b"\0" + numpy.packbits(bits.ravel()).tobytes()
    return rows


def png(samples, depth, colour_type, interlaced=False, before=b"", after=b"", size=None):
    height, width = samples.shape[:2]
    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        data = b"".join(packed_rows(part, depth) for part in passes if part.size)
    else:
        data = packed_rows(samples, depth)
    width, height = size or (width, height)
    header = struct.pack(">IIBBBBB", width, height, depth, colour_type, 0, 0, int(interlaced))
    compressed = zlib.compress(data)
    half = len(compressed) // 2
    return (
        SIGNATURE
        + chunk(b"IHDR", header)
        + before
        + chunk(b"IDAT", compressed[:half])
        + chunk(b"IDAT", compressed[half:])
        + after
        + chunk(b"IEND", b"")
    )


def eight_bits(samples, depth):
    """The nearest of 255 steps to the same fraction; no halves arise, as 257 is odd."""
    largest = 2**depth - 1
    return (samples.astype("u8") * 510 + largest) // (2 * largest)


def over_white(values, alpha, depth=8):
    """Of 16 bits first the product is rounded to 16, then what it becomes over white to 8."""
    alpha = alpha.astype("u8")[..., None] if values.ndim == 3 else alpha.astype("u8")
    if depth == 16:
        return ((values * alpha + 32767) // 65535 * 255 + 255 * (65535 - alpha) + 32767) // 65535
    return (values * alpha + 255 * (255 - alpha) + 127) // 255


def check_with_pillow(data, expected):
    with Image.open(io.BytesIO(data)) as image:
        found = numpy.asarray(image.convert("RGB" if expected.ndim == 3 else "L"))
    assert (found == expected).all(), "Pillow reads other numbers"


HEIGHT, WIDTH = 5, 11
for colour_type, depths in {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}.items():
    for depth in depths:
        shape = (HEIGHT, WIDTH, SAMPLES[colour_type])
        samples = random.integers(0, 2**depth, shape, dtype="u4")
        if depth == 16:
            # On both sides of where rounding and the upper byte differ.
            samples[0, :, 0] = [0, 1, 128, 129, 255, 256, 257, 385, 386, 65406, 65535]
        palette = random.integers(0, 256, (2 ** min(depth, 8), 3), dtype="u4")
        before = chunk(b"PLTE", palette.astype("u1").tobytes()) if colour_type == 3 else b""
        values = eight_bits(samples, depth)
        if colour_type == 3:
            pixels = palette[samples[..., 0]]
        elif colour_type in (0, 2):
            pixels = values[..., 0] if colour_type == 0 else values
        elif colour_type == 4:
            pixels = over_white(samples[..., 0].astype("u8"), samples[..., 1], depth)
        else:
            pixels = over_white(samples[..., :3].astype("u8"), samples[..., 3], depth)
        for interlaced in [False, True]:
            name = f"PNG type {colour_type}, {depth} bits" + (", interlaced" if interlaced else "")
            data = png(samples, depth, colour_type, interlaced, before)
            if colour_type in (0, 2, 3) and depth <= 8:
                check_with_pillow(data, pixels)
            add(name, data, pixels)
            # One value, or some entries of the palette, transparent.
            if colour_type == 3:
                alpha = random.integers(0, 256, max(1, len(palette) // 2), dtype="u4")
                marks = chunk(b"tRNS", alpha.astype("u1").tobytes())
                full = numpy.concatenate([alpha, numpy.full(len(palette) - len(alpha), 255, "u4")])
                add(name + ", tRNS", png(samples, depth, 3, interlaced, before + marks),
                    over_white(pixels, full[samples[..., 0]]))
            elif colour_type in (0, 2):
                clear = samples.copy()
                clear[1, 2] = clear[3, 4]
                if depth == 16:
                    # The lower byte counts too.
                    clear[1, 3] = clear[3, 4] ^ 1
                mark = clear[3, 4]
                marks = chunk(b"tRNS", mark.astype(">u2").tobytes())
                alpha = numpy.where((clear == mark).all(axis=2), 0, 255)
                values2 = eight_bits(clear, depth)
                add(name + ", tRNS", png(clear, depth, colour_type, interlaced, marks),
                    over_white(values2[..., 0] if colour_type == 0 else values2, alpha))

# What a file says of gamma and colours changes no number.
grey8 = random.integers(0, 256, (4, 6, 1), dtype="u4")
grey16 = random.integers(0, 65536, (4, 6, 1), dtype="u4")
for name, before in {
    "gamma 1": chunk(b"gAMA", struct.pack(">I", 100000)),
    "gamma 1 / 2.2": chunk(b"gAMA", struct.pack(">I", 45455)),
    "sRGB": chunk(b"sRGB", b"\0"),
    "a damaged profile": chunk(b"iCCP", b"x\0\0rubbish"),
    "three significant bits": chunk(b"sBIT", b"\x03"),
}.items():
    add(f"PNG 8 bits, {name}", png(grey8, 8, 0, before=before), grey8[..., 0])
    add(f"PNG 16 bits, {name}", png(grey16, 16, 0, before=before), eight_bits(grey16, 16)[..., 0])
add("PNG with text", png(grey8, 8, 0, before=chunk(b"tEXt", b"Title\0x"), after=chunk(b"tIME", bytes(7))), grey8[..., 0])
add("PNG of one pixel", png(grey8[:1, :1], 8, 0), grey8[:1, :1, 0])

# Orientation. A picture of no symmetry, 3 × 2 for the exact ones.
small = numpy.arange(0, 240, 40, dtype="u4").reshape(2, 3, 1)


def notes(orientation, order="<", kind=3, first=8):
    """A TIFF file of one directory with another entry before the orientation."""
    mark = b"II" if order == "<" else b"MM"
    width = struct.pack(order + "HHII", 0x0100, 4, 1, 3)
    value = struct.pack(order + ("HHIHH" if kind == 3 else "HHII"), 0x0112, kind, 1, orientation, *([0] if kind == 3 else []))
    return mark + struct.pack(order + "HI", 42, first) + bytes(first - 8) + struct.pack(order + "H", 2) + width + value + bytes(4)


def upright(pixels, orientation):
    """By the standard's words for the sides where the first row and the first column are."""
    return {
        1: lambda p: p,
        2: lambda p: p[:, ::-1],
        3: lambda p: p[::-1, ::-1],
        4: lambda p: p[::-1],
        5: lambda p: p.swapaxes(0, 1),
        6: lambda p: numpy.rot90(p, -1),
        7: lambda p: numpy.rot90(p, 2).swapaxes(0, 1),
        8: lambda p: numpy.rot90(p, 1),
    }[orientation](pixels)


for orientation in range(1, 9):
    for order in "<>":
        add(f"PNG orientation {orientation} {order}",
            png(small, 8, 0, after=chunk(b"eXIf", notes(orientation, order, first=8 if order == "<" else 14))),
            upright(small[..., 0], orientation))
add("PNG orientation 6 as a LONG", png(small, 8, 0, before=chunk(b"eXIf", notes(6, ">", 4))), upright(small[..., 0], 6))
for name, rubbish in {"0": notes(0), "9": notes(9), "255 in no order": b"XX" + notes(6)[2:], "cut off": notes(6)[:20],
                      "far away": notes(6)[:4] + b"\xff\xff\xff\xff", "empty": b""}.items():
    add(f"PNG orientation {name}", png(small, 8, 0, before=chunk(b"eXIf", rubbish)), small[..., 0])

# JPEG: something smooth, so that all decoders agree.
rows, columns = numpy.mgrid[0:19, 0:26]
colours = numpy.stack([columns * 9, rows * 12, 200 - rows * 4 - columns * 3], axis=2).astype("u1")


def jpeg(pixels, mode="RGB", **options):
    file = io.BytesIO()
    Image.fromarray(pixels).convert(mode).save(file, "JPEG", **{"quality": 92, **options})
    return file.getvalue()


def read_by_pillow(data):
    with Image.open(io.BytesIO(data)) as image:
        return numpy.asarray(ImageOps.exif_transpose(image))


for name, data in {
    "grey": jpeg(colours, "L"),
    "4:4:4": jpeg(colours, subsampling=0),
    "4:2:2": jpeg(colours, subsampling=1),
    "4:2:0": jpeg(colours, subsampling=2),
    "progressive": jpeg(colours, progressive=True),
    "progressive grey": jpeg(colours, "L", progressive=True),
    "restart markers": jpeg(colours, restart_marker_blocks=1),
    "RGB": jpeg(colours, keep_rgb=True),
    "one pixel": jpeg(colours[:1, :1]),
    "behind it rubbish": jpeg(colours) + b"rubbish",
    "rubbish for notes": jpeg(colours, exif=b"Exif\0\0" + bytes(range(200, 250))),
}.items():
    add(f"JPEG {name}", data, read_by_pillow(data))
for orientation in range(1, 9):
    order = "<>"[orientation % 2]
    data = jpeg(colours, subsampling=0, exif=b"Exif\0\0" + notes(orientation, order))
    pixels = read_by_pillow(data)
    assert (pixels == upright(read_by_pillow(jpeg(colours, subsampling=0)), orientation)).all()
    add(f"JPEG orientation {orientation}", data, pixels)

# What is refused.
refuse("PNG of 60,000 × 60,000", png(grey8, 8, 0, size=(60000, 60000)),
       "header: expected a picture of at most 200 megapixels and 1000000 pixels a side, found 60000 × 60000 pixels")
refuse("PNG of 12,000 × 12,000 with 16 bits", png(grey16, 16, 0, size=(12000, 12000)),
       "expected a picture of at most 100 megapixels and 1000000 pixels a side, found 12000 × 12000 pixels")
refuse("PNG of 2,000,000 × 1", png(grey8, 8, 0, size=(2000000, 1)), "found 2000000 × 1 pixels")
refuse("PNG of 14,000 × 14,000 in a few bytes", png(grey8, 8, 0, size=(14000, 14000)),
       "expected the pixels of a PNG of 14000 × 14000, found only")
refuse("PNG of no pixel", png(grey8, 8, 0, size=(0, 4)), "found 0 × 4 pixels")
refuse("PNG that lacks rows", png(grey8, 8, 0, size=(6, 5)), "expected a whole PNG, found damage: ")
broken = bytearray(png(grey8, 8, 0))
broken[-20] ^= 1
refuse("PNG with a wrong checksum", bytes(broken), "expected a whole PNG, found damage: ")
refuse("PNG with a chunk of its own", png(grey8, 8, 0, before=chunk(b"OWNx", b"1")), 'found one called "OWNx"')
big = bytearray(jpeg(colours))
frame = big.index(b"\xff\xc0")
big[frame + 5 : frame + 9] = struct.pack(">HH", 60000, 60000)
refuse("JPEG of 60,000 × 60,000", bytes(big), "found 60000 × 60000 pixels")
big[frame + 5 : frame + 9] = struct.pack(">HH", 14000, 14000)
refuse("JPEG of 14,000 × 14,000 in a few bytes", bytes(big), "expected the pixels of a JPEG of 14000 × 14000, found a file of only")
big[frame + 5 : frame + 9] = struct.pack(">HH", 0, 26)
refuse("JPEG of no row", bytes(big), "found 26 × 0 pixels")
refuse("JPEG in CMYK", jpeg(colours, "CMYK"), "found one in CMYK")
refuse("JPEG without a frame", jpeg(colours)[:40] + b"\xff\xd9", "expected a JPEG that says its size")
for kind, words in {"GIF": "a GIF picture", "WEBP": "a WebP picture", "BMP": "a BMP picture", "TIFF": "a TIFF picture"}.items():
    file = io.BytesIO()
    Image.fromarray(colours).resize((2, 2)).save(file, kind)
    refuse(kind, file.getvalue(), f"expected a PNG or JPEG picture, found {words}")
refuse("nothing", b"", "expected a PNG or JPEG picture, found an empty file")
refuse("text", "Données: x, y\n1, 2\n".encode(), "found text")
refuse("zeros", bytes(100), "found zeros")
refuse("a page", b"<?xml version='1.0'?>", "found XML or an SVG drawing")
refuse("a pointer", b"version https://git-lfs.github.com/spec/v1\n", "found a pointer of Git LFS")
refuse("unknown", b"\x01\x02\x03\xff\xfe", "found an unknown format that begins with the bytes 01 02 03 FF")

path = pathlib.Path(__file__).resolve().parent.parent / "Tests/VAEPicturesTests/Fixtures/pictures.json"
path.parent.mkdir(exist_ok=True)


def lines(cases):
    rows = (f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(case, ensure_ascii=False)}" for name, case in cases.items())
    return "{\n" + ",\n".join(rows) + "\n}"


path.write_text(f'{{"pictures": {lines(pictures)},\n"refused": {lines(refused)}}}\n')
print(path, len(pictures), "pictures,", len(refused), "refused,", path.stat().st_size, "bytes")
