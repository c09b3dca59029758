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

/// "age=40, smoker=yes": values of columns that a model is told.
struct GivenValues {
  /// By the column's place.
  var values: [Int: Float] = [:]

  init(_ text: String, _ coding: TableCoding) throws {
    for pair in text.split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1).map {
        $0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed().map(String.init).joined()
      }
      guard parts.count == 2 else {
        throw ValidationError("--given: expected column=value, found \"\(pair)\"")
      }
      guard let column = coding.columns.firstIndex(where: { $0.name == parts[0] && $0.role == .condition }) else {
        let known = coding.columns.filter { $0.role == .condition }.map(\.name)
        throw ValidationError(
          "--given: expected one of the columns that the model is told, "
            + (known.isEmpty ? "of which it has none: train with --conditions" : known.joined(separator: ", "))
            + ", found \"\(parts[0])\"")
      }
      guard values[column] == nil else {
        throw ValidationError("--given: expected each column once, found \(parts[0]) twice")
      }
      values[column] = try Self.value(parts[1], coding.columns[column])
    }
  }

  private static func value(_ text: String, _ column: CodedColumn) throws -> Float {
    if let texts = column.texts {
      guard let index = texts.firstIndex(of: text) else {
        throw ValidationError(
          "--given: expected for \(column.name) one of \(texts.prefix(8).joined(separator: ", ")), found \"\(text)\"")
      }
      return Float(index)
    }
    let isLevel = { (value: Float) in column.levels.isEmpty || column.levels.contains(value) }
    guard let value = Float(text), value.isFinite, isLevel(value) else {
      let expected =
        column.levels.isEmpty ? "a number" : "one of \(column.levelTexts.prefix(8).joined(separator: ", "))"
      throw ValidationError("--given: expected for \(column.name) \(expected), found \"\(text)\"")
    }
    guard column.kind != .count || value >= 0 && value == value.rounded() else {
      throw ValidationError("--given: expected for \(column.name) a whole number from 0 up, found \"\(text)\"")
    }
    if !(column.lowest...column.highest).contains(value) {
      let range = "\(column.text(of: column.lowest)) to \(column.text(of: column.highest))"
      Message.warn("--given: \(column.name) was \(range) in the data, and \(text) is beyond: rows may make no sense")
    }
    return value
  }
}
