import VAEKernels

/// What an array of numbers is by its shape: [rows, columns] a table without names, [n, h, w], [n, h, w, c] or [n, c, h, w]
/// pictures, c being 1 or 3.
struct ArrayData {
  let values: [Float]
  let shape: [Int]
  /// Whether the numbers are bytes: of pictures they stand for byte / 255.
  let isBytes: Bool
  /// The columns of a table, where a file beside the array names them.
  let names: [Table.Column]?
  let path: String

  init(_ values: [Float], shape: [Int], isBytes: Bool = false, names: [Table.Column]? = nil, path: String) {
    (self.values, self.shape, self.isBytes, self.names, self.path) = (values, shape, isBytes, names, path)
  }

  /// The examples; `known` are the columns of a model that a table is for.
  func contents(_ reading: DataReading, known: TableCoding?, format: String) throws -> DataContents {
    guard let image = try imageShape() else {
      return try DataContents(table(reading, known: known?.columns.map(\.source)), reading, format: format)
    }
    var values = values
    if hasChannelsFirst { values = withChannelsLast(image) }
    if isBytes {
      return DataContents(
        Dataset(bytes: values.map { UInt8($0) }, featureCount: image.featureCount, imageShape: image, name: path),
        format: format)
    }
    return DataContents(
      Dataset(values, featureCount: image.featureCount, imageShape: image, name: path), format: format)
  }

  private func table(_ reading: DataReading, known: [Table.Column]?) throws -> Table {
    let table = Table(path: path, columns: columns, values: values)
    try table.checkTexts()
    guard let known else { return try table.asked(reading) }
    try checkWidth(known, reading)
    // The model's columns are what is kept.
    var reading = reading
    (reading.columns, reading.excluded) = ([], [])
    var asked = try table.asked(reading)
    if names == nil, asked.columns.allSatisfy({ column in !known.contains { $0.name == column.name } }) {
      // Nothing but their places tells them.
      try UnnamedColumns.check(asked.columns.count, (known.count, false), path: path)
      asked.columns = known
    }
    return try asked.matching(known, takesUnknownTexts: reading.takesUnknownTexts)
  }

  /// Throws where columns without names are other than those that a model knows.
  func checkWidth(_ known: [Table.Column], _ reading: DataReading) throws {
    guard names == nil, known.contains(where: { UnnamedColumns.place(of: $0.name) != nil }) else { return }
    let own = Set(columns.map(\.name))
    let asides = reading.asides.filter { !reading.optionalAsides.contains($0) || own.contains($0) }
    let width = UnnamedColumns.width(for: known.map(\.name), asides: asides, isChoice: reading.isChoiceOfColumns)
    try UnnamedColumns.check(own.count, width, path: path)
  }

  /// The shape and the columns of rows that are used as they lie; nil where they lie otherwise.
  func inFile() throws -> (shape: ImageShape?, columns: [Table.Column])? {
    let image = try imageShape()
    if image != nil && hasChannelsFirst { return nil }
    return (image, image == nil ? columns : [])
  }

  private var columns: [Table.Column] {
    names ?? (0..<max(shape.last ?? 1, 1)).map { Table.Column(name: UnnamedColumns.name($0)) }
  }

  private var hasChannelsFirst: Bool {
    shape.count == 4 && [1, 3].contains(shape[1]) && ![1, 3].contains(shape[3])
  }

  private func imageShape() throws -> ImageShape? {
    guard shape.allSatisfy({ $0 > 0 }), (2...4).contains(shape.count) else {
      throw DataError(
        path: path, place: "header",
        expected: "a shape of rows × columns, or of pictures × height × width, none of them 0", found: "\(shape)")
    }
    switch shape.count {
    case 2: return nil
    case 3: return ImageShape(width: shape[2], height: shape[1])
    default:
      if hasChannelsFirst { return ImageShape(width: shape[3], height: shape[2], channels: shape[1]) }
      guard [1, 3].contains(shape[3]) else {
        throw DataError(path: path, place: "header", expected: "pictures of 1 or 3 channels", found: "\(shape)")
      }
      return ImageShape(width: shape[2], height: shape[1], channels: shape[3])
    }
  }

  /// [c, h, w] of each as [h, w, c].
  private func withChannelsLast(_ image: ImageShape) -> [Float] {
    let pixels = image.width * image.height
    return [Float](unsafeUninitializedCapacity: values.count) { output, count in
      count = values.count
      values.withUnsafeBufferPointer { values in
        for start in stride(from: 0, to: values.count, by: image.featureCount) {
          for pixel in 0..<pixels {
            for channel in 0..<image.channels {
              output[start + pixel * image.channels + channel] = values[start + channel * pixels + pixel]
            }
          }
        }
      }
    }
  }
}
