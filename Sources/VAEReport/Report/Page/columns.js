"use strict";
// The columns of a table: how often what occurs in the data and among draws, and how well each is reconstructed.

/// As many as are shown before one asks for more.
const firstColumns = 24;

/// Small elements made one by one, the first few at once and the others by a button.
function onDemand(items, container, build, noun) {
  items.slice(0, firstColumns).forEach((item) => container.append(build(item)));
  if (items.length <= firstColumns) return null;
  const more = make("button", { type: "button", class: "more" }, `show all ${items.length} ${noun}`);
  more.addEventListener("click", () => {
    items.slice(firstColumns).forEach((item) => container.append(build(item)));
    more.remove();
  });
  return more;
}

function percent(share) { return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`; }

/// A number on an axis, in three digits or as many as it has before the point.
function shortNumber(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e7 || size < 1e-3)) return value.toExponential(1).replace("-", "−").replace("e+", "e");
  const decimals = size === 0 ? 0 : clamp(2 - Math.floor(Math.log10(size)), 0, 5);
  return numberText(Number(value.toFixed(decimals)), 0) === numberText(value, decimals).replace(/\.0*$/, "")
    ? numberText(value, 0) : numberText(value, decimals);
}

/// Data against draws: an outline over intervals of numbers, or bars beside the names of levels.
function histogram(column) {
  const caption = make("p", { class: "readout" });
  const missing = column.missing > 0 ? `, ${percent(column.missing)} missing` : "";
  const usual = `distance ${column.distance.toFixed(2)} (${column.chance.toFixed(2)})${missing}`;
  const chart = column.names ? levelBars(column) : outlines(column);
  const show = (index) => {
    chart.mark(index);
    caption.textContent = index === null ? usual
      : `${chart.name(index)}: ${percent(column.data[index])}, draws ${percent(column.draws[index])}`;
  };
  chart.svg.addEventListener("pointermove", (event) => {
    const box = chart.svg.getBoundingClientRect();
    show(chart.at((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height));
  });
  chart.svg.addEventListener("pointerleave", () => show(null));
  show(null);
  return make("div", { class: "multiple", "data-column": column.name }, make("h3", {}, column.name), chart.svg, caption);
}

function smallChart(column, height) {
  const width = innerWidth < 600 ? 160 : 200;
  const svg = make("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": `${column.name}: data and draws` });
  return { svg, width };
}

function outlines(column) {
  const height = 100, bottom = 82, top = 4;
  const { svg, width } = smallChart(column, height);
  const bins = column.data.length, highest = Math.max(...column.data, ...column.draws, 1e-9);
  const x = (edge) => 1 + edge / bins * (width - 2), y = (share) => bottom - share / highest * (bottom - top);
  const steps = (shares) => shares.map((share, bin) => `${bin ? "L" : "M"}${x(bin).toFixed(1)} ${y(share).toFixed(1)}`
    + `H${x(bin + 1).toFixed(1)}`).join("");
  const mark = make("rect", { class: "under", y: top, height: bottom - top, width: (width - 2) / bins, visibility: "hidden" });
  svg.append(mark,
    make("path", { class: "data-area", d: `M${x(0)} ${bottom}${steps(column.data).replace("M", "L")}V${bottom}Z` }),
    make("path", { class: "draws-line", d: steps(column.draws) }),
    make("line", { class: "axis", x1: 0, x2: width, y1: bottom, y2: bottom }));
  // Bins of whole numbers begin half a unit before the first.
  const isWhole = !column.isByQuantiles && (column.decimals === 0 || column.kind === "count");
  const first = (bin) => isWhole ? column.edges[bin] + 0.5 : column.edges[bin];
  const last = (bin) => isWhole ? column.edges[bin + 1] - 0.5 : column.edges[bin + 1];
  const middle = Math.floor(bins / 2);
  const labels = [[0, first(0), "start"], [bins, last(bins - 1), "end"]];
  if (bins >= 4) labels.push([middle, first(middle), "middle"]);
  for (const [edge, value, anchor] of labels) {
    svg.append(make("text", { x: clamp(x(edge), 1, width - 1), y: bottom + 13, "text-anchor": anchor }, shortNumber(value)));
  }
  return {
    svg, at: (across) => clamp(Math.floor(across * bins), 0, bins - 1),
    name: (bin) => first(bin) === last(bin) ? shortNumber(first(bin)) : `${shortNumber(first(bin))} to ${shortNumber(last(bin))}`,
    mark: (bin) => {
      mark.setAttribute("visibility", bin === null ? "hidden" : "visible");
      if (bin !== null) mark.setAttribute("x", x(bin));
    },
  };
}

function levelBars(column) {
  const step = 17, levels = column.names.length;
  const { svg, width } = smallChart(column, levels * step + 2);
  const left = width * 0.46, highest = Math.max(...column.data, ...column.draws, 1e-9);
  const letters = Math.floor((left - 5) / 6.6);
  const mark = make("rect", { class: "under", x: 0, width, height: step, visibility: "hidden" });
  svg.append(mark);
  column.names.forEach((name, level) => {
    const y = level * step + 1, length = (share) => Math.max(share / highest * (width - left - 1), 0.5);
    const text = name.length > letters ? `${name.slice(0, letters - 1)}…` : name;
    svg.append(make("text", { x: left - 5, y: y + 12, "text-anchor": "end" }, text || "(empty)"),
      make("rect", { class: "data-bar", x: left, y: y + 2, height: 6, width: length(column.data[level]) }),
      make("rect", { class: "draws-bar", x: left, y: y + 8.5, height: 6, width: length(column.draws[level]) }));
  });
  return {
    svg, at: (_, down) => clamp(Math.floor(down * (levels * step + 2) / step), 0, levels - 1),
    name: (level) => column.names[level] || "(empty)",
    mark: (level) => {
      mark.setAttribute("visibility", level === null ? "hidden" : "visible");
      if (level !== null) mark.setAttribute("y", level * step + 1);
    },
  };
}

function columnsSection(table) {
  const charts = make("div", { class: "multiples", id: "columns" });
  const more = onDemand(table.histograms, charts, histogram, "columns");
  const key = (kind, name) => make("span", {}, make("span", { class: `key ${kind}` }), name);
  const by = table.histograms.some((column) => column.isByQuantiles)
    ? " Columns with heavy tails have bins of equal steps on the curve of quantiles that the model sees them through." : "";
  const left = table.columnCount > table.histograms.length
    ? ` The ${table.histograms.length} least alike of ${table.columnCount} columns.` : "";
  return section("Columns: data and draws", "",
    make("div", { class: "legend" }, key("of-data", "data"), key("of-draws", "draws")), charts, more,
    make("p", { class: "note" }, `The least alike first. ${table.note}${by}${left}`));
}

/// A bar for each column, the worst first.
function errorsSection(table) {
  if (table.errors.length === 0) return null;
  const longest = Math.max(1, ...table.errors.map((error) => error.relative ?? 0));
  const list = make("div", { class: "errors", id: "errors" });
  const more = onDemand(table.errors, list, (error) => make("div", { class: "error" },
    make("span", { class: "name" }, error.name),
    make("span", { class: "track" },
      make("span", { class: "bar", style: `width: ${(clamp((error.relative ?? 0) / longest, 0, 1) * 100).toFixed(1)}%` }),
      make("span", { class: "one", style: `left: ${(100 / longest).toFixed(1)}%` })),
    make("span", { class: "words" },
      error.relative === null || error.relative === undefined ? `– ${error.words}` : `${error.relative.toFixed(2)}: ${error.words}`)), "columns");
  return section("Error by column", "", list, more, make("p", { class: "note" },
    "The test set, reconstructed from its posterior means. Of numbers the root mean squared error by the standard deviation; "
    + "of categories the share that is wrong, by that of always guessing the most frequent. At the line, 1, the latent tells "
    + "nothing of the column."));
}
