import VAEKernels

/// Classes of rows, as texts or numbers say them.
package struct DataClasses {
  /// A class for each row.
  let labels: [UInt8]
  /// What the classes are called; nil where they are the numbers themselves.
  let names: [String]?

  /// As many as a label, which is a byte, can tell.
  static let most = Architecture.maximumLabelCount

  /// Classes by the texts of a column or an array, one a row; `place` says which, for messages.
  ///
  /// Whole numbers from 0 to 255 are the classes that they say. Other texts are numbered in their order, numbers by size,
  /// at most 256 of them. Throws where a row has none.
  init(_ texts: [String], place: String, path: String) throws {
    let missing = texts.indices.filter { texts[$0].isEmpty }
    if let first = missing.first {
      throw Self.missing(
        missing.count, first: first, "\"unknown\"; an empty cell, NA and the like are none", place, path)
    }
    if texts.allSatisfy({ UInt8($0) != nil }) {
      labels = texts.map { UInt8($0)! }
      names = nil
      return
    }
    let names = Self.inOrder(Set(texts))
    guard names.count <= Self.most else {
      throw DataError(path: path, place: place, expected: "at most \(Self.most) classes", found: "\(names.count)")
    }
    let numbers = Dictionary(uniqueKeysWithValues: zip(names, 0...))
    labels = texts.map { UInt8(numbers[$0]!) }
    self.names = names
  }

  /// The same of a column.
  init(_ texts: [String], column: String, path: String) throws {
    try self.init(texts, place: "column \"\(column.onOneLine)\"", path: path)
  }

  /// The place of a class among `names`, or where classes have none its number: by its name, or of a number by that number,
  /// however it is written. "1.0", as a column with gaps comes out of other programs, is the class "1".
  package static func place(of text: String, in names: [String]?) -> Int? {
    guard let names else {
      return UInt8(text).map(Int.init) ?? number(text).flatMap { UInt8(exactly: $0) }.map(Int.init)
    }
    if let place = names.firstIndex(of: text) { return place }
    guard let number = number(text) else { return nil }
    let places = names.indices.filter { Self.number(names[$0]) == number }
    return places.count == 1 ? places[0] : nil
  }

  /// Nothing but digits with a sign, a point and an exponent.
  private static func number(_ text: String) -> Double? {
    text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) } ? Double(text) : nil
  }

  /// Names of classes: numbers by size, where all of them are numbers.
  private static func inOrder(_ names: Set<String>) -> [String] {
    let sorted = names.sorted()
    let numbers = sorted.compactMap { Double($0) }.filter(\.isFinite)
    guard numbers.count == sorted.count else { return sorted }
    return zip(numbers, sorted).sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.1)
  }

  private static func missing(
    _ count: Int, first: Int, _ example: String, _ place: String, _ path: String
  ) -> DataError {
    DataError(
      path: path, place: place, expected: "a class in every row (fill one in, such as \(example))",
      found: "none in \(count.counted("row")), the first of which is row \(first + 1)")
  }

  // MARK: Labels that nobody has called classes

  /// Classes by numbers, one a row; nil where they are none, and then what they are.
  ///
  /// Whole numbers from 0 to 255 are the classes that they say; at most 256 different others are numbered by size, and called
  /// what they are. Fractions are figures, and no classes. Throws where a row has none.
  static func find(
    in numbers: [Double], place: String, path: String
  ) throws -> (classes: DataClasses?, others: String?) {
    // Figures may have gaps.
    if let row = numbers.firstIndex(where: { !$0.isNaN && ($0 != $0.rounded() || $0.isInfinite) }) {
      return (nil, "numbers that are not whole, such as \(numbers[row]) in row \(row + 1)")
    }
    let missing = numbers.indices.filter { numbers[$0].isNaN }
    if let first = missing.first { throw Self.missing(missing.count, first: first, "-1", place, path) }
    if numbers.allSatisfy({ (0...255).contains($0) }) {
      return (DataClasses(labels: numbers.map { UInt8($0) }, names: nil), nil)
    }
    let different = Set(numbers).sorted()
    guard different.count <= most else { return (nil, "\(different.count) different numbers") }
    let classes = Dictionary(uniqueKeysWithValues: zip(different, 0...))
    return (DataClasses(labels: numbers.map { UInt8(classes[$0]!) }, names: different.map(text)), nil)
  }

  /// The same by texts.
  static func find(
    in texts: [String], place: String, path: String
  ) throws -> (classes: DataClasses?, others: String?) {
    let count = Set(texts).count
    if count > most, !texts.contains("") { return (nil, "\(count) different texts") }
    return (try DataClasses(texts, place: place, path: path), nil)
  }

  /// That labels which are `others` are left out, for a person.
  static func remark(_ others: String, place: String) -> String {
    "\(place): left out, as they are no classes (whole numbers or texts, at most \(most) different ones): \(others)"
  }

  /// "-1": a whole number as text.
  private static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }

  private init(labels: [UInt8], names: [String]?) { (self.labels, self.names) = (labels, names) }
}

extension Dataset {
  /// The same with these classes; `names` are what those by number are called.
  func labelled(_ classes: DataClasses, called names: [String]? = nil) -> Dataset {
    var result = self
    (result.labels, result.classNames) = (classes.labels, classes.names)
    if let names, classes.names == nil, classes.labels.allSatisfy({ Int($0) < names.count }) {
      result.classNames = names
    }
    return result
  }

  /// The same with its classes numbered as those of `other` are.
  func withClasses(of other: Dataset) throws -> Dataset {
    other.labels == nil ? self : try withClasses(other.classNames, column: "label")
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
      guard let number = DataClasses.place(of: text, in: names).map({ UInt8($0) }) else {
        let known = names.map { "one of the classes \($0.prefix(8).joined(separator: ", "))" }
        throw DataError(
          path: name, place: place(of: example, column: columns.isEmpty ? nil : column),
          expected: known ?? "a class from 0 to 255",
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
      path: name, place: place(of: example, column: columns.isEmpty ? nil : column),
      expected: "one of the classes \(known.prefix(8).map(text).joined(separator: ", ")), which training rows had",
      found: "\"\(text(labels[example]))\"")
  }
}
