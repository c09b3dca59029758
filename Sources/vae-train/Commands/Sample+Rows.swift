import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// `sample` of a model of a table: new rows.
extension Sample {
  /// Writes rows in the columns of the data.
  func sampleRows(of saved: SavedModel, _ coding: TableCoding) throws {
    let file = try picture.output.map { try OutputFile($0, extensions: ["csv", "tsv"]) }
    try file?.check(keeping: [data], of: saved)
    let count = count ?? 100
    guard (1...100_000_000).contains(count) else {
      throw ValidationError("--count: expected 1 to 100000000, found \(count)")
    }
    let sampler = TableSampler(saved.model, coding, seed: seed ?? saved.seed)
    let given = try GivenValues(given ?? "", coding)
    let classes = try classes(saved)
    let conditions = saved.model.architecture.numericCovariateCount > 0 ? try conditions(saved, coding, given) : nil
    try TableOutput(file: file).write(showing: "\(count.counted("row")) from the prior") { append in
      try sampler.forEachBlock(
        of: count, labels: { block in classes.map(block.map) }, conditions: { block in conditions?(block.count) }
      ) { block, rows in
        try append(coding.cells(ofRaw: rows) + saved.labelColumn(classes.map(block.map)))
      }
    }
  }

  /// The class of each row, of a model that is told it: the one that was asked for, or each in turn.
  private func classes(_ saved: SavedModel) throws -> ((Int) -> UInt8)? {
    let known = saved.model.architecture.labels
    if let label = try labels.label(for: saved) { return { _ in label } }
    guard saved.model.architecture.labelCount > 0 else { return nil }
    return { known[$0 % known.count] }
  }

  /// For so many rows more what the model is told: what was given, and of the rest what a training row has that is drawn among
  /// those without a gap in it, as new rows have none.
  private func conditions(
    _ saved: SavedModel, _ coding: TableCoding, _ given: GivenValues
  ) throws -> (Int) -> [[Float]] {
    let needed = coding.columns.indices.filter { coding.columns[$0].role == .condition && given.values[$0] == nil }
    let names = needed.map { coding.columns[$0].name }.joined(separator: ", ")
    var rows: Dataset?
    if !needed.isEmpty {
      do { rows = try saved.dataset(.train, path: data) } catch {
        throw ValidationError("--given: expected values of \(names), since the training rows cannot be read (\(error))")
      }
    }
    let complete = rows?.examples(knowing: needed, of: coding) ?? []
    guard needed.isEmpty || !complete.isEmpty else {
      throw ValidationError("--given: expected values of \(names), found no training row that has them all")
    }
    var numbers = RandomSequence(RandomStream(seed: seed ?? saved.seed, purpose: .user))
    return { [rows] count in
      (0..<count).map { _ in
        var raw =
          rows.map { $0.raw(complete[Int(numbers.uniform() * Float(complete.count))]) }
          ?? [Float](repeating: .nan, count: coding.columns.count)
        for (column, value) in given.values { raw[column] = value }
        return raw
      }
    }
  }
}
