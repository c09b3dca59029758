#!/usr/bin/env python3
"""Opens reports in a headless Chromium and uses them as a person would.

Trains a few small runs with the release executable, and fails with a line for everything that is not as it should be.

Usage: python3 Tests/Browser/test_report.py [--executable PATH] [--screenshots FOLDER]
"""

import argparse
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

import cells
from chromium import Browser, BrowserError
import tables

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIMIT_BYTES = 4_000_000
LIMIT_MILLISECONDS = 16
# By how much a decoded pixel may differ from the executable's.
PIXEL_TOLERANCE = 1e-3
# The same of a decoder whose last layer is not whole, at the latents furthest out.
NEAR_PIXEL_TOLERANCE = 0.05
# Of a page of colour pictures of 128 x 128.
LIMIT_BYTES_COLOUR = 15_000_000
# WCAG 2.1, level AA, for text of any size.
CONTRAST = 4.5

RUNS = {
    "2-D": ["--hidden", "64", "--epochs", "2"],
    "default": ["--epochs", "1"],
    "20-D": ["--hidden", "64", "--latent", "20", "--epochs", "2"],
    "autoencoder": ["--hidden", "64", "--model", "autoencoder", "--epochs", "2"],
    "1-D": ["--hidden", "16", "--latent", "1", "--epochs", "1"],
    "conditional": ["--hidden", "32", "--conditional", "--epochs", "1", "--likelihood", "categorical", "--levels", "4"],
    "layers": ["--encoder", "dense 32, batch-norm, tanh", "--decoder",
               "dense 24, gelu, dense 16, silu, dense 16, elu, dense 12, leaky-relu", "--epochs", "1"],
}

failures = []


def check(holds, what):
    if not holds:
        failures.append(what)
        print(f"FAILED {what}")


def run(executable, *arguments):
    result = subprocess.run([executable, *map(str, arguments)], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"{' '.join(map(str, arguments))}: {result.stderr}")


# What every page must do, in either scheme and at either width.

OVERFLOWING = """(() => {
    const wide = [];
    for (const element of document.body.querySelectorAll("*")) {
        const box = element.getBoundingClientRect();
        if (box.width === 0 || element.closest(".wide") || element.closest("svg")) continue;
        if (box.right > innerWidth + 1 || box.left < -1) wide.push(element.tagName + "#" + element.id);
    }
    if (document.documentElement.scrollWidth > innerWidth) wide.push("the page");
    return wide.slice(0, 5);
})()"""

# The least contrast of any text with what is behind it.
LOW_CONTRAST = """(() => {
    const parse = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
    const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
        .map((c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
        .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (element) => {
        for (let one = element; one; one = one.parentElement) {
            const color = parse(getComputedStyle(one).backgroundColor);
            if (color.length === 3 || color[3] > 0) return color;
        }
        return [255, 255, 255];
    };
    const low = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || ["SCRIPT", "NOSCRIPT"].includes(element.tagName)) continue;
        if (element.disabled || element.getClientRects().length === 0) continue;
        const style = getComputedStyle(element);
        const ink = parse(element.closest("svg") ? style.fill : style.color);
        const [a, b] = [luminance(ink), luminance(behind(element))].sort((x, y) => y - x);
        const ratio = (a + 0.05) / (b + 0.05);
        if (ratio < CONTRAST) low.push(`${walker.currentNode.data.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
    }
    return low.slice(0, 5);
})()""".replace("CONTRAST", str(CONTRAST))

BLANK = """(() => {
    const blank = [];
    for (const canvas of document.querySelectorAll("canvas")) {
        if (canvas.closest("[hidden]")) continue;
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const colors = new Set();
        for (let i = 0; i < data.length; i += 4) colors.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
        if (colors.size < 3) blank.push(canvas.id || canvas.className);
    }
    for (const image of document.images) if (image.naturalWidth === 0) blank.push(image.alt);
    for (const chart of document.querySelectorAll("svg.chart")) {
        const marks = [...chart.querySelectorAll("path, rect, circle")];
        if (!marks.some((mark) => mark.getBBox().width + mark.getBBox().height > 0)) {
            blank.push(chart.getAttribute("aria-label"));
        }
    }
    return blank;
})()"""

UNNAMED = """[...document.querySelectorAll("input, select, button")].filter((one) =>
    !(one.getAttribute("aria-label") || one.textContent.trim() || (one.labels && one.labels[0])))
    .map((one) => one.id)"""


def look(browser, url, name, screenshots):
    for width in (1600, 400):
        for scheme in ("light", "dark"):
            where = f"{name}, {width} px, {scheme}"
            page = browser.open(url, width=width, scheme=scheme)
            # The small pictures are unpacked a moment after the page is there.
            page.browser.wait(0.3)
            check(not page.errors, f"{where}: the console says {page.errors[:3]}")
            asked = [request for request in page.requests if not request.startswith("data:")]
            check(asked == [url], f"{where}: asked for {[one[:80] for one in asked[:4]]}")
            for what, expression in (("beyond the edge", OVERFLOWING), ("low contrast", LOW_CONTRAST),
                                     ("blank", BLANK), ("a control without a name", UNNAMED)):
                found = page.evaluate(expression)
                check(not found, f"{where}: {what}: {found}")
            if screenshots:
                page.screenshot(pathlib.Path(screenshots) / f"{name}-{width}-{scheme}.png")
            page.close()


# What can be done on a page.

def pixels(page):
    return page.evaluate("Array.from(explorer.decoded)")


def use_chart(page, name):
    box = page.box("svg.chart")
    read = "document.querySelector('.readout').textContent"
    page.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] / 2)
    first = page.evaluate(read)
    page.move(box["x"] + box["width"] * 0.95, box["y"] + box["height"] / 2)
    several = page.evaluate("data.runs[0].curves.epochs.length") > 1
    check(not several or first != page.evaluate(read), f"{name}: pointing elsewhere on the curves reads the same values")


def use_scatter(page, name):
    before = pixels(page)
    box = page.box("#scatter")
    page.move(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.3)
    there = pixels(page)
    check(there != before, f"{name}: moving the pointer over the scatter does not change the image")
    page.evaluate("document.getElementById('scatter').focus()")
    page.press("ArrowRight")
    check(pixels(page) != there, f"{name}: the arrow keys on the scatter do not change the image")


def use_dots(page, name):
    """The dot of example 7 shows its image when it is pointed at, and is shown when it is clicked."""
    box = page.box("#scatter")
    x, y = page.evaluate("scatter.place(7)")
    page.click(box["x"] + x, box["y"] + y)
    check(page.evaluate("!scatter.tip.hidden && !!scatter.tip.querySelector('canvas')"),
          f"{name}: pointing at a dot does not show its image")
    picked = page.evaluate("Number(document.getElementById('example').value)")
    check(page.evaluate(f"Math.hypot(scatter.place({picked})[0] - {x}, scatter.place({picked})[1] - {y}) < 9"),
          f"{name}: clicking a dot shows example {picked}, which is elsewhere")


def use_classes(page, name):
    read = "document.getElementById('scatter').toDataURL()"
    before = page.evaluate(read)
    box = page.box("#classes input")
    page.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    without = page.evaluate(read)
    check(without != before, f"{name}: switching a class off does not change the scatter")
    page.press(" ")
    check(page.evaluate(read) == before, f"{name}: switching it on by the keyboard does not bring it back")


def use_sliders(page, name):
    count = page.evaluate("document.querySelectorAll('#sliders input').length")
    check(count > 0, f"{name}: there are no sliders")
    before = pixels(page)
    box = page.box("#sliders input")
    page.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    there = pixels(page)
    check(there != before, f"{name}: a slider moved by mouse does not change the image")
    page.press("ArrowLeft")
    check(pixels(page) != there, f"{name}: a slider moved by keyboard does not change the image")


def use_buttons(page, name):
    before = pixels(page)
    box = page.box("#random")
    page.click(box["x"] + 5, box["y"] + 5)
    drawn = pixels(page)
    check(drawn != before, f"{name}: a random draw shows the same image")
    page.evaluate("document.getElementById('example').value = 3")
    for button in ("#show", "#end-a"):
        box = page.box(button)
        page.click(box["x"] + 5, box["y"] + 5)
    check(page.evaluate("explorer.latent.join()") == page.evaluate("explorer.examples.code(3).join()"),
          f"{name}: a test example is not shown at its code")
    page.evaluate("document.getElementById('example').value = 4")
    box = page.box("#end-b")
    page.click(box["x"] + 5, box["y"] + 5)
    box = page.box("#between")
    page.click(box["x"] + box["width"] - 4, box["y"] + box["height"] / 2)
    page.press("ArrowRight")
    for _ in range(8):
        page.press("ArrowRight")
    near = page.evaluate("Math.hypot(...explorer.latent.map((v, d) => v - explorer.examples.code(4)[d]))")
    check(near < 1e-6, f"{name}: the end of an interpolation is {near} from its example")


def read_npy(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<H", data[8:10])
    return struct.unpack(f"<{(len(data) - 10 - length) // 4}f", data[10 + length:])


def compare_decoders(page, executable, folder, name, tolerance=PIXEL_TOLERANCE):
    count = page.evaluate("explorer.decoder.latentCount")
    latents = [[((index * 7 + dimension * 3) % 11 - 5) / 2.5 for dimension in range(count)] for index in range(5)]
    table = folder / "latents.csv"
    table.write_text("".join(",".join(map(str, latent)) + "\n" for latent in latents))
    output = folder / "decoded.npy"
    told = ["--label", "1"] if page.evaluate("explorer.decoder.labelCount") > 0 else []
    run(executable, "decode", folder, "--latents", table, "--output", output, *told)
    expected = read_npy(output)
    found = page.evaluate(f"{json.dumps(latents)}.flatMap((z) => Array.from(explorer.decoder.decode(z, 1)))")
    worst = max(abs(a - b) for a, b in zip(expected, found))
    check(len(expected) == len(found) and worst < tolerance, f"{name}: pixels differ by {worst} from the executable's")
    fastest = page.evaluate(f"""Math.min(...Array.from({{length: 20}}, () => {{
        const start = performance.now();
        explorer.decoder.decode({json.dumps(latents[1])}, 1);
        return performance.now() - start;
    }}))""")
    check(fastest < LIMIT_MILLISECONDS, f"{name}: decoding takes {fastest} ms")
    print(f"{name}: decodes in {fastest:.1f} ms, within {worst:.1e} of the executable")


def use(browser, executable, folder, name):
    page = browser.open((folder / "report.html").as_uri(), width=1600)
    page.browser.wait(0.3)
    use_chart(page, name)
    dimensions = page.evaluate("explorer.decoder.latentCount")
    if dimensions == 2:
        use_scatter(page, name)
    else:
        use_sliders(page, name)
    if dimensions > 1:
        use_dots(page, name)
        use_classes(page, name)
    use_buttons(page, name)
    compare_decoders(page, executable, folder, name)
    check(not page.errors, f"{name}: after use the console says {page.errors[:3]}")
    page.close()


def write_png(path, side, pixel):
    """A colour picture of `side` x `side`, whose pixels are what `pixel(x, y)` says."""
    def chunk(kind, data):
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(value for x in range(side) for value in pixel(x, y)) for y in range(side))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack("!IIBBBBB", side, side, 8, 2, 0, 0, 0))
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def make_pictures(folder, side, count):
    """Discs and squares of many colours and places, in a folder each."""
    for index in range(count):
        kind = ("disc", "square")[index % 2]
        (folder / kind).mkdir(parents=True, exist_ok=True)
        inside = [(index * step) % 200 + 50 for step in (37, 61, 89)]
        middle_x, middle_y, radius = side * (3 + index % 5) / 10, side * (3 + index % 4) / 9, side / (3 + index % 3)

        def pixel(x, y, kind=kind, inside=inside, middle=(middle_x, middle_y), radius=radius):
            away = (x - middle[0], y - middle[1])
            is_inside = max(map(abs, away)) < radius if kind == "square" else away[0] ** 2 + away[1] ** 2 < radius ** 2
            return inside if is_inside else (20 + x * 60 // side, 40, 30 + y * 60 // side)

        write_png(folder / kind / f"{kind}-{index:02}.png", side, pixel)


def use_pictures(browser, executable, temporary, screenshots):
    """Colour pictures of 128 x 128: a decoder of 25 million weights goes into the page through few directions."""
    name, pictures, folder = "colour", pathlib.Path(temporary) / "pictures", pathlib.Path(temporary) / "run colour"
    make_pictures(pictures, 128, 24)
    run(executable, "--data", pictures, "--output", folder, "--epochs", 2, "--batch-size", 8, "--quiet")
    size = (folder / "report.html").stat().st_size
    print(f"{name}: {size / 1e6:.2f} MB")
    check(size < LIMIT_BYTES_COLOUR, f"{name}: the page has {size} bytes")
    page = browser.open((folder / "report.html").as_uri(), width=1600)
    page.browser.wait(0.3)
    check(page.evaluate("!!data.runs[0].decoder.note"), f"{name}: the page does not say that its decoder is not the model's")
    check(page.evaluate("explorer.decoded.length") == 128 * 128 * 3, f"{name}: the picture is of another size")
    compare_decoders(page, executable, folder, name, NEAR_PIXEL_TOLERANCE)
    names = page.evaluate("[...document.querySelectorAll('#classes label')].map((label) => label.textContent)")
    check(names == ["disc", "square"], f"{name}: the classes are called {names}")
    box = page.box("#scatter")
    x, y = page.evaluate("scatter.place(0)")
    page.move(box["x"] + x, box["y"] + y)
    check(".png, " in page.evaluate("scatter.tip.textContent"),
          f"{name}: the file's name and class are not under the pointer: {page.evaluate('scatter.tip.textContent')}")
    check(not page.errors, f"{name}: the console says {page.errors[:3]}")
    page.close()
    look(browser, (folder / "report.html").as_uri(), name, screenshots)


def damage(executable, folder):
    """Reports of what is left of a run, with labels that would be markup if they were not text."""
    (folder / "checkpoint.safetensors").unlink()
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    lines[0] = lines[0].replace('"test_kl":', '"test_kl":NaN,"was":')
    (folder / "metrics.jsonl").write_text("\n".join([*lines, "{half a li"]) + "\n")
    hostile = ["<script>console.error('ran')</script>", "</script><img src=x onerror=console.error(1)>", "&amp;"]
    names = hostile + [f"class {number}" for number in range(297)]
    count = 10_000
    (folder / "labels.txt").write_text("".join(names[index % len(names)] + "\n" for index in range(count)))
    run(executable, "report", folder, "--labels", folder / "labels.txt")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--executable", default=ROOT / ".build" / "release" / "vae-train")
    parser.add_argument("--screenshots", help="a folder for pictures of every page")
    arguments = parser.parse_args()
    if arguments.screenshots:
        pathlib.Path(arguments.screenshots).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, Browser() as browser:
        folders = {}
        for name, options in RUNS.items():
            folders[name] = folder = pathlib.Path(temporary) / f"run {name}"
            run(arguments.executable, *options, "--output", folder, "--quiet")
            size = (folder / "report.html").stat().st_size
            print(f"{name}: {size / 1e6:.2f} MB")
            check(size < LIMIT_BYTES, f"{name}: the page has {size} bytes")
        for name, folder in folders.items():
            use(browser, arguments.executable, folder, name)
        for name in ("2-D", "20-D", "autoencoder", "1-D"):
            look(browser, (folders[name] / "report.html").as_uri(), name, arguments.screenshots)
        use_pictures(browser, arguments.executable, temporary, arguments.screenshots)
        for name in tables.RUNS:
            folder = tables.train(run, arguments.executable, pathlib.Path(temporary), name)
            tables.use(browser, run, check, arguments.executable, folder, name)
            look(browser, (folder / "report.html").as_uri(), name, arguments.screenshots)
        for name, folder in cells.train(run, arguments.executable, pathlib.Path(temporary)).items():
            cells.use(browser, run, check, arguments.executable, folder, name)
            look(browser, (folder / "report.html").as_uri(), name, arguments.screenshots)
        comparison = pathlib.Path(temporary) / "compare.html"
        run(arguments.executable, "compare", folders["2-D"], folders["autoencoder"], "--output", comparison)
        look(browser, comparison.as_uri(), "comparison", arguments.screenshots)
        damage(arguments.executable, folders["2-D"])
        look(browser, (folders["2-D"] / "report.html").as_uri(), "damaged", arguments.screenshots)
        page = browser.open((folders["2-D"] / "report.html").as_uri())
        check(page.evaluate("document.querySelectorAll('.missing').length") == 1,
              "damaged: the page does not say that a line of the metrics is missing")
        check(page.evaluate("document.querySelectorAll('#classes label').length") == 300, "damaged: not 300 classes")
        check(page.evaluate("document.querySelectorAll('img[src=x], #classes script').length") == 0,
              "damaged: a label became markup")
        check("<script>" in page.evaluate("document.getElementById('classes').textContent"), "damaged: a label is not shown")
    if failures:
        sys.exit(f"{len(failures)} of the checks failed")
    print("every page passed")


if __name__ == "__main__":
    try:
        main()
    except BrowserError as error:
        sys.exit(f"test_report: {error}")
