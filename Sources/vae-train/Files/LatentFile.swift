import VAEData
import VAEKernels

/// A table of latents from outside.
enum LatentFile {
  /// The latents in the file at `path`, [count, L] with `latentCount` = L, row after row; at least one.
  ///
  /// - Returns: With `labels`, those that the model knows, also the classes in a column `label` of a CSV file that has one.
  static func read(
    _ path: String, latentCount: Int, labels: [UInt8] = []
  ) throws -> (values: [Float], labels: [UInt8]?) {
    let ending = try FileEnding.of(path, among: ["csv", "npy"], option: "--latents", mayBeCompressed: true)
    return ending == "csv" ? try readCSV(path, latentCount, labels) : (try readNPY(path, latentCount), nil)
  }

  private static func readCSV(
    _ path: String, _ latentCount: Int, _ known: [UInt8]
  ) throws -> (values: [Float], labels: [UInt8]?) {
    let table = try TableText(path: path, isKnown: LatentColumns.isMean)
    let values = try table.numbers(in: LatentColumns(table: table, latentCount: latentCount).places())
    guard !known.isEmpty, let column = table.header?.firstIndex(where: { $0.lowercased() == "label" }) else {
      return (values, nil)
    }
    let labels = try table.numbers(in: [column]).enumerated().map { row, number in
      guard let label = known.first(where: { Float($0) == number }) else {
        throw DataError(
          path: path, place: "row \(row + 1), column \(column + 1)",
          expected:
            "one of the classes that the model had examples of, \(known.map(String.init).joined(separator: ", "))",
          found: "\(number)")
      }
      return label
    }
    return (values, labels)
  }

  private static func readNPY(_ path: String, _ latentCount: Int) throws -> [Float] {
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
