import VAEKernels

/// Classes from texts, as a column or a folder gives them.
struct DataClasses {
  let labels: [UInt8]
  /// nil where the texts are the numbers themselves.
  let names: [String]?

  /// Whole numbers from 0 to 255 are the classes that they say; other texts are numbered in their order, at most 256 of
  /// them. `known` are the names of another part's classes.
  init(_ texts: [String], known: [String]? = nil, column: String, path: String) throws {
    if known == nil, texts.allSatisfy({ UInt8($0) != nil }) {
      labels = texts.map { UInt8($0)! }
      names = nil
      return
    }
    let names = known ?? Set(texts).sorted()
    guard names.count <= Architecture.maximumLabelCount else {
      throw DataError(
        path: path, place: "column \"\(column)\"", expected: "at most \(Architecture.maximumLabelCount) classes",
        found: "\(names.count)")
    }
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, UInt8($0)) })
    labels = try texts.enumerated().map { row, text in
      guard let number = numbers[text] else {
        throw DataError(
          path: path, place: "row \(row + 1), column \"\(column)\"",
          expected: "one of the classes \(names.prefix(8).joined(separator: ", "))", found: "\"\(text)\"")
      }
      return number
    }
    self.names = names
  }

  /// From the numbers of an array; nil where they are no classes.
  static func labels(_ numbers: [Float]) -> [UInt8]? {
    guard numbers.allSatisfy({ $0 >= 0 && $0 <= 255 && $0 == $0.rounded() }) else { return nil }
    return numbers.map { UInt8($0) }
  }
}

extension Dataset {
  /// The same with its classes numbered as those of `other` are.
  func withClasses(of other: Dataset) throws -> Dataset {
    guard let names = other.classNames else { return self }
    return try withClasses(names, column: "label")
  }

  /// The same with its classes numbered by their places in `names`, or, where these are nil, by what their own names say.
  ///
  /// Throws `DataError` for a class that is none of them, with its row; `column` is where it stands.
  package func withClasses(_ names: [String]?, column: String) throws -> Dataset {
    guard let labels, names != classNames else { return self }
    var result = self
    var numbers: [UInt8: UInt8] = [:]
    result.labels = try labels.enumerated().map { example, label in
      if let number = numbers[label] { return number }
      let text = classNames.map { $0[Int(label)] } ?? "\(label)"
      guard let number = names.map({ $0.firstIndex(of: text).map(UInt8.init) }) ?? UInt8(text) else {
        let known = names.map { "one of the classes \($0.prefix(8).joined(separator: ", "))" }
        throw DataError(
          path: name, place: placeOfClass(example, column: column), expected: known ?? "a class from 0 to 255",
          found: "\"\(text)\"")
      }
      numbers[label] = number
      return number
    }
    result.classNames = names
    return result
  }

  /// Throws `DataError` for an example of none of the classes `known`, as they are numbered here.
  package func checkClasses(areAmong known: [UInt8], column: String) throws(DataError) {
    guard let labels, let example = labels.firstIndex(where: { !known.contains($0) }) else { return }
    func text(_ label: UInt8) -> String { classNames.map { $0[Int(label)] } ?? "\(label)" }
    throw DataError(
      path: name, place: placeOfClass(example, column: column),
      expected: "one of the classes \(known.prefix(8).map(text).joined(separator: ", ")), which training rows had",
      found: "\"\(text(labels[example]))\"")
  }

  private func placeOfClass(_ example: Int, column: String) -> String {
    columns.isEmpty ? "example \(example)" : "row \(rowOfWhole(example) + 1), column \"\(column.onOneLine)\""
  }
}
