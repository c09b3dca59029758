import VAEKernels

extension DataContents {
  /// Takes the labels of an archive as classes, where they can be; a remark says why not. Throws where a person has named them
  /// and they are none, and where a row has none.
  ///
  /// - Parameter names: What classes by number are called, as the archive says.
  mutating func label(
    by labels: NPZ.Labels, called names: [String]?, _ reading: DataReading, path: String
  ) throws {
    let others = try take(reading, place: labels.name, called: names) {
      labels.texts.isEmpty
        ? try DataClasses.find(in: labels.numbers, place: labels.name, path: path)
        : try DataClasses.find(in: labels.texts, place: labels.name, path: path)
    }
    if let others, reading.labelArray == labels.name, !reading.maybeWithoutLabels {
      throw DataError(
        path: path, place: labels.name, expected: "at most \(DataClasses.most) classes, for --label-array",
        found: others)
    }
  }

  /// Takes the numbers that a format has for labels as classes, where they can be; a remark says why not.
  mutating func label(by numbers: [Double], _ reading: DataReading, path: String) throws {
    try take(reading, place: "labels") { try DataClasses.find(in: numbers, place: "labels", path: path) }
  }

  /// Takes texts of a column as classes. Throws `DataError` where they are too many, or a row has none.
  package mutating func label(byTexts texts: [String], column: String, _ reading: DataReading, path: String) throws {
    do {
      examples = examples.labelled(try DataClasses(texts, column: column, path: path))
    } catch let error as DataError where reading.maybeWithoutLabels {
      remarks.append("\(error): read without classes")
    }
  }

  /// What the labels are where they are no classes.
  @discardableResult
  private mutating func take(
    _ reading: DataReading, place: String, called names: [String]? = nil,
    _ find: () throws -> (classes: DataClasses?, others: String?)
  ) throws -> String? {
    // A column that was asked for comes first.
    if examples.labels != nil { return nil }
    do {
      let (classes, others) = try find()
      if let classes { examples = examples.labelled(classes, called: names) }
      if let others { remarks.append(DataClasses.remark(others, place: place)) }
      return others
    } catch let error as DataError where reading.maybeWithoutLabels {
      // Rows to be looked at need none.
      remarks.append("\(error): read without classes")
      return nil
    }
  }
}
