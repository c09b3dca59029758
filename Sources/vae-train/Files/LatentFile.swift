import VAEData
import VAEKernels

/// A table of latents from outside.
enum LatentFile {
  /// The latents in the file at `path`, [count, L] with `latentCount` = L, row after row; at least one.
  static func read(_ path: String, latentCount: Int) throws -> [Float] {
    let ending = try FileEnding.of(path, among: ["csv", "npy"], option: "--latents", mayBeCompressed: true)
    return ending == "csv" ? try readCSV(path, latentCount) : try readNPY(path, latentCount)
  }

  private static func readCSV(_ path: String, _ latentCount: Int) throws -> [Float] {
    let table = try TableText(path: path, isKnown: LatentColumns.isMean)
    return try table.numbers(in: LatentColumns(table: table, latentCount: latentCount).places())
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
