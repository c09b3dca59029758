import VAEData

/// How values come from a worker: `hdf5_value`.
enum HDF5Value {
  static let texts: UInt32 = 5
}

/// A number that a worker sends.
protocol HDF5Number: BitwiseCopyable, Sendable {
  static var hdf5Value: UInt32 { get }
}

extension Float: HDF5Number { static var hdf5Value: UInt32 { 1 } }
extension Double: HDF5Number { static var hdf5Value: UInt32 { 2 } }
extension Int32: HDF5Number { static var hdf5Value: UInt32 { 3 } }
extension Int64: HDF5Number { static var hdf5Value: UInt32 { 4 } }

/// An array of one or two axes in an HDF5 file, or one field of an array of compounds.
struct HDF5Dataset {
  let file: HDF5File
  let path: String
  private(set) var type: HDF5Type
  let shape: [Int]
  /// The shape of a chunk; nil where all is one stretch.
  let chunk: [Int]?
  /// The numbers of the filters: 1 gzip, 2 shuffle, 32000 lzf.
  let filters: [Int]
  /// The field that is read; nil for whole elements.
  private(set) var field: String?

  /// No more numbers than this come in one piece.
  static let largestPiece = 4 << 20
  /// So little may be claimed by what stores nothing: never written, it is zeros.
  private static let unquestionedByteCount = 16 << 20
  /// gzip makes at most 1,032 bytes of one.
  private static let greatestRatio = 1100

  init(file: HDF5File, path: String, _ answer: inout HDF5Answer) throws {
    (self.file, self.path) = (file, path)
    type = try HDF5Type(&answer, withFields: true)
    let rank = try answer.count(ofSize: 8)
    shape = try (0..<rank).map { _ in try answer.size() }
    chunk = try answer.next(UInt8.self) == 0 ? nil : (0..<rank).map { _ in try answer.size() }
    let filterCount = try answer.count(ofSize: 4)
    filters = try (0..<filterCount).map { _ in Int(try answer.next(UInt32.self)) }
    let stored = try answer.size()
    // Before anyone goes through what is claimed, or makes room for it.
    let claimed = shape.reduce((type.size, false)) { sum, size in
      let (product, overflow) = sum.0.multipliedReportingOverflow(by: size)
      return (product, overflow || sum.1)
    }
    let most = min(stored, file.byteCount).multipliedReportingOverflow(by: Self.greatestRatio)
    guard !claimed.1, stored <= file.byteCount,
      claimed.0 <= Self.unquestionedByteCount || most.overflow || claimed.0 <= most.partialValue
    else {
      throw file.error(
        at: path, "what \(stored) stored bytes can hold", "\(shape.map(String.init).joined(separator: " × ")) elements")
    }
  }

  /// The number of elements along the first axis.
  var count: Int { shape.first ?? 1 }

  /// A field of the compounds.
  func field(_ name: String) -> HDF5Dataset? {
    guard let found = type.fields.first(where: { $0.name == name }) else { return nil }
    var dataset = self
    dataset.type = HDF5Type(of: found)
    dataset.field = name
    return dataset
  }

  /// For messages.
  var name: String { field.map { "\(path), field \($0)" } ?? path }

  /// Throws unless there are `count` elements along one axis.
  func checkShape(_ count: Int) throws {
    guard shape == [count] else {
      throw error("\(count) elements", shape.map(String.init).joined(separator: " × "))
    }
  }

  func error(_ expected: String, _ found: String) -> DataError { file.error(at: name, expected, found) }

  // MARK: Reading

  /// The request for a stretch along each axis.
  func request(_ value: UInt32, _ ranges: [Range<Int>]) -> HDF5Request {
    var request = HDF5Request()
    request.append(path)
    request.append(field ?? "")
    request.append(value)
    request.append(UInt32(ranges.count))
    for range in ranges { request.append(UInt64(range.lowerBound)) }
    for range in ranges { request.append(UInt64(range.count)) }
    return request
  }

  /// Asks for a stretch, and waits for it.
  func read<Number: HDF5Number>(_ type: Number.Type, _ ranges: [Range<Int>]) throws -> HDF5Piece<Number> {
    let ticket = try file.worker.send(.read, request(Number.hdf5Value, ranges), about: name)
    return try HDF5Piece(file.worker.answer(to: ticket), count: ranges.reduce(1) { $0 * $1.count })
  }

  /// All of one axis.
  func all<Number: HDF5Number>(_ type: Number.Type) throws -> [Number] {
    guard shape.count == 1 else { throw error("one axis", "\(shape.count)") }
    guard self.type.isNumber else { throw error("numbers", self.type.inWords) }
    var numbers: [Number] = []
    numbers.reserveCapacity(count)
    var pieces = HDF5Pieces<Number>(self, 0..<count)
    while let piece = try pieces.next() { piece.withNumbers { numbers.append(contentsOf: $0) } }
    return numbers
  }

  /// All texts of one axis.
  func allTexts() throws -> [String] {
    guard shape.count == 1 else { throw error("one axis", "\(shape.count)") }
    guard type.isText else { throw error("texts", type.inWords) }
    var texts: [String] = []
    texts.reserveCapacity(count)
    while texts.count < count {
      let request = request(HDF5Value.texts, [texts.count..<count])
      var answer = try file.worker.ask(.read, request, about: name)
      let got = try answer.count(ofSize: 4)
      guard got > 0, got <= count - texts.count else { throw answer.error }
      texts += try answer.texts(got)
    }
    return texts
  }
}

/// Numbers that have come.
struct HDF5Piece<Number: HDF5Number> {
  private let bytes: [UInt8]
  let count: Int

  init(_ answer: HDF5Answer, count: Int) throws {
    guard answer.bytes.count == count * MemoryLayout<Number>.stride else { throw answer.error }
    (bytes, self.count) = (answer.bytes, count)
  }

  func withNumbers<Result>(_ body: (UnsafeBufferPointer<Number>) throws -> Result) rethrows -> Result {
    // An array's elements begin at a multiple of 16.
    try bytes.withUnsafeBytes { try body($0.bindMemory(to: Number.self)) }
  }
}

/// The numbers of a stretch, piece by piece, of which the next is read and inflated while this one is in use.
struct HDF5Pieces<Number: HDF5Number> {
  private let dataset: HDF5Dataset
  private let end: Int
  private let step: Int
  private let columns: Range<Int>?
  private var nextToAsk: Int
  private var asked: (ticket: HDF5Worker.Ticket, range: Range<Int>)?

  /// Elements of one axis, or rows of two with these columns. A piece is `step` long, or as long as may be.
  init(_ dataset: HDF5Dataset, _ range: Range<Int>, columns: Range<Int>? = nil, step: Int? = nil) {
    self.dataset = dataset
    self.columns = columns
    end = range.upperBound
    nextToAsk = range.lowerBound
    self.step = step ?? Self.step(dataset, columns?.count ?? 1)
  }

  /// Whole chunks, where they fit.
  private static func step(_ dataset: HDF5Dataset, _ width: Int) -> Int {
    let most = max(HDF5Dataset.largestPiece / 2 / MemoryLayout<Number>.stride / max(width, 1), 1)
    guard let chunk = dataset.chunk?.first, chunk > 0, chunk <= most else { return most }
    return most / chunk * chunk
  }

  /// The next piece, and which elements or rows it has; nil behind the last.
  mutating func nextWithRange() throws -> (piece: HDF5Piece<Number>, range: Range<Int>)? {
    if asked == nil { try ask() }
    guard let current = asked else { return nil }
    asked = nil
    // Behind this one, before it is waited for: the worker never rests.
    try ask()
    let answer = try dataset.file.worker.answer(to: current.ticket)
    return (try HDF5Piece(answer, count: current.range.count * (columns?.count ?? 1)), current.range)
  }

  mutating func next() throws -> HDF5Piece<Number>? { try nextWithRange()?.piece }

  private mutating func ask() throws {
    guard nextToAsk < end else { return }
    let range = nextToAsk..<min(nextToAsk + step, end)
    let request = dataset.request(Number.hdf5Value, [range] + (columns.map { [$0] } ?? []))
    asked = (try dataset.file.worker.send(.read, request, about: dataset.name), range)
    nextToAsk = range.upperBound
  }
}
