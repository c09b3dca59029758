import VAEKernels

/// What is asked of a table of text while it is read, of one that is in memory.
extension Table {
  /// The table that `reading` asks for: the columns that it keeps, without those that it does not model, whose cells are
  /// texts in `asides`.
  func asked(_ reading: DataReading) throws -> Table {
    let patterns = reading.columns + reading.excluded
    let names = reading.asides.filter { name in
      !reading.optionalAsides.contains(name) || columns.contains { $0.name == name }
    }
    if names.isEmpty && patterns.isEmpty { return self }
    for name in names where !columns.contains(where: { $0.name == name }) { throw noColumn(name) }
    for pattern in patterns where !columns.contains(where: { NamePatterns([pattern]).match($0.name) }) {
      throw noColumn(pattern)
    }
    let (kept, excluded) = (NamePatterns(reading.columns), NamePatterns(reading.excluded))
    let places = columns.indices.filter { place in
      let name = columns[place].name
      return !names.contains(name) && (reading.columns.isEmpty || kept.match(name)) && !excluded.match(name)
    }
    guard !places.isEmpty else { throw DataError(path: path, expected: "a column to model", found: "none left") }
    var asides = asides
    for name in names { asides[name] = texts(ofColumn: columns.firstIndex { $0.name == name }!) }
    return Table(path: path, columns: places.map { columns[$0] }, values: values(of: places), asides: asides)
  }

  /// The table with the columns that a model knows, in its order and with its texts.
  ///
  /// Throws where one is missing and, unless `takesUnknownTexts`, where a text is none of the model's.
  package func matching(_ known: [Column], takesUnknownTexts: Bool) throws -> Table {
    let places = try known.map { column in
      guard let place = columns.firstIndex(where: { $0.name == column.name }) else { throw noColumn(column.name) }
      return place
    }
    var values = values(of: places)
    for (column, place) in places.enumerated() where columns[place].texts != known[column].texts {
      let (expected, texts) = (known[column].texts, columns[place].texts)
      guard let expected, let texts else {
        func kind(_ isText: Bool) -> String { isText ? "text" : "numbers" }
        throw DataError(
          path: path, place: "column \"\(known[column].name.onOneLine)\"",
          expected: "\(kind(expected != nil)), as before",
          found: kind(texts != nil))
      }
      let numbers = Dictionary(zip(expected, 0...), uniquingKeysWith: { first, _ in first })
      for row in 0..<rowCount {
        let code = values[row * known.count + column]
        guard code >= 0, Int(code) < texts.count else { continue }
        let text = texts[Int(code)]
        guard let number = numbers[text].map({ Float($0) }) ?? (takesUnknownTexts ? UnknownText.mark : nil) else {
          throw DataError(
            path: path, place: "row \(row + 1), column \"\(known[column].name.onOneLine)\"",
            expected: UnknownText.expected(expected),
            found: "\"\(text.onOneLine)\"" + (NearestNames.words(to: text, among: expected).map { "; \($0)" } ?? ""))
        }
        values[row * known.count + column] = number
      }
    }
    return Table(path: path, columns: known, values: values, asides: asides)
  }

  private func noColumn(_ name: String) -> DataError {
    DataError(
      path: path, expected: "a column of the name \"\(name.onOneLine)\"",
      found: NearestNames.noneBut(name, among: columns.map(\.name)))
  }

  func texts(ofColumn place: Int) -> [String] {
    let column = CodedColumn(ofSource: columns[place])
    // A whole number is the name of a class, and not "3.0".
    return (0..<rowCount).map { row in
      let value = values[row * columns.count + place]
      if value.isNaN { return "" }
      if column.texts != nil { return column.text(of: value) }
      var text: [UInt8] = []
      NumberText.append(value, decimals: value == value.rounded() ? 0 : nil, to: &text)
      return String(decoding: text, as: UTF8.self)
    }
  }

  private func values(of places: [Int]) -> [Float] {
    let width = columns.count
    if places.elementsEqual(0..<width) { return values }
    return [Float](unsafeUninitializedCapacity: rowCount * places.count) { output, count in
      count = rowCount * places.count
      values.withUnsafeBufferPointer { values in
        for row in 0..<rowCount {
          for (column, place) in places.enumerated() {
            output[row * places.count + column] = values[row * width + place]
          }
        }
      }
    }
  }
}
