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
    guard let names = other.classNames, let labels else { return self }
    var result = self
    let texts = labels.map { label in classNames.map { $0[Int(label)] } ?? "\(label)" }
    result.labels = try DataClasses(texts, known: names, column: "label", path: name).labels
    result.classNames = names
    return result
  }
}
