"use strict";
// Lays out a report of one run, or several side by side, from the data in the page.

function section(title, size, ...children) {
  return make("section", { class: size }, make("h2", {}, title), ...children);
}

function factTable(facts) {
  return make("table", {}, ...facts.map(([name, value]) => make("tr", {}, make("th", { scope: "row" }, name),
    make("td", {}, value))));
}

/// The curves of a run: negative ELBO and its parts, of training and test.
function curves(run) {
  const colors = { negative_elbo: "var(--first)", reconstruction: "var(--second)", kl: "var(--third)" };
  const names = { negative_elbo: "negative ELBO", reconstruction: "reconstruction", kl: "KL" };
  const parts = run.hasDivergence ? ["negative_elbo", "reconstruction", "kl"] : ["reconstruction"];
  const all = parts.flatMap((part) => ["train", "test"].map((set) => ({
    name: `${set} ${names[part]}`, color: colors[part], dashed: set === "train",
    values: (run.curves.values[`${set}_${part}`] || []).map((value) => value === null ? NaN : value),
  })));
  const some = (test) => all.filter((one) => test(one) && one.values.length === run.curves.epochs.length);
  const large = some((one) => one.color !== colors.kl), small = some((one) => one.color === colors.kl);
  return make("div", { class: "charts" }, lineChart("losses by epoch", run.curves.epochs, large, "nats per example"),
    small.length > 0 ? lineChart("KL divergence by epoch", run.curves.epochs, small, "nats per example") : null);
}

function pictures(run) {
  return run.pictures.map((picture) => section(picture.title, "half",
    make("img", { class: "grid-of-images", src: picture.source, alt: picture.title }),
    make("p", { class: "note" }, picture.note)));
}

/// The scatter and what can be decoded from it.
function latentSpace(run) {
  const examples = run.examples ? new Examples(run.examples) : null;
  const parts = [];
  let explorer = null;
  if (run.decoder) explorer = new Explorer(new Decoder(run.decoder), examples, run.decoder);
  if (examples && examples.count > 0 && examples.latentCount > 1) {
    const [horizontal, vertical] = run.examples.dimensions;
    const scatter = new Scatter(examples, horizontal, vertical, {
      onPoint: explorer && examples.latentCount === 2 ? (x, y) => explorer.set([x, y]) : null,
      onPick: explorer ? (index) => explorer.pick(index) : null,
    });
    parts.push(section("Latent space", "half", scatter.element, scatter.switches(),
      make("p", { class: "note" }, run.examples.note)));
    window.scatter = scatter;
  }
  if (explorer) {
    const what = run.decoder.shape ? "image" : "row";
    const how = explorer.decoder.latentCount === 2
      ? `Move the pointer over the dots, or the arrow keys on them: the ${what} is what that place decodes to.`
      : "Each slider is a latent dimension, the one with the largest KL divergence first. Click a dot for its example.";
    parts.push(section("Explorer", "half screen-only", explorer.element, make("p", { class: "note" }, how),
      run.decoder.note ? make("p", { class: "note" }, run.decoder.note) : null));
    window.explorer = explorer;
  } else if (run.decoderNote) {
    parts.push(section("Explorer", "half", make("p", {}, run.decoderNote)));
  }
  return parts;
}

function reportOf(run) {
  document.title = run.name;
  const main = make("main", {});
  document.body.append(make("h1", {}, run.name), make("p", { class: "sentence" }, run.sentence));
  for (const text of run.missing) document.body.append(make("p", { class: "missing" }, text));
  document.body.append(main);
  main.append(section("Result", "third", factTable(run.facts)));
  if (run.curves && run.curves.epochs.length > 0) main.append(section("Losses", "two-thirds", curves(run)));
  if (run.table) main.append(columnsSection(run.table));
  if (run.cells) main.append(cellsSection(run.cells));
  else main.append(...latentSpace(run));
  if (run.table) {
    main.append(...[correlationsSection(run.table.correlations), errorsSection(run.table)].filter(Boolean));
  }
  if (run.klPerDimension) {
    main.append(section("What each latent dimension carries", run.cells ? "third" : "half",
      barChart("KL divergence of each latent dimension", run.klPerDimension, run.isActive, "nats per example")));
  }
  main.append(...pictures(run));
  main.append(section("To repeat this run", "", factTable(run.repeat),
    run.configuration ? make("details", {}, make("summary", {}, "config.json"), make("pre", {}, run.configuration)) : null));
  document.body.append(make("footer", {}, run.footer));
}

/// Several runs: what differs, their results, curves on one axis, pictures in columns.
function comparisonOf(runs, footer) {
  document.title = runs.map((run) => run.name).join(", ");
  document.body.append(make("h1", {}, "Comparison"), make("p", { class: "sentence" }, document.title));
  for (const run of runs) {
    for (const text of run.missing) document.body.append(make("p", { class: "missing" }, `${run.name}: ${text}`));
  }
  const main = make("main", {});
  document.body.append(main);
  main.append(section("Results", "", comparisonTable(runs, (run) => run.facts)));
  main.append(section("Settings that differ", "", comparisonTable(runs, (run) => run.settings, true)));
  const colors = ["var(--first)", "var(--second)", "var(--third)", "var(--warn)", "var(--soft)"];
  const charts = [];
  for (const [key, title] of [["test_negative_elbo", "Test negative ELBO"], ["test_reconstruction", "Test reconstruction"],
    ["test_kl", "Test KL divergence"]]) {
    const epochs = [...new Set(runs.flatMap((run) => run.curves ? run.curves.epochs : []))].sort((a, b) => a - b);
    if (epochs.length === 0) continue;
    // An autoencoder has a reconstruction loss alone.
    const shown = runs.map((run, index) => ({ run, index }))
      .filter(({ run }) => run.curves && (run.hasDivergence || key === "test_reconstruction"));
    if (shown.length === 0) continue;
    const series = shown.map(({ run, index }) => ({
      name: run.name, color: colors[index % colors.length], dashed: index >= colors.length,
      values: epochs.map((epoch) => {
        const value = (run.curves.values[key] || [])[run.curves.epochs.indexOf(epoch)];
        return typeof value === "number" ? value : NaN;
      }),
    }));
    charts.push(make("div", {}, make("h3", {}, title), lineChart(title, epochs, series, "nats per example")));
  }
  if (charts.length > 0) main.append(section("Losses", "", make("div", { class: "charts" }, ...charts)));
  main.append(inColumns("Latent space", runs, (run) => {
    if (!run.examples || run.examples.count === 0 || run.examples.latentCount < 2) return [];
    const scatter = new Scatter(new Examples(run.examples), ...run.examples.dimensions);
    return [scatter.element, scatter.switches()];
  }));
  for (const title of [...new Set(runs.flatMap((run) => run.pictures.map((picture) => picture.title)))]) {
    main.append(inColumns(title, runs, (run) => run.pictures.filter((picture) => picture.title === title)
      .map((picture) => make("img", { class: "grid-of-images", src: picture.source, alt: `${run.name}: ${title}` }))));
  }
  document.body.append(make("footer", {}, footer));
}

/// A section with a column for each run.
function inColumns(title, runs, contents) {
  return section(title, "", make("div", { class: "columns" }, ...runs.map((run) =>
    make("div", {}, make("h3", {}, run.name), ...contents(run)))));
}

/// A row for each name that any run has, a column for each run; rows that differ are marked, or the only ones.
function comparisonTable(runs, factsOf, onlyDifferent = false) {
  const maps = runs.map((run) => new Map(factsOf(run)));
  const names = [...new Set(maps.flatMap((map) => [...map.keys()]))];
  const rows = names.map((name) => [name, maps.map((map) => map.get(name) ?? "–")])
    .filter(([, values]) => !onlyDifferent || new Set(values).size > 1);
  if (rows.length === 0) return make("p", {}, "none");
  const head = make("tr", {}, make("th", {}), ...runs.map((run) => make("th", { scope: "col" }, run.name)));
  return make("div", { class: "wide" }, make("table", {}, head, ...rows.map(([name, values]) => make("tr",
    { class: !onlyDifferent && new Set(values).size > 1 ? "differs" : "" }, make("th", { scope: "row" }, name),
    ...values.map((value) => make("td", {}, value))))));
}

const data = JSON.parse(document.getElementById("data").textContent);
if (data.runs.length === 1 && !data.isComparison) reportOf(data.runs[0]);
else comparisonOf(data.runs, data.footer);
