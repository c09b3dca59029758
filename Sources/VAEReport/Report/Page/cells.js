"use strict";
// Cells in the plane, coloured by what is known of them, or by what was counted and is expected of a feature.

/// What colours cells: a column of categories, or numbers along a sequence of colours.
class Coloring {
  constructor(name, values, { categories, colors, text }) {
    Object.assign(this, { name, values, categories, colors });
    this.text = text || ((index) => this.say(this.values[index]));
    if (categories) return;
    const finite = Array.from(values).filter(Number.isFinite).sort((a, b) => a - b);
    // A few far out would leave the rest in one colour.
    this.low = finite.length ? finite[Math.floor(finite.length * 0.005)] : 0;
    this.high = finite.length ? finite[Math.ceil(finite.length * 0.995) - 1] : 1;
    if (this.high <= this.low) [this.low, this.high] = [finite[0] || 0, finite[finite.length - 1] || 0];
  }

  color(index) {
    const value = this.values[index];
    if (!Number.isFinite(value)) return null;
    if (this.categories) return onGround(this.colors[value]);
    const share = this.high > this.low ? clamp((value - this.low) / (this.high - this.low), 0, 1) : 0;
    const place = share * (this.colors.length - 1), at = Math.min(Math.floor(place), this.colors.length - 2);
    return onGround(mixed(this.colors[at], this.colors[at + 1], place - at));
  }

  say(value) {
    if (!Number.isFinite(value)) return "not known";
    return this.categories ? this.categories[value] : short(value);
  }
}

/// Three digits, or all before the point.
function short(value) { return Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString(); }

/// What was counted of each feature, and what the model expects. All is compressed: `ready` comes when it is not any more.
class Features {
  constructor(data) {
    this.names = data.names;
    this.width = data.width;
    this.colors = data.colors;
    this.first = data.first;
    this.ready = this.read(data);
  }

  async read(data) {
    const shorts = async (text) => new Int16Array((await gunzip(text)).buffer);
    const floats = async (text) => new Float32Array((await gunzip(text)).buffer);
    const halves = async (text) => new Uint16Array((await gunzip(text)).buffer);
    const wholes = async (text) => new Uint32Array((await gunzip(text)).buffer);
    const [activations, weights, bias, normalizers, starts, cells, counts, totals] = await Promise.all([
      shorts(data.activations), shorts(data.weights), floats(data.bias), floats(data.normalizers), wholes(data.starts),
      halves(data.cells), floats(data.counts), floats(data.totals)]);
    Object.assign(this, { activations, weights, bias, normalizers, starts, cells, counts, totals });
    this.scales = data.activationScales.map((scale, index) => scale * data.weightScales[index]);
    this.lost = !data.inflationWeights ? null : {
      weights: await shorts(data.inflationWeights), bias: await floats(data.inflationBias),
      scales: data.activationScales.map((scale, index) => scale * data.inflationScales[index]) };
    this.isReady = true;
  }

  /// A column of the last layer's output, for every cell: h w + b.
  output({ weights, bias, scales }, feature) {
    const row = scales.map((scale, index) => scale * weights[feature * this.width + index]);
    return Float64Array.from(this.normalizers, (_, cell) => {
      let sum = bias[feature];
      for (let index = 0; index < this.width; index++) sum += row[index] * this.activations[cell * this.width + index];
      return sum;
    });
  }

  /// What the model expects of 10,000 counted, of every cell.
  expected(feature) {
    const logits = this.lost ? this.output(this.lost, feature) : null;
    return this.output(this, feature).map((value, cell) =>
      10000 * Math.exp(value - this.normalizers[cell]) / (logits ? 1 + Math.exp(logits[cell]) : 1));
  }

  /// What was counted, of every cell.
  counted(feature) {
    const values = new Float64Array(this.totals.length);
    for (let entry = this.starts[feature]; entry < this.starts[feature + 1]; entry++) {
      values[this.cells[entry]] = this.counts[entry];
    }
    return values;
  }

  /// Colours by the logarithm of either, on one scale; under the pointer both are told.
  coloring(feature, isExpected) {
    const expected = this.expected(feature), counted = this.counted(feature);
    const values = isExpected ? expected
      : counted.map((count, cell) => this.totals[cell] > 0 ? 10000 * count / this.totals[cell] : NaN);
    return new Coloring(this.names[feature], Array.from(values, (value) => Math.log1p(value)), {
      colors: this.colors,
      text: (cell) => `${counted[cell]} counted of ${this.totals[cell]}, ${short(expected[cell])} of 10,000 expected`,
    });
  }
}

/// The cells as a scatter has its examples.
class MappedCells {
  constructor(data) {
    this.count = data.count;
    this.ids = data.ids;
    this.map = shortsOf(data.map);
    this.scales = data.mapScales;
    this.rows = null;
    this.coloring = null;
  }

  coordinate(index, dimension) { return this.map[index * 2 + dimension] * this.scales[dimension]; }
  pixels() { return null; }
  title(index) {
    const name = this.ids[index];
    return this.coloring ? `${name}: ${this.coloring.name}, ${this.coloring.text(index)}` : name;
  }
  color(index) {
    if (!this.coloring) return "var(--first)";
    return this.coloring.color(index) || "var(--line)";
  }
  get classes() { return this.coloring && this.coloring.categories ? this.coloring.values : null; }
  get names() { return this.coloring.categories; }
  classColor(index) { return onGround(this.coloring.colors[index]); }
}

/// The map, what it is coloured by, and what the colours are.
class CellMap {
  constructor(data) {
    this.data = data;
    this.cells = new MappedCells(data);
    this.scatter = new Scatter(this.cells, 0, 1, {});
    this.scatter.useOneScale();
    this.scatter.canvas.setAttribute("aria-label", "cells in the plane");
    this.features = data.features ? new Features(data.features) : null;
    this.legend = make("div", { id: "cell-legend" });
    this.choice = make("select", { id: "coloring", "aria-label": "what cells are coloured by" },
      make("option", { value: "" }, "nothing"),
      ...data.columns.map((column, index) => make("option", { value: index }, column.name)),
      this.features ? make("option", { value: "feature" }, "a gene") : null);
    this.choice.addEventListener("change", () => this.show());
    this.element = make("div", {}, make("div", { class: "controls" }, make("label", {}, "colour by ", this.choice),
      ...this.featureControls()), this.scatter.element, this.legend);
    this.columns = new Map();
    this.choice.value = data.columns.length > 0 ? "0" : this.features ? "feature" : "";
    this.show();
  }

  featureControls() {
    if (!this.features) return [];
    const { names, first } = this.features;
    this.name = make("input", { id: "gene", list: "genes", value: names[first[0]], "aria-label": "gene", size: 14 });
    const others = names.map((_, index) => index).filter((index) => !first.includes(index));
    const list = make("datalist", { id: "genes" }, ...[...first, ...others].map((index) => make("option", { value: names[index] })));
    this.expected = make("select", { id: "expected", "aria-label": "counted or denoised" },
      make("option", { value: "yes" }, "denoised"), make("option", { value: "no" }, "as counted"));
    this.name.addEventListener("change", () => { this.choice.value = "feature"; this.show(); });
    this.expected.addEventListener("change", () => { this.choice.value = "feature"; this.show(); });
    return [this.name, list, this.expected];
  }

  async column(index) {
    if (!this.columns.has(index)) {
      const column = this.data.columns[index];
      const values = new Float32Array((await gunzip(column.values)).buffer);
      this.columns.set(index, new Coloring(column.name, values, {
        categories: column.categories, colors: column.colors }));
    }
    return this.columns.get(index);
  }

  async show() {
    const chosen = this.choice.value;
    let coloring = null, found = true;
    if (chosen === "feature") {
      await this.features.ready;
      const feature = this.features.names.indexOf(this.name.value.trim());
      found = feature >= 0;
      if (found) coloring = this.features.coloring(feature, this.expected.value === "yes");
    } else if (chosen !== "") {
      coloring = await this.column(Number(chosen));
    }
    // What was asked for since is shown by whoever asked.
    if (chosen !== this.choice.value) return;
    this.cells.coloring = coloring;
    this.scatter.hidden.clear();
    this.legend.replaceChildren(...(found ? this.legendOf(coloring) : [make("p", { class: "missing" },
      `There is no ${this.name.value}.`)]));
    this.scatter.draw();
  }

  legendOf(coloring) {
    if (!coloring) return [];
    if (coloring.categories) return [this.scatter.switches()];
    const stops = coloring.colors.map(onGround).join(", ");
    const isFeature = this.choice.value === "feature";
    const say = (value) => isFeature ? short(Math.expm1(value)) : coloring.say(value);
    return [make("div", { class: "ramp" }, make("span", {}, say(coloring.low)),
      make("span", { class: "colors", style: `background: linear-gradient(to right, ${stops})` }),
      make("span", {}, say(coloring.high)), isFeature ? make("span", { class: "note" }, "of 10,000 counted, on a logarithmic scale") : null)];
  }
}

function cellsSection(data) {
  const map = new CellMap(data);
  window.cellMap = map;
  return section("Cells", "two-thirds", map.element, make("p", { class: "note" }, data.note));
}
