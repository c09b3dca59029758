import VAEKernels

/// What an array of numbers is by its shape: [rows, columns] a table without names, [n, h, w], [n, h, w, c] or [n, c, h, w]
/// pictures, c being 1 or 3.
struct ArrayData {
  let values: [Float]
  let shape: [Int]
  /// Whether the numbers are bytes: of pictures they stand for byte / 255.
  let isBytes: Bool
  let path: String

  init(_ values: [Float], shape: [Int], isBytes: Bool = false, path: String) {
    (self.values, self.shape, self.isBytes, self.path) = (values, shape, isBytes, path)
  }

  func dataset(_ reading: DataReading) throws -> Dataset {
    guard let image = try imageShape() else {
      let table = Table(path: path, columns: columns, values: values)
      return Dataset(try table.keeping(reading.columns, but: reading.excluded))
    }
    var values = values
    if hasChannelsFirst { values = withChannelsLast(image) }
    if isBytes {
      return Dataset(
        bytes: values.map { UInt8($0) }, featureCount: image.featureCount, imageShape: image, name: path)
    }
    return Dataset(values, featureCount: image.featureCount, imageShape: image, name: path)
  }

  /// The shape and the columns of rows that are used as they lie; nil where they lie otherwise.
  func inFile() throws -> (shape: ImageShape?, columns: [Table.Column])? {
    let image = try imageShape()
    if image != nil && hasChannelsFirst { return nil }
    return (image, image == nil ? columns : [])
  }

  private var columns: [Table.Column] { (1...max(shape.last ?? 1, 1)).map { Table.Column(name: "column \($0)") } }

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

extension Table {
  /// The columns whose names match `patterns`, or all where there are none, but for those that match `excluded`.
  func keeping(_ patterns: [String], but excluded: [String]) throws -> Table {
    if patterns.isEmpty && excluded.isEmpty { return self }
    for pattern in patterns + excluded where !columns.contains(where: { NamePatterns([pattern]).match($0.name) }) {
      throw DataError(
        path: path, expected: "columns like \"\(pattern)\"",
        found: "\(columns.prefix(3).map(\.name).joined(separator: ", "))\(columns.count > 3 ? ", …" : "")")
    }
    let kept = columns.indices.filter {
      (patterns.isEmpty || NamePatterns(patterns).match(columns[$0].name))
        && !NamePatterns(excluded).match(columns[$0].name)
    }
    guard !kept.isEmpty else { throw DataError(path: path, expected: "at least one column", found: "none left") }
    let width = columns.count
    return Table(
      path: path, columns: kept.map { columns[$0] },
      values: (0..<rowCount).flatMap { row in kept.map { values[row * width + $0] } }, asides: asides,
      rowCount: rowCount)
  }
}
