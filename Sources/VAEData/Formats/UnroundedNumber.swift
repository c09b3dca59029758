/// A number of an array of doubles as its file has it, which no 32-bit float holds: for messages.
enum UnroundedNumber {
  /// The number in a row, counted from 0, and the column of this name of the table in the NPY or NPZ file at `path`; nil where
  /// the file has others, or the number is none that became infinite.
  static func find(path: String, row: Int, column: String) -> Double? {
    guard let (stream, columns) = try? open(path), let header = try? NPY.header(stream), let type = header.type,
      type.kind == .float, type.width == 8, header.shape.count == 2, row < header.shape[0],
      let place = (try? columns(header.shape[1]))??.firstIndex(where: { $0.name == column })
        ?? UnnamedColumns.place(of: column),
      place < header.shape[1]
    else { return nil }
    let index = header.isFortranOrder ? place * header.shape[0] + row : row * header.shape[1] + place
    guard (try? pass(over: index * type.width, of: stream)) != nil, let bytes = try? stream.read(atMost: type.width),
      bytes.count == type.width
    else { return nil }
    let bits = (type.isBigEndian ? bytes : bytes.reversed()).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    let number = Double(bitPattern: bits)
    return number.isFinite && Float(number).isInfinite ? number : nil
  }

  /// The numbers, and what reads the names of so many columns, where they have some.
  private static func open(
    _ path: String
  ) throws -> (stream: any ByteStream, columns: (Int) throws -> [Table.Column]?) {
    if try Contents(path: path).read(atMost: 2) == Array("PK".utf8) {
      let archive = try NPZArchive(path)
      let stream = try archive.stream(archive.only().name)
      return (stream, { try NPZ.storedColumns(path: path, count: $0)?.ofTable })
    }
    return (try Contents(path: path), { try StoredColumns.read(beside: path, count: $0)?.ofTable })
  }

  private static func pass(over count: Int, of stream: some ByteStream) throws {
    var left = count
    while left > 0 {
      let part = try stream.read(atMost: min(left, 1 << 20)).count
      guard part > 0 else { return }
      left -= part
    }
  }
}
