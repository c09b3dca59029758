import VAEData
import VAEKernels

/// A table of latents from outside.
enum LatentFile {
  /// The latents in the file at `path`, [count, L] with `latentCount` = L, row after row; at least one.
  ///
  /// - Returns: With `labels`, those that the model knows, also the classes that stand beside the latents as "encode" writes
  ///   them: in a column `label`, or beside FILE.npy in FILE.labels.npy. Nil where there are none.
  static func read(
    _ path: String, latentCount: Int, labels: [UInt8] = []
  ) throws -> (values: [Float], labels: [UInt8]?) {
    let ending = try FileEnding.of(path, among: ["csv", "npy"], option: "--latents", mayBeCompressed: true)
    return ending == "csv" ? try readCSV(path, latentCount, labels) : try readNPY(path, latentCount, labels)
  }

  private static func readCSV(
    _ path: String, _ latentCount: Int, _ known: [UInt8]
  ) throws -> (values: [Float], labels: [UInt8]?) {
    let table = try TableText(path: path, isKnown: LatentColumns.isMean)
    let values = try table.numbers(in: LatentColumns(table: table, latentCount: latentCount).places())
    guard !known.isEmpty, let column = table.header?.firstIndex(where: { $0.lowercased() == "label" }) else {
      return (values, nil)
    }
    return (values, try classes(table.numbers(in: [column]), known, path: path))
  }

  private static func classes(_ numbers: [Float], _ known: [UInt8], path: String) throws -> [UInt8] {
    try numbers.enumerated().map { row, number in
      guard let label = known.first(where: { Float($0) == number }) else {
        throw DataError(
          path: path, place: "label of row \(row + 1)",
          expected:
            "one of the classes that the model had examples of, \(known.map(String.init).joined(separator: ", "))",
          found: "\(number)")
      }
      return label
    }
  }

  private static func readNPY(
    _ path: String, _ latentCount: Int, _ known: [UInt8]
  ) throws -> (values: [Float], labels: [UInt8]?) {
    let values = try latents(inArray: path, latentCount)
    // "a.labels.npy" beside "a.npy", and compressed beside compressed.
    let labelsPath = path.replacing(/\.npy(\.gz)?$/.ignoresCase(), maxReplacements: 1) {
      ".labels.npy" + ($0.1 ?? "")
    }
    guard !known.isEmpty, Path.exists(labelsPath) else { return (values, nil) }
    let numbers = try NPY.read(path: labelsPath).values
    guard numbers.count == values.count / latentCount else {
      throw DataError(
        path: labelsPath, place: "header",
        expected: "\((values.count / latentCount).counted("label")), one for each row of \(path)",
        found: "\(numbers.count)")
    }
    return (values, try classes(numbers, known, path: labelsPath))
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
