import ArgumentParser
import VAEData

/// Options of how data are read that data of some formats have no use for.
enum HeededOptions {
  private static let groups: [(aspect: ReadingAspects, options: Set<String>, data: String)] = [
    (.pictures, ["image-size", "fit", "channels", "background", "unreadable"], "a folder of pictures"),
    (.transposition, ["transpose-images"], "IDX files"),
    (.archive, ["array", "label-array"], "an NPZ archive"),
    (
      .columns, ["columns", "exclude", "categories", "counts", "numbers", "conditions", "scaling"],
      "a table"
    ),
    ([.columns, .cells], ["unseen"], "a table, or cells of which a model is told something"),
    (
      .cells,
      [
        "matrix", "genome", "batch-column", "covariates", "gene-column", "min-counts", "min-cells", "top-features",
        "feature-selection", "exposure-column",
      ],
      "a file of cells (.h5ad, 10x or loom)"
    ),
    (.raw, ["raw-type", "raw-shape", "raw-offset"], "a file of numbers without a header"),
    (.storage, ["storage"], "an array in a file of its own (NPY, IDX or raw)"),
    (.text, ["delimiter", "header", "decimal-comma", "no-decimal-comma", "missing"], "CSV or TSV"),
  ]

  /// Throws `ValidationError` for the first option among those `given` that does nothing with the data of `source`.
  static func check(_ given: [String], of source: DataSource) throws {
    if source.path == nil, let option = given.first(where: ["label-column", "id-column"].contains) {
      throw ValidationError("--\(option): expected with a table, found with generated digits, where it does nothing")
    }
    let wanted = given.compactMap { option in
      groups.first { $0.options.contains(option) }.map { (option, $0.aspect, $0.data) }
    }
    guard !wanted.isEmpty else { return }
    let (heeded, name) = try source.heeded()
    if let (option, _, data) = wanted.first(where: { heeded.isDisjoint(with: $0.1) }) {
      throw ValidationError("--\(option): expected with \(data), found with \(name), where it does nothing")
    }
  }
}
