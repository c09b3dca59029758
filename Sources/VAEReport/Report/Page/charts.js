"use strict";
// Elements, numbers and charts. Everything that comes from a run is put in as text, never as markup.

/// A new element with attributes and children; strings become text.
function make(name, attributes = {}, ...children) {
  const isSVG = ["svg", "g", "path", "line", "rect", "text", "circle"].includes(name);
  const element = isSVG ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function clamp(value, low, high) { return Math.min(Math.max(value, low), high); }

/// Multiples of 1, 2 or 5 times a power of ten, about five of them.
function niceTicks(low, high, about = 5) {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough * 0.999);
  const ticks = [];
  for (let index = Math.ceil(low / step - 1e-9); index * step <= high + step * 1e-9; index++) ticks.push(index * step);
  return { ticks, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

/// A range with room around all finite numbers.
function rangeOf(values) {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  let low = Math.min(...finite), high = Math.max(...finite);
  if (low === high) { low -= 0.5; high += 0.5; }
  const margin = (high - low) * 0.05;
  return [low - margin, high + margin];
}

/// Axes on an SVG; what draws between them is told how numbers become places. A chart on a phone has fewer units, so that
/// its text is as large as that around it.
function axes(title, [xLow, xHigh], [yLow, yHigh], xLabel, yLabel, xTicks) {
  const width = innerWidth < 600 ? 340 : 440, height = 270, left = 62, right = 12, top = 10, bottom = 44;
  const x = (value) => left + (value - xLow) / (xHigh - xLow) * (width - left - right);
  const y = (value) => height - bottom - (value - yLow) / (yHigh - yLow) * (height - top - bottom);
  const svg = make("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title });
  const vertical = niceTicks(yLow, yHigh);
  for (const tick of vertical.ticks) {
    svg.append(make("line", { class: "grid", x1: left, x2: width - right, y1: y(tick), y2: y(tick) }),
      make("text", { x: left - 6, y: y(tick) + 4, "text-anchor": "end" }, tick.toFixed(vertical.decimals)));
  }
  for (const [value, text] of xTicks) {
    svg.append(make("text", { x: x(value), y: height - bottom + 16, "text-anchor": "middle" }, text));
  }
  svg.append(make("line", { class: "axis", x1: left, x2: width - right, y1: height - bottom, y2: height - bottom }),
    make("text", { x: (left + width - right) / 2, y: height - 8, "text-anchor": "middle" }, xLabel),
    make("text", { x: 14, y: (top + height - bottom) / 2, "text-anchor": "middle",
      transform: `rotate(-90 14 ${(top + height - bottom) / 2})` }, yLabel));
  return { svg, x, y, left, right: width - right, top, bottom: height - bottom, width };
}

/// Ticks at whole numbers.
function wholeTicks(low, high) {
  const { ticks } = niceTicks(low, high, Math.min(8, Math.max(1, high - low)));
  return ticks.filter((tick) => Number.isInteger(tick)).map((tick) => [tick, String(tick)]);
}

/// Lines over epochs, with gaps where a number is missing, and the values under the pointer.
/// `series`: [{name, values, color, dashed}], all over `epochs`.
function lineChart(title, epochs, series, yLabel) {
  const low = Math.min(...epochs), high = Math.max(...epochs);
  const xRange = low === high ? [low - 0.5, high + 0.5] : [low, high];
  const frame = axes(title, xRange, rangeOf(series.flatMap((one) => one.values)), "epoch", yLabel,
    wholeTicks(...xRange));
  for (const one of series) {
    let path = "", isDown = false, count = 0;
    one.values.forEach((value, index) => {
      if (!Number.isFinite(value)) { isDown = false; return; }
      path += `${isDown ? "L" : "M"}${frame.x(epochs[index]).toFixed(1)} ${frame.y(value).toFixed(1)}`;
      isDown = true;
      count += 1;
    });
    frame.svg.append(make("path", { d: path, fill: "none", stroke: one.color, "stroke-width": 2,
      "stroke-dasharray": one.dashed ? "6 4" : null, "stroke-linejoin": "round" }));
    // One epoch alone, or one between two gaps, has no line.
    if (count === 1 || epochs.length <= 30) {
      one.values.forEach((value, index) => {
        if (Number.isFinite(value)) {
          frame.svg.append(make("circle", { cx: frame.x(epochs[index]), cy: frame.y(value), r: 2.2, fill: one.color }));
        }
      });
    }
  }
  const mark = make("line", { class: "read", y1: frame.top, y2: frame.bottom, visibility: "hidden" });
  frame.svg.append(mark);
  const readout = make("p", { class: "readout", "aria-live": "polite" });
  const show = (index) => {
    mark.setAttribute("x1", frame.x(epochs[index]));
    mark.setAttribute("x2", frame.x(epochs[index]));
    mark.setAttribute("visibility", "visible");
    const values = series.map((one) =>
      `${one.name} ${Number.isFinite(one.values[index]) ? one.values[index].toFixed(2) : "–"}`);
    readout.textContent = `epoch ${epochs[index]}: ${values.join(", ")}`;
  };
  frame.svg.addEventListener("pointermove", (event) => {
    const box = frame.svg.getBoundingClientRect();
    const at = (event.clientX - box.left) / box.width * frame.width;
    let best = 0;
    epochs.forEach((epoch, index) => {
      if (Math.abs(frame.x(epoch) - at) < Math.abs(frame.x(epochs[best]) - at)) best = index;
    });
    show(best);
  });
  const legend = make("div", { class: "legend" }, ...series.map((one) => make("span", {},
    make("span", { class: one.dashed ? "key dashed" : "key", style: `border-color: ${one.color}` }), one.name)));
  show(epochs.length - 1);
  mark.setAttribute("visibility", "hidden");
  return make("div", {}, legend, frame.svg, readout);
}

/// A bar for each latent dimension, the largest first; those that are not active are pale.
function barChart(title, values, isActive, yLabel) {
  const order = values.map((_, index) => index).sort((a, b) => values[b] - values[a]);
  const frame = axes(title, [0, values.length], [0, Math.max(1e-6, ...values) * 1.05], "latent dimension", yLabel, []);
  const step = (frame.right - frame.left) / values.length;
  const readout = make("p", { class: "readout" });
  order.forEach((dimension, place) => {
    const top = frame.y(values[dimension]);
    const text = `dimension ${dimension}: ${values[dimension].toFixed(3)} nats, `
      + (!isActive ? "active or not is unknown" : isActive[dimension] ? "active" : "not active");
    const bar = make("rect", { x: frame.left + place * step + step * 0.1, y: top, width: step * 0.8,
      height: Math.max(frame.bottom - top, 0.5), fill: !isActive || isActive[dimension] ? "var(--first)" : "var(--line)" });
    // As high as the chart, so that a low bar can be pointed at.
    const target = make("rect", { x: frame.left + place * step, y: frame.top, width: step,
      height: frame.bottom - frame.top, fill: "transparent" });
    target.addEventListener("pointerenter", () => { readout.textContent = text; });
    frame.svg.append(bar, target);
    if (step >= 16 || place % Math.ceil(16 / step) === 0) {
      frame.svg.append(make("text", { x: frame.left + (place + 0.5) * step, y: frame.bottom + 16,
        "text-anchor": "middle" }, String(dimension)));
    }
  });
  // One example does not tell what varies.
  readout.textContent = isActive ? `${isActive.filter(Boolean).length} of ${values.length} active`
    : "what is active cannot be told from one example";
  return make("div", {}, frame.svg, readout);
}
