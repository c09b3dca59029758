"use strict";
// The latent space, with the test examples as dots.

/// The examples of the test set, or some of them: their codes, names, classes, and small pictures or rows.
class Examples {
  constructor(data) {
    this.count = data.count;
    this.totalCount = data.totalCount;
    this.latentCount = data.latentCount;
    this.codes = shortsOf(data.codes);
    this.scales = data.codeScales;
    this.classes = data.classes ? new Uint16Array(bytesOf(data.classes).buffer) : null;
    this.names = data.classNames;
    this.colors = data.classColors;
    this.ids = data.ids || null;
    this.shape = data.shape;
    this.rows = data.rows ? new Rows(data.rows) : null;
    this.thumbnails = null;
    if (data.thumbnails) gunzip(data.thumbnails).then((bytes) => { this.thumbnails = bytes; });
  }

  /// An example's number in the whole test set, and the example that is the nearest to a number.
  numberOf(index) { return Math.floor(index * this.totalCount / this.count); }
  indexOf(number) { return clamp(Math.ceil(number * this.count / this.totalCount), 0, this.count - 1); }

  /// What it is called.
  title(index) {
    const name = this.ids ? this.ids[index] : `example ${this.numberOf(index)}`;
    return this.classes ? `${name}, ${this.names[this.classes[index]]}` : name;
  }

  code(index) {
    return Array.from({ length: this.latentCount }, (_, dimension) => this.coordinate(index, dimension));
  }

  coordinate(index, dimension) { return this.codes[index * this.latentCount + dimension] * this.scales[dimension]; }

  color(index) { return this.classes ? this.classColor(this.classes[index]) : "var(--first)"; }

  classColor(number) { return onGround(this.colors[number % this.colors.length]); }

  /// Pixels from 0 to 1; two of four bits in each byte.
  pixels(index) {
    if (!this.thumbnails) return null;
    const count = this.shape.width * this.shape.height * this.shape.channels;
    return Array.from({ length: count }, (_, place) => {
      const byte = this.thumbnails[(index * count + place) >> 1];
      return ((index * count + place) % 2 === 0 ? byte >> 4 : byte & 15) / 15;
    });
  }
}

const darkScheme = matchMedia("(prefers-color-scheme: dark)");

/// A colour "#rrggbb", half way to white on a dark ground.
function onGround(color) { return darkScheme.matches ? mixed(color, "#ffffff", 0.5) : color; }

/// A share of the way between two colours "#rrggbb", as one of these.
function mixed(first, second, share) {
  const part = (color, start) => parseInt(color.slice(start, start + 2), 16);
  return "#" + [1, 3, 5].map((start) => Math.round(part(first, start) * (1 - share) + part(second, start) * share)
    .toString(16).padStart(2, "0")).join("");
}

/// Dots over two latent dimensions. Calls `onPoint(latent x, latent y)` as the pointer or the arrow keys move, and
/// `onPick(example)` for a click on a dot.
class Scatter {
  constructor(examples, horizontal, vertical, { onPoint, onPick } = {}) {
    Object.assign(this, { examples, horizontal, vertical, onPoint, onPick });
    this.hidden = new Set();
    this.cursor = null;
    this.canvas = make("canvas", { class: "scatter", id: "scatter", tabindex: "0", role: "img",
      "aria-label": `test examples in latent dimensions ${horizontal} and ${vertical}; arrow keys move the cursor` });
    this.tip = make("div", { class: "tip", hidden: "" });
    this.element = make("div", { class: "stage" }, this.canvas, this.tip);
    const indices = Array.from({ length: examples.count }, (_, index) => index);
    this.xRange = rangeOf(indices.map((index) => examples.coordinate(index, horizontal)));
    this.yRange = rangeOf(indices.map((index) => examples.coordinate(index, vertical)));
    // A fixed shuffle, so that no class lies on top of another.
    this.order = indices.map((index) => [(index * 2654435761) % 4294967296, index]).sort((a, b) => a[0] - b[0])
      .map((pair) => pair[1]);
    this.canvas.addEventListener("pointermove", (event) => this.point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("pointerleave", () => { this.tip.hidden = true; });
    this.canvas.addEventListener("click", (event) => {
      const near = this.nearest(event.offsetX, event.offsetY);
      if (near !== null && this.onPick) this.onPick(near);
    });
    this.canvas.addEventListener("keydown", (event) => this.step(event));
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    darkScheme.addEventListener("change", () => this.draw());
  }

  /// Gives both axes one scale, for a map on which distances are alike in all directions.
  useOneScale() {
    const ranges = [this.xRange, this.yRange];
    const span = Math.max(...ranges.map(([low, high]) => high - low));
    for (const range of ranges) {
      const middle = (range[0] + range[1]) / 2;
      [range[0], range[1]] = [middle - span / 2, middle + span / 2];
    }
  }

  get size() { return this.canvas.clientWidth; }
  place(index) {
    return [this.toX(this.examples.coordinate(index, this.horizontal)),
      this.toY(this.examples.coordinate(index, this.vertical))];
  }
  toX(value) { return (value - this.xRange[0]) / (this.xRange[1] - this.xRange[0]) * this.size; }
  toY(value) { return this.size - (value - this.yRange[0]) / (this.yRange[1] - this.yRange[0]) * this.size; }
  fromX(x) { return this.xRange[0] + x / this.size * (this.xRange[1] - this.xRange[0]); }
  fromY(y) { return this.yRange[0] + (1 - y / this.size) * (this.yRange[1] - this.yRange[0]); }

  draw() {
    const size = this.size, density = window.devicePixelRatio || 1;
    if (size === 0) return;
    this.canvas.width = this.canvas.height = Math.round(size * density);
    const context = this.canvas.getContext("2d");
    context.scale(density, density);
    const style = getComputedStyle(document.documentElement);
    const resolve = (color) => color.startsWith("var(") ? style.getPropertyValue(color.slice(4, -1)).trim() : color;
    this.drawAxes(context, size, style);
    context.globalAlpha = this.examples.count > 2000 ? 0.65 : 0.85;
    const radius = clamp(60 / Math.sqrt(this.examples.count), 1.4, 4);
    for (const index of this.order) {
      if (this.examples.classes && this.hidden.has(this.examples.classes[index])) continue;
      const [x, y] = this.place(index);
      context.fillStyle = resolve(this.examples.color(index));
      context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    context.globalAlpha = 1;
    if (this.cursor) {
      const [x, y] = [this.toX(this.cursor[0]), this.toY(this.cursor[1])];
      context.strokeStyle = style.getPropertyValue("--ink");
      context.lineWidth = 2;
      context.beginPath();
      context.arc(x, y, 7, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  drawAxes(context, size, style) {
    context.font = "11px sans-serif";
    context.fillStyle = style.getPropertyValue("--soft");
    context.strokeStyle = style.getPropertyValue("--line");
    const about = size < 500 ? 4 : 7;
    const across = niceTicks(...this.xRange, about), up = niceTicks(...this.yRange, about);
    for (const tick of across.ticks) {
      const x = this.toX(tick);
      context.beginPath(); context.moveTo(x, 0); context.lineTo(x, size); context.stroke();
      if (x > 30 && x < size - 30) context.fillText(tick.toFixed(across.decimals), x + 3, size - 4);
    }
    for (const tick of up.ticks) {
      const y = this.toY(tick);
      context.beginPath(); context.moveTo(0, y); context.lineTo(size, y); context.stroke();
      if (y > 16 && y < size - 20) context.fillText(tick.toFixed(up.decimals), 4, y - 3);
    }
  }

  /// The example under a place, within 9 pixels, or null.
  nearest(x, y) {
    let best = null, least = 81;
    for (let index = 0; index < this.examples.count; index++) {
      if (this.examples.classes && this.hidden.has(this.examples.classes[index])) continue;
      const [px, py] = this.place(index);
      const distance = (px - x) ** 2 + (py - y) ** 2;
      if (distance < least) { least = distance; best = index; }
    }
    return best;
  }

  point(event) {
    const { offsetX: x, offsetY: y } = event;
    this.moveTo(this.fromX(x), this.fromY(y));
    const near = this.nearest(x, y);
    this.tip.hidden = near === null;
    if (near !== null) this.showTip(near, x, y);
  }

  step(event) {
    const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!direction || !this.onPoint) return;
    event.preventDefault();
    const [x, y] = this.cursor || [0, 0];
    const width = this.xRange[1] - this.xRange[0], height = this.yRange[1] - this.yRange[0];
    this.moveTo(x + direction[0] * width / 50, y + direction[1] * height / 50);
  }

  moveTo(x, y) {
    if (!this.onPoint) return;
    this.cursor = [x, y];
    this.onPoint(x, y);
    this.draw();
  }

  showTip(index, x, y) {
    this.tip.replaceChildren();
    const pixels = this.examples.pixels(index);
    if (pixels) {
      const { width, height } = this.examples.shape;
      const canvas = make("canvas", { class: "image", width, height,
        style: `width: ${Math.min(84, width * 3)}px; height: auto` });
      drawImage(canvas, pixels, this.examples.shape);
      this.tip.append(canvas);
    }
    this.tip.append(make("div", {}, this.examples.title(index)));
    const row = this.examples.rows ? this.examples.rows.element(index) : null;
    this.tip.classList.toggle("with-row", row !== null);
    if (row) this.tip.append(row);
    // Beside the pointer, and not beyond the plot's edges, but for a row that is higher than the plot.
    const { offsetWidth: width, offsetHeight: height } = this.tip;
    this.tip.style.left = `${x + 14 + width <= this.size ? x + 14 : Math.max(0, x - 14 - width)}px`;
    this.tip.style.top = `${clamp(y > this.size / 2 ? y - height - 14 : y + 14, 0, Math.max(0, this.size - height))}px`;
  }

  /// A switch for each class, and one for all.
  switches() {
    if (!this.examples.classes) return null;
    const boxes = this.examples.names.map((name, index) => {
      const box = make("input", { type: "checkbox", checked: "", "data-class": index });
      box.addEventListener("change", () => {
        if (box.checked) this.hidden.delete(index); else this.hidden.add(index);
        this.draw();
      });
      return [box, make("label", {}, box,
        make("span", { class: "dot", style: `background: ${this.examples.classColor(index)}` }),
        name)];
    });
    const all = make("button", { type: "button" }, "all or none");
    all.addEventListener("click", () => {
      const show = this.hidden.size > 0;
      boxes.forEach(([box], index) => {
        box.checked = show;
        if (show) this.hidden.delete(index); else this.hidden.add(index);
      });
      this.draw();
    });
    return make("div", { class: "classes", id: "classes" }, ...boxes.map((pair) => pair[1]), all);
  }
}
