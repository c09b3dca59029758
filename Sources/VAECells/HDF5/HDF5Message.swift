import VAEData

/// The body of a request to a worker.
struct HDF5Request {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ number: UInt32) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
  mutating func append(_ number: UInt64) { withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) } }
  mutating func append(_ text: String) { append(Array(text.utf8)) }

  /// A text, its length before it.
  mutating func append(_ text: [UInt8]) {
    append(UInt32(text.count))
    bytes += text
  }

  /// Numbers as they lie in memory.
  mutating func append<Number: BitwiseCopyable>(_ numbers: UnsafeBufferPointer<Number>) {
    bytes.append(contentsOf: UnsafeRawBufferPointer(numbers))
  }
}

/// The body of an answer, every part of it checked: a process that a damaged file has hurt may say anything.
struct HDF5Answer {
  let bytes: [UInt8]
  private let path: String
  private var place = 0

  init(_ bytes: [UInt8], path: String) { (self.bytes, self.path) = (bytes, path) }

  /// What is wrong with it.
  var error: DataError {
    DataError(path: path, expected: "a whole HDF5 file", found: "one of which libhdf5 says nonsense")
  }

  mutating func next<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type) throws -> Number {
    let size = MemoryLayout<Number>.size
    guard bytes.count - place >= size else { throw error }
    defer { place += size }
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: Number.self) }
  }

  /// A number of things of at least `size` bytes each.
  mutating func count(ofSize size: Int) throws -> Int {
    let count = Int(try next(UInt32.self))
    guard count <= (bytes.count - place) / size else { throw error }
    return count
  }

  /// A size in the file.
  mutating func size() throws -> Int {
    guard let size = Int(exactly: try next(UInt64.self)) else { throw error }
    return size
  }

  mutating func text() throws -> String {
    let count = try count(ofSize: 1)
    defer { place += count }
    return String(decoding: bytes[place..<place + count], as: UTF8.self)
  }

  mutating func texts(_ count: Int) throws -> [String] {
    guard count <= (bytes.count - place) / 4 else { throw error }
    return try (0..<count).map { _ in try text() }
  }

  mutating func numbers<Number: BitwiseCopyable>(_ type: Number.Type, count: Int) throws -> [Number] {
    let size = MemoryLayout<Number>.size
    guard count >= 0, count <= (bytes.count - place) / size else { throw error }
    defer { place += count * size }
    return bytes.withUnsafeBytes { bytes in
      (0..<count).map { bytes.loadUnaligned(fromByteOffset: place + $0 * size, as: Number.self) }
    }
  }
}

extension String {
  /// What a library says, without what would break a line, and not cut.
  var onOneLineInFull: String { String(prefix(300).map { $0.isNewline ? " " : $0 }) }
}
