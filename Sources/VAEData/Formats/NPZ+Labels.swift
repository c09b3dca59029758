extension NPZ {
  /// The labels of an array's rows, as the archive has them: of numbers or of texts.
  public struct Labels: Sendable, Hashable {
    /// The name of their array.
    public let name: String
    /// A number for each row; none where they are texts.
    public let numbers: [Double]
    /// A text for each row; none where they are numbers.
    public let texts: [String]
  }

  private static let labelNames = ["y", "labels", "label", "Y"]

  /// "y_train" beside "x_train", as Keras has them, before the usual names.
  fileprivate static func labelNames(beside name: String) -> [String] {
    partners(of: name) + labelNames
  }

  fileprivate static func partners(of name: String) -> [String] {
    guard let first = name.first, "xX".contains(first), name.count > 1 else { return [] }
    return ["y", "Y"].map { $0 + name.dropFirst() }
  }
}

extension NPZArchive {
  /// The array with the labels of the rows of `data`: that of the name, or of one of the usual names.
  ///
  /// What nobody has named, and is of no type or shape that labels have, is none: a remark says why. `isNamed` is whether a
  /// person named `data`, to which the usual names need not belong. Throws `DataError` where labels are not one a row.
  func labels(
    of data: NPZ.Header, named name: String?, isNamed: Bool
  ) throws -> (array: NPZ.Header?, remark: String?) {
    let rowCount = data.shape.first ?? 1
    func fits(_ array: NPZ.Header) -> Bool { array.shape == [rowCount] || array.shape == [rowCount, 1] }
    func isReadable(_ array: NPZ.Header) -> Bool { array.isNumeric || array.isText }
    func shapeError(_ array: NPZ.Header) -> DataError {
      DataError(
        path: path, place: array.name,
        expected:
          "a label for each of the \(rowCount.counted("row")) of \(data.name) (--label-array names another array)",
        found: "a shape of \(array.shape)")
    }
    if let name {
      let array = try array(name, option: "label-array")
      guard fits(array) else { throw shapeError(array) }
      guard isReadable(array) else {
        throw DataError(
          path: path, place: array.name,
          expected: "labels in numbers or texts, as NumPy's astype(str) makes them, for --label-array",
          found: PythonLiteral.quoted(array.type))
      }
      return (array, nil)
    }
    let candidates = NPZ.labelNames(beside: data.name).compactMap { name in
      arrays.first { $0.name == name && $0 != data }
    }
    guard let array = candidates.first(where: { fits($0) && isReadable($0) }) ?? candidates.first else {
      return (nil, nil)
    }
    if !isReadable(array) {
      return (
        nil,
        "\(array.name): labels of the type \(PythonLiteral.quoted(array.type)) are not read, and left out; as NumPy's "
          + "astype(str) makes them they would be"
      )
    }
    if fits(array) { return (array, nil) }
    let isOneEach = array.shape.count == 1 || array.shape.count == 2 && array.shape[1] == 1
    if isOneEach, !isNamed || NPZ.partners(of: data.name).contains(array.name) { throw shapeError(array) }
    return (
      nil,
      "\(array.name): a shape of \(array.shape) is not one label for each of the \(rowCount.counted("row")) of "
        + "\(data.name): left out"
    )
  }

  /// The labels in an array of numbers or texts.
  func readLabels(_ array: NPZ.Header) throws -> NPZ.Labels {
    try Self.inEntry(array.name) {
      if array.isText {
        return NPZ.Labels(name: array.name, numbers: [], texts: try NPY.readTexts(stream(array.name)))
      }
      let (numbers, texts, _) = try NPY.readLabels(array: array.name) { try stream(array.name) }
      return NPZ.Labels(name: array.name, numbers: numbers, texts: texts)
    }
  }
}
