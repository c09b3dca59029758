"use strict";
// The correlations of a table's columns, in the data and among draws.

/// Beyond this many, names are read under the pointer alone.
const mostNames = 30;

/// One matrix as squares: blue for positive, orange for negative, the stronger the nearer to 1.
function heatMap(title, names, matrix, onPoint) {
  const count = names.length, width = innerWidth < 600 ? 340 : 440;
  const left = count <= mostNames ? 108 : 2, side = (width - left - 2) / count, height = side * count + 4;
  const svg = make("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title });
  svg.append(make("rect", { class: "map-ground", x: left, y: 2, width: side * count, height: side * count }));
  for (let row = 0; row < count; row++) {
    if (count <= mostNames) {
      // Of "column = level" it is the end that tells one from its neighbours.
      const name = names[row].length > 15 ? `…${names[row].slice(-14)}` : names[row];
      const size = Math.min(12, side * 0.95);
      svg.append(make("text", { x: left - 5, y: 2 + (row + 0.5) * side + size * 0.35, "text-anchor": "end",
        style: `font-size: ${size.toFixed(1)}px` }, name));
    }
    for (let column = 0; column < count; column++) {
      const r = matrix[row * count + column];
      if (r === null || r === undefined || Math.abs(r) < 0.01) continue;
      svg.append(make("rect", { x: left + column * side, y: 2 + row * side, width: side, height: side,
        fill: r > 0 ? "var(--first)" : "var(--second)", "fill-opacity": (Math.abs(r) ** 0.7).toFixed(2) }));
    }
  }
  svg.addEventListener("pointermove", (event) => {
    const box = svg.getBoundingClientRect();
    const column = Math.floor(((event.clientX - box.left) / box.width * width - left) / side);
    const row = Math.floor(((event.clientY - box.top) / box.height * height - 2) / side);
    if (row >= 0 && row < count && column >= 0 && column < count) onPoint(row, column);
  });
  return make("div", {}, make("h3", {}, title), svg);
}

function correlationsSection(correlations) {
  if (!correlations) return null;
  const { names, data, draws } = correlations;
  const text = (r) => (r === null || r === undefined ? "–" : numberText(r, 2));
  const readout = make("p", { class: "readout", id: "correlation", "aria-live": "polite" });
  const show = (row, column) => {
    const place = row * names.length + column;
    readout.textContent = `${names[row]} and ${names[column]}: data ${text(data[place])}, draws ${text(draws[place])}`;
  };
  show(0, 1);
  const largest = correlations.differences.length === 0
    ? make("p", {}, "No two columns differ by 0.05 or more.")
    : make("div", {}, make("h3", {}, "Where they differ most"),
      make("ul", {}, ...correlations.differences.map((sentence) => make("li", {}, sentence))));
  return section("Correlations: data and draws", "",
    make("div", { class: "charts", id: "correlations" }, heatMap("Data", names, data, show),
      heatMap("Draws", names, draws, show)),
    readout, largest, make("p", { class: "note" },
      "Blue is positive, orange negative, and the stronger the colour the nearer to 1; the columns are in the order of the "
      + "rows. Numbers that the model sees through a curve of quantiles are taken as the curve has them; of categories of few "
      + "levels each level as whether it is that."
      + (correlations.isPart ? ` The first ${names.length} alone.` : "")));
}
