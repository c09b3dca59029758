/// The contents of a file, inflated where it is a gzip file, read once from beginning to end.
///
/// What a file is, is decided by its first bytes and never by its name.
final class Contents {
  let path: String
  /// Whether the file is compressed.
  let isCompressed: Bool
  private let file: FileReader
  private let gzip: GzipReader?
  /// How much of the contents has been read.
  private(set) var offset = 0

  init(path: String) throws {
    self.path = path
    file = try FileReader(path: path)
    var start = [UInt8](repeating: 0, count: min(file.count, Gzip.magic.count))
    try start.withUnsafeMutableBytes { [file] in try file.read(at: 0, into: $0) }
    isCompressed = start == Gzip.magic
    gzip = isCompressed ? GzipReader(file) : nil
  }

  /// Fills `output`, or as much of it as is left, and returns how many bytes that is.
  func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
    let count: Int
    if let gzip {
      count = try gzip.read(into: output)
    } else {
      count = min(output.count, file.count - offset)
      try file.read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: output[..<count]))
    }
    offset += count
    return count
  }

  /// The next `count` bytes, or as many as are left.
  func read(atMost count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
      read = try self.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  /// Everything that is left: for tables of latents, and so 4 GB at most, lest a small gzip file fill the memory.
  func readAll() throws -> [UInt8] {
    let limit = 1 << 32
    var bytes: [UInt8] = []
    while true {
      let part = try read(atMost: 1 << 20)
      if part.isEmpty { return bytes }
      bytes += part
      guard bytes.count <= limit else {
        throw DataError(path: path, expected: "at most \(limit) bytes", found: "more")
      }
    }
  }

  /// How long the contents are, where that is known before they are read: where they are not compressed.
  var length: Int? { isCompressed ? nil : file.count }

  // MARK: What a header says of the length

  /// How long the contents have to be, by what stands in them; `place` is where it stands, `meaning` what it says.
  struct Claim {
    let end: Int
    let place: String
    let meaning: String
  }

  /// Finds out, before memory is reserved for what is claimed, whether it can be there; does not move on.
  func check(_ claim: Claim) throws {
    if let length {
      guard claim.end <= length else { throw error(claim, found: "\(length) bytes") }
      return
    }
    // A file this small cannot hold that much.
    guard claim.end / Gzip.greatestRatio <= file.count else {
      throw error(claim, found: "\(file.count) compressed bytes, which cannot hold them")
    }
    // It might hold that much, but hardly any file does: count before reserving the memory.
    if claim.end / 64 > file.count {
      let contents = try Contents(path: path)
      let found = try contents.skip(atMost: claim.end)
      guard found == claim.end else { throw error(claim, found: "\(found) bytes") }
    }
  }

  /// Fills `output` with what is claimed to be there.
  func fill(_ output: UnsafeMutableRawBufferPointer, _ claim: Claim) throws {
    guard try read(into: output) == output.count else { throw error(claim, found: "\(offset) bytes") }
  }

  /// Passes over what is left, `limit` bytes at most, and returns how many bytes that is. Where it reaches the end, zlib
  /// has checked it.
  func skip(atMost limit: Int) throws -> Int {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    var skipped = 0
    while skipped < limit {
      let count = try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<min(buffer.count, limit - skipped)]))
      if count == 0 { break }
      skipped += count
    }
    return skipped
  }

  private func error(_ claim: Claim, found: String) -> DataError {
    DataError(
      path: path, place: claim.place, expected: "\(claim.end) bytes of contents: \(claim.meaning)", found: found)
  }
}
