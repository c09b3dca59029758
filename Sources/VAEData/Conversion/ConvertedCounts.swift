import VAEKernels

/// Sparse counts as an archive that `scipy.sparse.load_npz` reads: `format`, `shape`, `indptr`, `indices` and `data` of
/// compressed rows, columns in 16 or 32 bits and counts in 8, 16 or 32 as they need. Nothing is packed, so that a row may be
/// read where it lies.
///
/// Beside them stand, where they are known, the classes `y`, what a model is told of each row, `told`, the rows' names,
/// `ids.txt`, and in `columns.json` what features, classes and told columns are called.
struct ConvertedCounts {
  private let rows: ConvertedRows
  private let parts: [Dataset]
  private let labelName: String?
  /// Where each row begins, and the end.
  private let starts: [Int]
  private let type: NumberType

  private enum NumberType: String {
    case uint8, uint16, uint32, float32

    init(greatest: Float) {
      self = greatest < 0x1p8 ? .uint8 : greatest < 0x1p16 ? .uint16 : greatest < 0x1p32 ? .uint32 : .float32
    }

    /// NumPy's word.
    var word: String {
      switch self {
      case .uint8: "|u1"
      case .uint16: "<u2"
      case .uint32: "<u4"
      case .float32: "<f4"
      }
    }

    var width: Int {
      switch self {
      case .uint8: 1
      case .uint16: 2
      case .uint32, .float32: 4
      }
    }
  }

  /// `rows` are `counts`; `labelName` is what the column was called that their classes came from.
  init(_ rows: ConvertedRows, labelName: String?) {
    (self.rows, self.labelName, parts) = (rows, labelName, rows.counts ?? [])
    var starts = [0]
    starts.reserveCapacity(rows.count + 1)
    var greatest: Float = 0
    Self.forEachRow(of: parts) { _, values in
      starts.append(starts.last! + values.count)
      for value in values { greatest = max(greatest, value) }
    }
    self.starts = starts
    type = NumberType(greatest: greatest)
  }

  /// The numbers that are not zero.
  var stored: Int { starts.last! }
  /// "uint8".
  var typeName: String { type.rawValue }

  private var areColumnsNarrow: Bool { rows.width <= 1 << 16 }

  private static func forEachRow(
    of parts: [Dataset], _ body: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>) throws -> Void
  ) rethrows {
    for part in parts {
      guard case .compressed(let stored) = part.storage else { preconditionFailure("rows that are not sparse") }
      for example in 0..<part.count { try stored.withRow(part.row(of: example)) { try body($0, $1) } }
    }
  }

  /// Writes the archive to `path`, row by row.
  func write(to path: String) throws {
    try AtomicFile.write(to: path) { file in
      var zip = ZipWriter()
      try zip.append("format.npy", Array(NPY.header(type: "|S3", shape: [], count: 1)) + Array("csr".utf8), to: &file)
      try zip.append("shape.npy", Array(NPY.encode([rows.count, rows.width], shape: [2])), to: &file)
      try append("indptr", "<i8", width: 8, count: starts.count, to: &zip, &file) { append in
        try starts.withUnsafeBytes { try append($0) }
      }
      try append(
        "indices", areColumnsNarrow ? "<u2" : "<u4", width: areColumnsNarrow ? 2 : 4, count: stored, to: &zip, &file
      ) { append in
        try forEachBlock(append) { columns, _, block in
          if areColumnsNarrow { block.append(columns) { UInt16($0) } } else { block.append(columns) { $0 } }
        }
      }
      try append("data", type.word, width: type.width, count: stored, to: &zip, &file) { append in
        try forEachBlock(append) { _, values, block in
          switch type {
          case .uint8: block.append(values) { UInt8($0) }
          case .uint16: block.append(values) { UInt16($0) }
          case .uint32: block.append(values) { UInt32($0) }
          case .float32: block.append(values) { $0.bitPattern }
          }
        }
      }
      try appendAsides(to: &zip, &file)
      if let failure = parts.compactMap(\.failure).first { throw failure }
      try zip.finish(&file)
    }
  }

  private func appendAsides(to zip: inout ZipWriter, _ file: inout AtomicFile.Writer) throws {
    if let labels = rows.labels {
      try zip.append("y.npy", Array(NPY.encode(labels, shape: [labels.count])), to: &file)
    }
    if let told = rows.told {
      let numbers = NPY.encode(told.allNumbers, shape: [told.count, told.columns.count])
      try zip.append(NPZArchive.told + ".npy", Array(numbers), to: &file)
    }
    var columns = StoredColumns(rows.columns, classes: rows.classNames)
    columns.areCounts = true
    columns.told = rows.told.map { StoredColumns($0.columns, classes: nil).columns }
    columns.label = rows.labels == nil ? nil : labelName
    try zip.append(StoredColumns.entry, columns.encoded(), to: &file)
    if let ids = rows.ids { try zip.append(NPZArchive.ids, LinesOfNames.encode(ids), to: &file) }
  }

  /// Appends an array of `count` numbers of `width` bytes, which `body` hands on.
  private func append(
    _ name: String, _ type: String, width: Int, count: Int, to zip: inout ZipWriter, _ file: inout AtomicFile.Writer,
    _ body: @escaping ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    let header = Array(NPY.header(type: type, shape: [count], count: count))
    try zip.append(name + ".npy", count: header.count + width * count, to: &file) { append in
      try header.withUnsafeBytes { try append($0) }
      try body(append)
    }
  }

  /// Calls `append` with the bytes of what `write` makes of every row, a megabyte or a row at a time.
  private func forEachBlock(
    _ append: (UnsafeRawBufferPointer) throws -> Void,
    _ write: (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>, inout Block) -> Void
  ) throws {
    var block = Block()
    try Self.forEachRow(of: parts) { columns, values in
      write(columns, values, &block)
      if block.bytes.count >= Block.full {
        try block.bytes.withUnsafeBytes { try append($0) }
        block.bytes.removeAll(keepingCapacity: true)
      }
    }
    try block.bytes.withUnsafeBytes { try append($0) }
  }

  /// Numbers as they lie in a file.
  private struct Block {
    static let full = 1 << 20
    var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(2 * Self.full) }

    mutating func append<Number, Word: FixedWidthInteger>(
      _ numbers: UnsafeBufferPointer<Number>, _ word: (Number) -> Word
    ) {
      withUnsafeTemporaryAllocation(of: Word.self, capacity: numbers.count) { words in
        for index in 0..<numbers.count { words.initializeElement(at: index, to: word(numbers[index]).littleEndian) }
        bytes.append(contentsOf: UnsafeRawBufferPointer(words))
      }
    }
  }
}
