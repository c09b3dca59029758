"use strict";
// Rows of a table: those of the test set, and those that the decoder makes, in the columns and units of the data.

/// A number as a table has it, with a minus sign that is one; "–" for what is missing.
function cellText(value, column) {
  if (Number.isNaN(value)) return "–";
  if (column.texts) return column.texts[value] ?? "–";
  return numberText(value, column.decimals);
}

function numberText(value, decimals) {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/// Two columns, names and values.
function rowTable(cells) {
  return make("table", { class: "row" }, ...cells.map(([name, value]) =>
    make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, value))));
}

/// The rows of the test set.
class Rows {
  constructor(data) {
    this.columns = data.columns;
    this.moreCount = data.moreCount;
    this.values = null;
    gunzip(data.values).then((bytes) => { if (bytes) this.values = new Float32Array(bytes.buffer); });
  }

  /// The number in a column, or undefined where there is no such column, or not yet.
  value(index, name) {
    const column = this.columns.findIndex((column) => column.name === name);
    return this.values && column >= 0 ? this.values[index * this.columns.length + column] : undefined;
  }

  element(index) {
    if (!this.values) return null;
    const start = index * this.columns.length;
    return make("div", {},
      rowTable(this.columns.map((column, place) => [column.name, cellText(this.values[start + place], column)])),
      this.moreCount > 0 ? make("div", { class: "note" }, `… and ${this.moreCount} more`) : null);
  }
}

/// What is done to the numbers of a column before a model sees them: (x − center) / scale, or a curve through knots, straight
/// from one to the next and beyond the last.
class NumberTransform {
  constructor(column) {
    this.center = column.center;
    this.scale = column.scale;
    const pairs = column.knots ? floatsOf(column.knots) : [];
    this.values = Array.from(pairs).filter((_, index) => index % 2 === 0);
    this.normals = Array.from(pairs).filter((_, index) => index % 2 === 1);
  }

  forward(value) {
    return this.values.length === 0 ? (value - this.center) / this.scale : onCurve(value, this.values, this.normals);
  }
  inverse(normal) {
    return this.values.length === 0 ? normal * this.scale + this.center : onCurve(normal, this.normals, this.values);
  }
}

/// y at x of the curve through points whose x rise.
function onCurve(x, xs, ys) {
  let low = 0, high = xs.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle] <= x) low = middle; else high = middle;
  }
  return ys[low] + (x - xs[low]) * (ys[low + 1] - ys[low]) / (xs[low + 1] - xs[low]);
}

/// The row that features stand for.
class DecodedRow {
  constructor(columns) {
    this.columns = columns.map((column) => ({ ...column, transform: new NumberTransform(column) }));
    this.cells = this.columns.map(() => make("td", {}));
    this.element = make("div", { class: "decoded-row", id: "decoded-row", tabindex: "0", role: "group",
      "aria-label": "the decoded row" },
    make("table", { class: "row" }, ...this.columns.map((column, index) =>
      make("tr", {}, make("th", { scope: "row" }, column.name), this.cells[index]))));
  }

  show(features) {
    this.columns.forEach((column, index) => { this.cells[index].textContent = this.text(column, features); });
  }

  /// A number within the range that the data had, or the likeliest level.
  value(column, features) {
    const first = features[column.first];
    switch (column.kind) {
      case "number": return clamp(column.transform.inverse(first), column.lowest, column.highest);
      case "count": return clamp(first, column.lowest, column.highest);
      case "inflated":
        if (first >= 0.5) return column.usual;
        return clamp(column.transform.inverse(features[column.first + 1]), column.lowest, column.highest);
      case "yes-no": return first >= 0.5 ? 1 : 0;
      case "category": {
        const levels = features.slice(column.first, column.first + column.width);
        return levels.indexOf(Math.max(...levels));
      }
      default: return first;
    }
  }

  /// A mean of small whole numbers has a digit more than they; a level is followed by how likely it is.
  text(column, features) {
    const value = this.value(column, features);
    if (!column.levels) return numberText(value, Math.max(column.decimals, Math.abs(value) < 1000 ? 1 : 0));
    const first = features[column.first];
    const share = column.kind === "category" ? features[column.first + value] : value === 1 ? first : 1 - first;
    return `${column.levels[value]} (${Math.round(clamp(share, 0, 1) * 100)} %)`;
  }
}

/// What the decoder is told of a row, and the controls that say it. Calls `onChange` when one is used.
class ToldColumns {
  constructor(columns, onChange) {
    this.columns = columns.map((column) => ({ ...column, transform: new NumberTransform(column) }));
    this.numbers = new Array(columns.reduce((sum, column) => sum + column.width, 0)).fill(0);
    this.inputs = this.columns.map((column) => {
      const input = column.levels
        ? make("select", {}, ...column.levels.map((level, index) => make("option", { value: index }, level)))
        : make("input", { type: "number", step: "any", value: numberText(this.middle(column), column.decimals) });
      input.addEventListener("change", () => { this.tell(column, Number(input.value)); onChange(); });
      return input;
    });
    this.columns.forEach((column, index) => this.tell(column, Number(this.inputs[index].value)));
    this.elements = this.columns.map((column, index) =>
      make("label", { class: "told" }, make("span", {}, column.name), this.inputs[index]));
  }

  middle(column) {
    return column.kind === "count" ? Math.round(Math.expm1(column.center)) : column.transform.inverse(0);
  }

  /// Of a column of levels the place of one, else a number.
  tell(column, value) {
    if (!Number.isFinite(value)) return;
    if (column.kind === "category") {
      for (let level = 0; level < column.width; level++) this.numbers[column.first + level] = level === value ? 1 : 0;
    } else if (column.kind === "yes-no") {
      this.numbers[column.first] = value;
    } else {
      this.numbers[column.first] = column.kind === "count"
        ? (Math.log1p(Math.max(value, 0)) - column.center) / column.scale : column.transform.forward(value);
    }
  }

  /// What an example says, as far as it is known.
  tellOf(rows, index) {
    this.columns.forEach((column, place) => {
      const value = rows ? rows.value(index, column.name) : undefined;
      if (value === undefined || Number.isNaN(value)) return;
      const shown = rows.columns.find((one) => one.name === column.name);
      const told = column.levels ? column.levels.indexOf(cellText(value, shown)) : value;
      if (column.levels && told < 0) return;
      this.inputs[place].value = column.levels ? told : Number(value.toFixed(column.decimals));
      this.tell(column, told);
    });
  }
}
