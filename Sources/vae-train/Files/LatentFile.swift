import VAEData
import VAEKernels

/// A table of latents from outside.
enum LatentFile {
  /// The latents in the file at `path`, [count, L] with `latentCount` = L, row after row; at least one.
  ///
  /// - Parameter classes: Of a model that is told them.
  /// - Returns: With `classes` also those that stand beside the latents as "encode" writes them: by name, or number where
  ///   they have none, in a column `label`, or beside FILE.npy in FILE.labels.npy. Nil where there are none.
  static func read(
    _ path: String, latentCount: Int, classes: KnownClasses? = nil
  ) throws -> (values: [Float], labels: [UInt8]?) {
    let ending = try FileEnding.of(path, among: ["csv", "tsv", "npy"], option: "--latents", mayBeCompressed: true)
    if ending == "npy" { return try readNPY(path, latentCount, classes) }
    return try readTable(path, ending == "tsv" ? .tab : .comma, latentCount, classes)
  }

  private static func readTable(
    _ path: String, _ delimiter: TableFormat.Delimiter, _ latentCount: Int, _ classes: KnownClasses?
  ) throws -> (values: [Float], labels: [UInt8]?) {
    let table = try TableText(path: path, delimiter: delimiter, isKnown: LatentColumns.isMean)
    let values = try table.numbers(in: LatentColumns(table: table, latentCount: latentCount).places())
    guard let classes, let column = table.header?.firstIndex(where: { $0.lowercased() == "label" }) else {
      return (values, nil)
    }
    let labels = try table.texts(in: column).map { line, text in
      guard let label = classes.label(text) else {
        throw DataError(
          path: path, place: "line \(line), column \(column + 1)", expected: classes.expected,
          found: classes.found(text))
      }
      return label
    }
    return (values, labels)
  }

  private static func readNPY(
    _ path: String, _ latentCount: Int, _ classes: KnownClasses?
  ) throws -> (values: [Float], labels: [UInt8]?) {
    let values = try latents(inArray: path, latentCount)
    let labelsPath = labelsPath(beside: path)
    guard let classes, Path.exists(labelsPath) else { return (values, nil) }
    let numbers = try NPY.read(path: labelsPath).values
    guard numbers.count == values.count / latentCount else {
      throw DataError(
        path: labelsPath, place: "header",
        expected: "\((values.count / latentCount).counted("label")), one for each row of \(path)",
        found: "\(numbers.count)")
    }
    let labels = try numbers.enumerated().map { row, number in
      guard let label = classes.label(ofArray: number) else {
        throw DataError(
          path: labelsPath, place: "row \(row + 1)", expected: classes.expected, found: "\(number)")
      }
      return label
    }
    return (values, labels)
  }

  /// "a.labels.npy" beside "a.npy", and compressed beside compressed.
  static func labelsPath(beside path: String) -> String {
    path.replacing(/\.npy(\.gz)?$/.ignoresCase(), maxReplacements: 1) { ".labels.npy" + ($0.1 ?? "") }
  }

  private static func latents(inArray path: String, _ latentCount: Int) throws -> [Float] {
    let (values, shape) = try NPY.read(path: path)
    guard shape.count == 2, shape[0] > 0 else {
      throw DataError(path: path, place: "header", expected: "a shape of [count, \(latentCount)]", found: "\(shape)")
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw DataError(
        path: path, place: "row \(index / shape[1] + 1), column \(index % shape[1] + 1)", expected: "a finite number",
        found: "\(values[index])")
    }
    // As "encode" writes it, the log-variances behind the means.
    if shape[1] == 2 * latentCount {
      return (0..<shape[0]).flatMap { values[$0 * shape[1]..<$0 * shape[1] + latentCount] }
    }
    guard shape[1] == latentCount else {
      throw DataError(
        path: path, place: "header", expected: "\(latentCount.counted("column")), one a latent dimension",
        found: "\(shape[1])")
    }
    return values
  }
}
