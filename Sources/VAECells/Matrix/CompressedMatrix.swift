import VAEData
import VAEKernels

/// A compressed matrix in an HDF5 file: where each major line begins, and behind that minor indices and numbers. Major lines
/// are rows in CSR, columns in CSC.
struct CompressedMatrix {
  let data: HDF5Dataset
  let indices: HDF5Dataset
  let starts: [Int]
  /// The place of the group, for messages.
  let path: String
  let majorCount: Int
  let minorCount: Int
  /// Elements that are read at once: at most 4 MB of indices.
  var pieceLength = 1 << 19

  /// The matrix in a group with `data`, `indices` and `indptr`, as SciPy, AnnData and 10x have it.
  init(_ group: HDF5Group, majorCount: Int, minorCount: Int) throws {
    path = group.path
    (self.majorCount, self.minorCount) = (majorCount, minorCount)
    func dataset(_ name: String, _ kinds: [HDF5Type.Kind], _ words: String) throws -> HDF5Dataset {
      let dataset = try group.file.requiredDataset(at: group.path(of: name))
      guard dataset.shape.count == 1, kinds.contains(dataset.type.kind) else {
        throw dataset.error("\(words) along one axis", dataset.type.inWords + " along \(dataset.shape.count)")
      }
      return dataset
    }
    data = try dataset("data", [.integer, .float, .bool], "numbers")
    indices = try dataset("indices", [.integer], "integers")
    let pointers = try dataset("indptr", [.integer], "integers")
    try pointers.checkShape(majorCount + 1)
    try indices.checkShape(data.count)
    guard minorCount <= Int(UInt32.max) else {
      throw group.file.error(at: path, "at most \(UInt32.max) lines", "\(minorCount)")
    }
    starts = try pointers.all(Int64.self).map { Int($0) }
    guard starts[0] == 0 else { throw pointers.error("0 as the first of them", "\(starts[0])") }
    if let fall = starts.indices.dropFirst().first(where: { starts[$0] < starts[$0 - 1] }) {
      throw pointers.error(
        "numbers that rise", "\(starts[fall]) at place \(fall), after \(starts[fall - 1])")
    }
    guard starts[majorCount] <= data.count else {
      throw pointers.error("\(data.count) as the last of them", "\(starts[majorCount])")
    }
  }

  /// Elements that are stored.
  var stored: Int { starts[majorCount] }

  /// Calls `body` with every major line in order: its minor indices, all of them checked, and its numbers. Where
  /// `withValues` is false these are left out.
  func forEachLine(
    longest: Int, withValues: Bool = true,
    _ body: (_ line: Int, _ indices: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    var indexPieces = IndexPieces(indices, 0..<stored, below: minorCount, length: pieceLength)
    var valuePieces = withValues ? HDF5Pieces<Float>(data, 0..<stored, step: pieceLength) : nil
    var lines = LineCutter(starts: starts, longest: longest)
    let none = UnsafeBufferPointer<Float>(start: nil, count: 0)
    while let range = try indexPieces.next() {
      let values = try valuePieces?.next()
      try indexPieces.numbers.withUnsafeBufferPointer { indices in
        guard let values else { return try lines.take(range, indices, none, body) }
        try values.withNumbers { try lines.take(range, indices, $0, body) }
      }
      if let line = lines.tooLong {
        throw data.file.error(at: path, "at most \(longest) elements in line \(line)", "more")
      }
    }
    try lines.finish(body)
  }
}

/// Indices of either width, piece by piece, checked and narrowed.
private struct IndexPieces {
  private(set) var numbers: [UInt32] = []
  private let dataset: HDF5Dataset
  private let limit: Int
  private var narrow: HDF5Pieces<Int32>?
  private var wide: HDF5Pieces<Int64>?

  init(_ dataset: HDF5Dataset, _ range: Range<Int>, below limit: Int, length: Int) {
    (self.dataset, self.limit) = (dataset, limit)
    // Half of the bytes to be moved where the file's own are that short.
    if dataset.type.size < 4 || dataset.type.size == 4 && dataset.type.isSigned {
      narrow = HDF5Pieces(dataset, range, step: length)
    } else {
      wide = HDF5Pieces(dataset, range, step: length)
    }
  }

  /// Puts the next into `numbers`, and says which they are; nil behind the last.
  mutating func next() throws -> Range<Int>? {
    if let (piece, range) = try narrow?.nextWithRange() {
      try piece.withNumbers { try take($0, range) }
      return range
    }
    if let (piece, range) = try wide?.nextWithRange() {
      try piece.withNumbers { try take($0, range) }
      return range
    }
    return nil
  }

  private mutating func take<Index: FixedWidthInteger>(
    _ indices: UnsafeBufferPointer<Index>, _ range: Range<Int>
  ) throws {
    numbers = try [UInt32](unsafeUninitializedCapacity: indices.count) { numbers, count in
      for place in 0..<indices.count {
        let index = indices[place]
        guard index >= 0, index < limit else {
          throw dataset.error("numbers from 0 to \(limit - 1)", "\(index) at place \(range.lowerBound + place)")
        }
        numbers.initializeElement(at: place, to: UInt32(truncatingIfNeeded: index))
      }
      count = indices.count
    }
  }
}

/// Cuts pieces into lines, of which one may begin in one piece and end in another.
private struct LineCutter {
  typealias Body = (Int, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>) throws -> Void

  let starts: [Int]
  let longest: Int
  private(set) var tooLong: Int?
  private var line = 0
  /// Of a line whose end is still to come.
  private var begunIndices: [UInt32] = []
  private var begunValues: [Float] = []

  init(starts: [Int], longest: Int) { (self.starts, self.longest) = (starts, longest) }

  mutating func take(
    _ range: Range<Int>, _ indices: UnsafeBufferPointer<UInt32>, _ values: UnsafeBufferPointer<Float>, _ body: Body
  ) throws {
    var place = range.lowerBound
    func part(to end: Int) -> (UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>) {
      let local = place - range.lowerBound..<end - range.lowerBound
      return (
        UnsafeBufferPointer(rebasing: indices[local]),
        values.isEmpty ? values : UnsafeBufferPointer(rebasing: values[local])
      )
    }
    while line + 1 < starts.count, starts[line + 1] <= range.upperBound {
      let (lineIndices, lineValues) = part(to: starts[line + 1])
      if begunIndices.isEmpty {
        try body(line, lineIndices, lineValues)
      } else {
        begunIndices.append(contentsOf: lineIndices)
        begunValues.append(contentsOf: lineValues)
        try useBegun(body)
      }
      place = starts[line + 1]
      line += 1
    }
    guard place < range.upperBound else { return }
    let (rest, restValues) = part(to: range.upperBound)
    begunIndices.append(contentsOf: rest)
    begunValues.append(contentsOf: restValues)
    if begunIndices.count > longest { tooLong = line }
  }

  private mutating func useBegun(_ body: Body) throws {
    try begunIndices.withUnsafeBufferPointer { indices in
      try begunValues.withUnsafeBufferPointer { try body(line, indices, $0) }
    }
    begunIndices.removeAll(keepingCapacity: true)
    begunValues.removeAll(keepingCapacity: true)
  }

  /// The lines behind the last element, and all of a matrix without elements.
  mutating func finish(_ body: Body) throws {
    while line + 1 < starts.count {
      try body(line, UnsafeBufferPointer(start: nil, count: 0), UnsafeBufferPointer(start: nil, count: 0))
      line += 1
    }
  }
}

/// A compressed matrix as the columns of rows.
struct CompressedColumns: ColumnScan {
  let matrix: CompressedMatrix

  func forEachStretch(
    withValues: Bool, _ body: (Int, UnsafeBufferPointer<UInt32>, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    try matrix.forEachLine(longest: 4 * matrix.minorCount + 1000, withValues: withValues, body)
  }
}
