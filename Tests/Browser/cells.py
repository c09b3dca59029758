"""A run on cells, and what can be done on its page; `test_report.py` uses it."""

import pathlib
import random
import struct

# The page's numbers are of 16 bits.
TOLERANCE = 2e-3
LIMIT_BYTES = 4_000_000
# Twelve cells with columns of what is known of them.
FIXTURE = pathlib.Path(__file__).resolve().parent.parent / "VAECellsTests" / "Fixtures" / "csr-gzip.h5ad"


def write_cells(folder, count=900, genes=60):
    """Cells of three kinds, as Cell Ranger writes them; one gene's name would be markup if it were not text."""
    numbers = random.Random(3)
    folder.mkdir()
    names = ["<b>gene</b>"] + [f"gene{index}" for index in range(1, genes)]
    entries = []
    for cell in range(count):
        kind = cell % 3
        for gene in range(genes):
            rate = 0.2 + (6 if gene % 3 == kind and gene < 30 else 0)
            seen = sum(numbers.random() < rate / 20 for _ in range(20))
            if seen:
                entries.append(f"{gene + 1} {cell + 1} {seen}\n")
    (folder / "matrix.mtx").write_text(
        f"%%MatrixMarket matrix coordinate integer general\n{genes} {count} {len(entries)}\n" + "".join(entries))
    (folder / "genes.tsv").write_text("".join(f"id{index}\t{name}\n" for index, name in enumerate(names)))
    (folder / "barcodes.tsv").write_text("".join(f"cell-{cell}\n" for cell in range(count)))


def train(run, executable, temporary):
    """The folders of a run on cells of which columns are known, and of one on many of which only counts are."""
    cells, few, many = temporary / "cells", temporary / "run few cells", temporary / "run many cells"
    write_cells(cells)
    small = ["--encoder", "log1p, dense 12, batch-norm, relu", "--decoder", "dense 10, batch-norm, relu", "--latent", 3]
    run(executable, "--data", FIXTURE, *small, "--batch-column", "type", "--likelihood", "zinb", "--batch-size", 4,
        "--epochs", 3, "--output", few, "--quiet")
    run(executable, "--data", cells, "--latent", 5, "--epochs", 15, "--output", many, "--quiet")
    return {"few cells": few, "many cells": many}


def read_npy(path):
    data = path.read_bytes()
    (length,) = struct.unpack("<H", data[8:10])
    return struct.unpack(f"<{(len(data) - 10 - length) // 4}f", data[10 + length:])


def choose(page, coloring):
    """What a person does with the list: waits until the cells have those colours."""
    page.evaluate(f"""(() => {{
        const choice = document.getElementById('coloring');
        choice.value = [...choice.options].find((option) => option.textContent === '{coloring}').value;
        return choice.dispatchEvent(new Event('change'));
    }})()""")
    page.browser.wait(0.3)


def compare_expected(page, run, check, executable, folder, name):
    """What the page expects of every cell and gene, by the executable."""
    output = folder / "expected.npy"
    run(executable, "denoise", folder, "--set", "all", "--library-size", 10000, "--output", output)
    expected = read_npy(output)
    count, genes = page.evaluate("[cellMap.cells.count, cellMap.features.names.length]")
    found = page.evaluate("cellMap.features.names.map((_, gene) => Array.from(cellMap.features.expected(gene)))")
    worst = max((abs(found[gene][cell] - expected[cell * genes + gene]) / (1 + expected[cell * genes + gene])
                 for cell in range(count) for gene in range(genes)), default=1)
    check(len(expected) == count * genes and worst < TOLERANCE, f"{name}: expectations differ by {worst} from the executable's")
    print(f"{name}: expects within {worst:.1e} of the executable")


def use(browser, run, check, executable, folder, name):
    """Everything on the page of cells."""
    size = (folder / "report.html").stat().st_size
    print(f"{name}: {size / 1e6:.2f} MB")
    check(size < LIMIT_BYTES, f"{name}: the page has {size} bytes")
    page = browser.open((folder / "report.html").as_uri(), width=1600)
    page.wait_until("cellMap.features.isReady === true")
    drawn = "document.getElementById('scatter').toDataURL()"
    choices = page.evaluate("[...document.getElementById('coloring').options].map((option) => option.textContent)")
    check(choices[-1] == "a gene" and (name != "few cells" or {"type", "size"} <= set(choices)), f"{name}: colours by {choices}")
    pictures = {}
    for coloring in choices:
        choose(page, coloring)
        pictures[coloring] = page.evaluate(drawn)
    apart = [pictures[coloring] for coloring in choices if coloring in ("nothing", "type", "size", "a gene")]
    check(len(set(apart)) == len(apart), f"{name}: two of {choices} look alike")
    # Denoised and as counted, and both under the pointer.
    choose(page, "a gene")
    page.evaluate("(() => { const e = document.getElementById('expected'); e.value = 'no'; e.dispatchEvent(new Event('change')); })()")
    page.browser.wait(0.3)
    check(page.evaluate(drawn) != pictures["a gene"], f"{name}: counts look like expectations")
    box = page.box("#scatter")
    x, y = page.evaluate("cellMap.scatter.place(3)")
    page.move(box["x"] + x, box["y"] + y)
    text = page.evaluate("cellMap.scatter.tip.textContent")
    check(page.evaluate("!cellMap.scatter.tip.hidden") and "counted of" in text and "expected" in text,
          f"{name}: under the pointer is {text!r}")
    # Another gene by its name, and one that is not there.
    last = page.evaluate("cellMap.features.names[cellMap.features.names.length - 1]")
    for gene, word in ((last, "of 10,000"), ("no such gene", "no such gene")):
        page.evaluate(f"(() => {{ const g = document.getElementById('gene'); g.value = '{gene}'; g.dispatchEvent(new Event('change')); }})()")
        page.browser.wait(0.3)
        legend = page.evaluate("document.getElementById('cell-legend').textContent")
        check(word in legend, f"{name}: the legend of {gene} is {legend!r}")
    counted = page.evaluate("cellMap.features.names.map((_, gene) => Array.from(cellMap.features.counted(gene)))")
    totals = page.evaluate("Array.from(cellMap.features.totals)")
    check(all(abs(sum(column[cell] for column in counted) - total) < 1e-3 for cell, total in enumerate(totals)),
          f"{name}: what is counted of genes does not add up")
    if name == "few cells":
        choose(page, "type")
        before = page.evaluate(drawn)
        box = page.box("#classes input")
        page.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        check(page.evaluate(drawn) != before, f"{name}: switching a type off does not change the map")
    else:
        # Cells of one kind lie together: of ten neighbours on the map most are of the cell's own kind.
        same = page.evaluate("""(() => {
            const place = (cell) => [cellMap.cells.coordinate(cell, 0), cellMap.cells.coordinate(cell, 1)];
            const kind = (cell) => Number(cellMap.cells.ids[cell].split('-')[1]) % 3;
            let same = 0;
            for (let cell = 0; cell < 60; cell++) {
                const [x, y] = place(cell);
                const near = Array.from({ length: cellMap.cells.count }, (_, other) => other)
                    .map((other) => [Math.hypot(place(other)[0] - x, place(other)[1] - y), other])
                    .sort((a, b) => a[0] - b[0]).slice(1, 11);
                same += near.filter(([, other]) => kind(other) === kind(cell)).length;
            }
            return same / 600;
        })()""")
        check(same > 0.9, f"{name}: {same} of a cell's neighbours on the map are of its kind")
    compare_expected(page, run, check, executable, folder, name)
    check(page.evaluate("document.querySelectorAll('main b').length") == 0, f"{name}: a name became markup")
    check(not page.errors, f"{name}: after use the console says {page.errors[:3]}")
    page.close()
