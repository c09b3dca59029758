/// The contents of a file, inflated where it is a gzip file, read once from beginning to end.
///
/// What a file is, is decided by its first bytes and never by its name.
final class Contents: ByteStream {
  let path: String
  /// Whether the file is compressed.
  let isCompressed: Bool
  private let source: ByteSource
  private let gzip: GzipReader?
  /// How much of the contents has been read.
  private(set) var offset = 0

  /// Those of the regular file at `path`.
  convenience init(path: String) throws { try self.init(ByteSource(FileReader(path: path))) }

  init(_ source: ByteSource) throws {
    path = source.path
    self.source = source
    isCompressed = try source.peek(Gzip.magic.count) == Gzip.magic
    gzip = isCompressed ? GzipReader(source) : nil
  }

  /// The length of the file, in bytes as they lie there; of what comes but once, how many have come.
  var fileByteCount: Int { source.count ?? source.offset }

  /// How long the contents are, where that is known before they are read: of a file that is not compressed.
  var length: Int? { isCompressed ? nil : source.count }

  /// Fills `output`, or as much of it as is left, and returns how many bytes that is.
  func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try gzip?.read(into: output) ?? source.read(into: output)
    offset += count
    return count
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

  // MARK: What a header says of the length

  func claim(rest count: Int) throws -> ByteClaim {
    if let length { return length - offset == count ? .plausible : .wrong(left: length - offset) }
    let found = try look(for: offset + count, orOneMore: true)
    return found ?? .plausible
  }

  /// What the compressed bytes have to say of contents of `end` bytes in all; nil where they may well be as long. Where
  /// `orOneMore`, longer ones are not as long.
  private func look(for end: Int, orOneMore: Bool) throws -> ByteClaim? {
    // A file this small cannot hold that much. It might hold it, but hardly any does: count. What comes but once cannot be
    // counted beforehand.
    guard let compressed = source.count else { return nil }
    guard end / Gzip.greatestRatio <= compressed else { return .impossible(compressed: compressed) }
    guard end / ByteClaim.commonRatio > compressed, let again = source.again() else { return nil }
    let found = try Contents(again).skip(atMost: orOneMore ? end + 1 : end)
    return found == end ? nil : .wrong(left: found - offset)
  }

  /// How long the contents have to be at least, by what stands in them; `place` is where it stands, `meaning` what it says.
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
    switch try look(for: claim.end, orOneMore: false) {
    case nil, .plausible: break
    case .impossible(let compressed):
      throw error(claim, found: "\(compressed) compressed bytes, which cannot hold them")
    case .wrong(let left): throw error(claim, found: "\(offset + left) bytes")
    }
  }

  /// Fills `output` with what is claimed to be there.
  func fill(_ output: UnsafeMutableRawBufferPointer, _ claim: Claim) throws {
    guard try read(into: output) == output.count else { throw error(claim, found: "\(offset) bytes") }
  }

  private func error(_ claim: Claim, found: String) -> DataError {
    DataError(
      path: path, place: claim.place, expected: "\(claim.end) bytes of contents: \(claim.meaning)", found: found)
  }
}
