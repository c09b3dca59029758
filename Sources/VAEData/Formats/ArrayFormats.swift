import VAEKernels

/// The folder of four IDX files.
public struct IDXFolderFormat: DataFormat {
  public let name = "a folder of IDX files"
  public init() {}
  public func recognizes(_ probe: DataProbe) -> Bool { probe.isFolder }

  public func read(_ paths: [String], _ reading: DataReading, known: TableCoding?) throws -> DataContents {
    let (split, remarks) = try IDXFolder(path: paths[0], transposed: reading.isTransposed).read()
    return DataContents(split.train, test: split.test, format: "IDX", remarks: remarks)
  }
}

/// A file of IDX images.
public struct IDXFormat: DataFormat {
  public let name = "IDX"
  public init() {}
  public func recognizes(_ probe: DataProbe) -> Bool { probe.start.starts(with: [0, 0]) }

  public func read(_ paths: [String], _ reading: DataReading, known: TableCoding?) throws -> DataContents {
    let (images, remarks) = try IDXFile(path: paths[0], transposed: reading.isTransposed).read()
    return DataContents(images, format: "IDX", remarks: remarks)
  }
}

/// An array of NumPy.
public struct NPYFormat: DataFormat {
  public let name = "NPY"
  public init() {}
  public func recognizes(_ probe: DataProbe) -> Bool { probe.start.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]) }

  public func read(_ paths: [String], _ reading: DataReading, known: TableCoding?) throws -> DataContents {
    let (values, shape) = try NPY.read(path: paths[0])
    return DataContents(try ArrayData.dataset(values, shape: shape, path: paths[0], known: known), format: "NPY")
  }
}

/// What an array of numbers is: a table, or pictures.
enum ArrayData {
  static func dataset(_ values: [Float], shape: [Int], path: String, known: TableCoding?) throws -> Dataset {
    let count = shape.first ?? 0
    switch shape.count {
    case 2:
      let table = Table(path: path, columns: try columns(shape[1], path: path, known: known), values: values)
      return Dataset(table)
    default:
      throw DataError(path: path, place: "header", expected: "an array of 2 to 4 dimensions", found: "\(count)")
    }
  }

  private static func columns(_ count: Int, path: String, known: TableCoding?) throws -> [Table.Column] {
    (1...max(count, 1)).map { Table.Column(name: "column \($0)") }
  }
}
