"""Runs on tables, and what can be done on their pages; `test_report.py` uses it."""

import json
import math
import random
import struct

# Relative to the number's own size, or to 1 where that is less.
TOLERANCE = 1e-4
RUNS = {
    "table": [],
    "told": ["--conditions", "city"],
    "wide": [],
}
WIDE_COLUMNS = 60
# What a page shows of a model that is told a city.
CHOSEN_CITY = "document.querySelector('.told select').selectedOptions[0].textContent"


def write_table(path, name):
    """Numbers, one with a heavy tail, a count, a yes or no, a category with missing cells, an id and a class."""
    numbers = random.Random(7)
    extra = WIDE_COLUMNS if name == "wide" else 0
    lines = [",".join(["who", "size", "income", "children", "smoker", "city", "group"]
                      + [f"sensor {index} with a long name" for index in range(extra)])]
    for row in range(600):
        size = numbers.gauss(170, 9)
        income = math.exp(numbers.gauss(9, 1.6))
        city = "" if row % 13 == 5 else "<b>Oslo</b>" if size > 172 else numbers.choice(["Bern", "Rome"])
        cells = [f"person-{row}", f"{size:.1f}", f"{income:.0f}", str(min(numbers.getrandbits(3), numbers.getrandbits(2))),
                 "yes" if income > 9000 else "no", city, "tall" if size > 170 else "short"]
        cells += [f"{numbers.gauss(index, 1 + index / 9):.3f}" for index in range(extra)]
        lines.append(",".join(cells))
    path.write_text("\n".join(lines) + "\n")


def train(run, executable, temporary, name):
    """The folder of a small run on such a table."""
    table, folder = temporary / f"{name}.csv", temporary / f"run {name}"
    write_table(table, name)
    run(executable, "--data", table, "--id-column", "who", "--label-column", "group", "--epochs", 5, "--output", folder,
        "--quiet", *RUNS[name])
    return folder


def read_coding(folder):
    """The columns, from the model's file."""
    data = (folder / "model.safetensors").read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    found = []

    def look(value):
        if isinstance(value, str) and '"columns"' in value:
            value = json.loads(value)
        if isinstance(value, dict):
            if isinstance(value.get("columns"), list):
                found.append(value["columns"])
            for part in value.values():
                look(part)

    look(json.loads(data[8:8 + length])["__metadata__"])
    return found[0]


def inverse(column, value):
    """What a number's feature stands for, by the formulas of the model's file and not those of the page."""
    transform = column.get("transform", {})
    knots = transform.get("knots", [])
    if not knots:
        result = value * transform.get("scale", 1) + transform.get("center", 0)
    else:
        # A value that many rows have is the knot (value, normal, low, high), and any other (value, normal).
        spans = [(knot[0], *(knot[2:] or (knot[1], knot[1]))) for knot in knots]
        within = [value_of for value_of, low, high in spans if low <= value <= high]
        place = max([0] + [index for index, span in enumerate(spans[:-1]) if span[1] <= value])
        (a, low, s), (b, t, high) = spans[place], spans[place + 1]
        if value < spans[0][1]:
            s = low
        if value > spans[-1][2]:
            t = high
        result = within[0] if within else a + (value - s) * (b - a) / (t - s)
    return min(max(result, column["lowest"]), column["highest"])


def is_near(a, b):
    return abs(a - b) <= TOLERANCE * max(1, abs(a), abs(b))


def compare_decoder(page, run, check, executable, folder, name):
    """Features by the executable and by the page, and the numbers that they stand for."""
    count = page.evaluate("explorer.decoder.latentCount")
    latents = [[((index * 7 + dimension * 3) % 11 - 5) / 2.5 for dimension in range(count)] for index in range(6)]
    (folder / "latents.csv").write_text("".join(",".join(map(str, latent)) + "\n" for latent in latents))
    output = folder / "decoded.npy"
    told = page.evaluate("explorer.told.numbers")
    given = ["--given", f"city={page.evaluate(CHOSEN_CITY)}"] if told else []
    run(executable, "decode", folder, "--latents", folder / "latents.csv", "--output", output, *given)
    data = output.read_bytes()
    (length,) = struct.unpack("<H", data[8:10])
    expected = struct.unpack(f"<{(len(data) - 10 - length) // 4}f", data[10 + length:])
    decoded = "explorer.decoder.decode(z, undefined, explorer.told.numbers)"
    found = page.evaluate(f"{json.dumps(latents)}.flatMap((z) => Array.from({decoded}))")
    worst = max((abs(a - b) / max(1, abs(a)) for a, b in zip(expected, found)), default=1)
    check(len(expected) == len(found) and worst < TOLERANCE, f"{name}: features differ by {worst} from the executable's")
    print(f"{name}: decodes within {worst:.1e} of the executable")
    width = len(found) // len(latents)
    columns = {column["name"]: column for column in read_coding(folder)}
    shown = page.evaluate(f"""{json.dumps(latents)}.map((z) => {{
        const features = {decoded};
        return explorer.view.columns.map((column) => [column.name, column.kind, column.first,
            explorer.view.value(column, features), explorer.view.text(column, features)]);
    }})""")
    for row, cells in enumerate(shown):
        for column, kind, first, value, text in cells:
            feature = expected[row * width + first]
            if kind == "number":
                right = inverse(columns[column], feature)
                check(is_near(value, right), f"{name}: {column} is {value}, not {right}")
            if kind == "count":
                check(is_near(value, feature), f"{name}: {column} is {value}, not {feature}")
            if kind == "yes-no":
                check(text.startswith(("no", "yes")[feature >= 0.5]), f"{name}: {column} of {feature} is shown as {text}")
            if kind == "category":
                levels = expected[row * width + first:row * width + first + len(columns[column]["levels"])]
                right = columns[column]["texts"][levels.index(max(levels))]
                check(text.startswith(right), f"{name}: {column} is shown as {text}, not {right}")


def use_columns(page, check, name):
    """Histograms: the first 24, all on demand, and what is under the pointer."""
    count = "document.querySelectorAll('#columns .multiple').length"
    total = page.evaluate("data.runs[0].table.histograms.length")
    check(page.evaluate(count) == min(total, 24), f"{name}: {page.evaluate(count)} histograms of {total} columns at first")
    if total > 24:
        box = page.box("#columns + .more")
        page.click(box["x"] + 5, box["y"] + 5)
        check(page.evaluate(count) == total, f"{name}: asked for all columns, {page.evaluate(count)} of {total} are there")
        check(page.evaluate("!document.querySelector('#columns + .more')"), f"{name}: the button for all columns stays")
    distances = page.evaluate("data.runs[0].table.histograms.map((column) => column.distance)")
    check(distances == sorted(distances, reverse=True), f"{name}: the least alike are not first")
    for column in ("size", "city", "income"):
        if page.evaluate(f"!document.querySelector('[data-column={column}]')"):
            continue
        read = f"document.querySelector('[data-column={column}] .readout').textContent"
        check(page.evaluate(read).startswith("distance "), f"{name}: {column} says no distance")
        box = page.box(f"[data-column={column}] svg")
        page.move(box["x"] + box["width"] * 0.6, box["y"] + box["height"] * 0.4)
        check(", draws " in page.evaluate(read), f"{name}: pointing at {column} reads {page.evaluate(read)!r}")


def use_rows(page, check, name):
    """The dot of an example shows its row, and a click its reconstruction."""
    page.wait_until("explorer.examples.rows.values !== null")
    cells = page.evaluate("[...explorer.examples.rows.element(3).querySelectorAll('td')].map((cell) => cell.textContent)")
    check(len(cells) <= 20, f"{name}: {len(cells)} columns under the pointer")
    box = page.box("#scatter")
    x, y = page.evaluate("scatter.place(3)")
    page.move(box["x"] + x, box["y"] + y)
    text = page.evaluate("scatter.tip.textContent")
    check(page.evaluate("!scatter.tip.hidden") and "person-" in text and ("tall" in text or "short" in text),
          f"{name}: under the pointer is {text[:60]!r}")
    check(page.evaluate("scatter.tip.querySelectorAll('tr').length") == len(cells), f"{name}: the row is not under the pointer")
    if name == "wide":
        check("… and 45 more" in text, f"{name}: the row does not say how many columns are left out: {text[-60:]!r}")
    missing = page.evaluate("""Array.from({length: explorer.examples.count}, (_, index) => index)
        .filter((index) => Number.isNaN(explorer.examples.rows.value(index, "city")))""")
    check(len(missing) > 0, f"{name}: no city is missing")
    shown = page.evaluate(f"explorer.examples.rows.element({missing[0]}).textContent")
    check("city–" in shown, f"{name}: a missing city is shown as {shown!r}")
    before = page.evaluate("explorer.view.element.textContent")
    page.click(box["x"] + x, box["y"] + y)
    check(page.evaluate("explorer.view.element.textContent") != before, f"{name}: clicking a dot shows the same row")


def use_told(page, check, name):
    """A column that the decoder is told is chosen by hand, and by the example that is shown."""
    row = "explorer.view.element.textContent"
    before = page.evaluate(row)
    page.evaluate("""(() => {
        const choice = document.querySelector('.told select');
        choice.value = (Number(choice.value) + 1) % choice.options.length;
        choice.dispatchEvent(new Event('change'));
    })()""")
    check(page.evaluate(row) != before, f"{name}: telling it another city decodes to the same row")
    page.wait_until("explorer.examples.rows.values !== null")
    told = page.evaluate("""[0, 1, 2, 3, 4].map((index) => {
        explorer.pick(index);
        const choice = document.querySelector('.told select');
        const value = explorer.examples.rows.value(index, 'city');
        return Number.isNaN(value) ? [1, 1] : [explorer.told.numbers[value], Number(choice.value) === value ? 1 : 0];
    })""")
    check(all(pair == [1, 1] for pair in told), f"{name}: an example's city is not what the decoder is told: {told}")


def use(browser, run, check, executable, folder, name):
    """Everything on the page of a table."""
    page = browser.open((folder / "report.html").as_uri(), width=1600)
    page.browser.wait(0.3)
    size = (folder / "report.html").stat().st_size
    print(f"{name}: {size / 1e6:.2f} MB")
    check(size < 4_000_000, f"{name}: the page has {size} bytes")
    use_columns(page, check, name)
    use_rows(page, check, name)
    check(page.evaluate("document.querySelectorAll('#correlations svg').length") == 2, f"{name}: not two maps of correlations")
    box = page.box("#correlations svg")
    before = page.evaluate("document.getElementById('correlation').textContent")
    page.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.3)
    check(page.evaluate("document.getElementById('correlation').textContent") != before,
          f"{name}: pointing at the correlations reads the same")
    errors = page.evaluate("data.runs[0].table.errors.map((error) => error.relative ?? -1)")
    check(len(errors) > 0 and errors == sorted(errors, reverse=True), f"{name}: errors are not sorted: {errors}")
    before = page.evaluate("explorer.view.element.textContent")
    # A latent of two numbers has the scatter for its sliders.
    box = page.box("#sliders input" if page.evaluate("explorer.sliders.length") > 0 else "#scatter")
    page.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    check(page.evaluate("explorer.view.element.textContent") != before, f"{name}: another latent decodes to the same row")
    if name == "told":
        use_told(page, check, name)
    compare_decoder(page, run, check, executable, folder, name)
    check(page.evaluate("document.querySelectorAll('main b').length") == 0, f"{name}: a cell became markup")
    check(not page.errors, f"{name}: after use the console says {page.errors[:3]}")
    page.close()
