"use strict";
// What the decoder makes of any place in the latent space.

/// The decoded image.
class DecodedImage {
  constructor(shape) {
    this.shape = shape;
    this.element = make("canvas", { class: "image", id: "decoded", width: shape.width, height: shape.height,
      role: "img", "aria-label": "the decoded image" });
  }

  show(pixels) { drawImage(this.element, pixels, this.shape); }
}

/// The decoded image or row, and every way to choose its latent.
class Explorer {
  constructor(decoder, examples, data) {
    Object.assign(this, { decoder, examples, data });
    this.latent = new Array(decoder.latentCount).fill(0);
    this.label = decoder.labels[0];
    this.sliders = [];
    this.ends = [null, null];
    this.view = data.shape ? new DecodedImage(data.shape) : new DecodedRow(data.columns);
    this.told = new ToldColumns(data.told, () => this.show());
    this.readout = make("p", { class: "readout", id: "latent" });
    this.element = make("div", {}, this.view.element, this.readout, ...this.controls());
    this.show();
  }

  show() {
    const start = performance.now();
    this.decoded = this.decoder.decode(this.latent, this.label, this.told.numbers);
    this.milliseconds = performance.now() - start;
    this.view.show(this.decoded);
    const numbers = this.latent.slice(0, 6).map((value) => value.toFixed(2)).join(", ");
    this.readout.textContent = `z = (${numbers}${this.latent.length > 6 ? ", …" : ""})`;
    for (const { dimension, input, output } of this.sliders) {
      input.value = this.latent[dimension];
      output.textContent = this.latent[dimension].toFixed(2);
    }
  }

  set(latent) {
    this.latent = Array.from(latent);
    this.show();
  }

  controls() {
    const parts = [];
    const button = (text, id, action) => {
      const element = make("button", { type: "button", id }, text);
      element.addEventListener("click", action);
      return element;
    };
    const row = make("div", { class: "controls" }, button("random draw", "random", () => this.set(this.draw())));
    parts.push(row);
    if (this.decoder.labelCount > 0) {
      const choice = make("select", { id: "label", "aria-label": "class to decode for" },
        ...this.decoder.labels.map((label) =>
          make("option", { value: label }, (this.data.labelNames || [])[label] || `class ${label}`)));
      choice.addEventListener("change", () => { this.label = Number(choice.value); this.show(); });
      row.append(choice);
    }
    row.append(...this.told.elements);
    if (this.examples && this.examples.count > 0) parts.push(...this.exampleControls(button));
    if (this.decoder.latentCount !== 2) parts.push(this.makeSliders());
    return parts;
  }

  /// "This test example", and a way between two of them.
  exampleControls(button) {
    this.number = make("input", { type: "number", id: "example", min: 0, max: this.examples.totalCount - 1, value: 0,
      "aria-label": "number of a test example" });
    const index = () => this.examples.indexOf(Math.round(Number(this.number.value) || 0));
    const between = make("input", { type: "range", id: "between", min: 0, max: 1, step: 0.01, value: 0,
      "aria-label": "from the first example to the second" });
    const ends = make("span", { class: "note" });
    const say = () => {
      ends.textContent = this.ends.map((end, place) => `${"AB"[place]}: ${end === null ? "–" : this.examples.numberOf(end)}`).join("  ");
      between.disabled = this.ends.includes(null);
    };
    const mark = (place) => { this.ends[place] = index(); say(); };
    between.addEventListener("input", () => {
      const [a, b] = this.ends.map((end) => this.examples.code(end)), share = Number(between.value);
      this.set(a.map((value, dimension) => value * (1 - share) + b[dimension] * share));
    });
    this.number.addEventListener("change", () => this.pick(index()));
    say();
    return [
      make("div", { class: "controls" }, make("span", {}, "test example"), this.number,
        button("show", "show", () => this.pick(index()))),
      make("div", { class: "controls" }, make("span", {}, "interpolate"), button("A", "end-a", () => mark(0)),
        button("B", "end-b", () => mark(1)), ends, between),
    ];
  }

  /// Shows what a test example's code decodes to.
  pick(index) {
    this.number.value = this.examples.numberOf(index);
    this.told.tellOf(this.examples.rows, index);
    this.set(this.examples.code(index));
  }

  /// One for each active dimension, the largest KL first.
  makeSliders() {
    const box = make("div", { class: "sliders", id: "sliders" });
    for (const dimension of this.data.sliderDimensions) {
      const range = this.data.sliderRange;
      const input = make("input", { type: "range", min: -range, max: range, step: range / 150, value: 0,
        "data-dimension": dimension, "aria-label": `latent dimension ${dimension}` });
      const output = make("span", {}, "0.00");
      input.addEventListener("input", () => {
        this.latent[dimension] = Number(input.value);
        this.show();
      });
      this.sliders.push({ dimension, input, output });
      box.append(make("label", {}, make("span", {}, `dimension ${dimension}`), input, output));
    }
    return box;
  }

  /// N(0, I), by Box and Muller.
  draw() {
    return this.latent.map(() =>
      Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random()));
  }
}
