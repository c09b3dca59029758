/// The contents of a file, inflated where it is a gzip file, read once from beginning to end.
///
/// What a file is, is decided by its first bytes and never by its name.
final class Contents {
  let path: String
  /// Whether the file is compressed.
  let isCompressed: Bool
  private let stream: ByteStream
  private let gzip: GzipReader?
  /// How much of the contents has been read.
  private(set) var offset = 0

  /// Those of the regular file at `path`.
  convenience init(path: String) throws { try self.init(ByteStream(FileReader(path: path))) }

  init(_ stream: ByteStream) throws {
    path = stream.path
    self.stream = stream
    isCompressed = try stream.peek(Gzip.magic.count) == Gzip.magic
    gzip = isCompressed ? GzipReader(stream) : nil
  }

  /// Fills `output`, or as much of it as is left, and returns how many bytes that is.
  func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try gzip?.read(into: output) ?? stream.read(into: output)
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

  /// Reads exactly `count` bytes, the rest of the contents, into one array; checks before it allocates that they can
  /// be there, and says `place` and `meaning` where they are not. Of a regular file, whose length is known.
  func readRest(count: Int, place: String, meaning: String) throws -> [UInt8] {
    guard let fileCount = stream.count else { preconditionFailure("\(path): of no known length") }
    let claimed = offset + count
    if isCompressed {
      // A file this small cannot hold that much.
      guard claimed / Gzip.greatestRatio <= fileCount else {
        throw DataError(
          path: path, place: place, expected: "\(claimed) bytes of contents: \(meaning)",
          found: "\(fileCount) compressed bytes, which cannot hold them")
      }
      // It might hold that much, but hardly any file does: count before reserving the memory.
      if claimed / 64 > fileCount {
        let found = try Contents.count(path)
        if found != claimed { throw lengthError(place, claimed, meaning, "\(found) bytes") }
      }
    } else if claimed != fileCount {
      throw lengthError(place, claimed, meaning, "\(fileCount) bytes")
    }
    let bytes = try read(atMost: count)
    if bytes.count != count { throw lengthError(place, claimed, meaning, "\(offset) bytes") }
    // Asking for one more byte makes zlib check the end.
    if try !read(atMost: 1).isEmpty { throw lengthError(place, claimed, meaning, "more") }
    return bytes
  }

  private func lengthError(_ place: String, _ claimed: Int, _ meaning: String, _ found: String) -> DataError {
    DataError(path: path, place: place, expected: "\(claimed) bytes of contents: \(meaning)", found: found)
  }

  /// The length of the contents of the file at `path`.
  private static func count(_ path: String) throws -> Int {
    let contents = try Contents(path: path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { buffer.deallocate() }
    while try contents.read(into: buffer) > 0 {}
    return contents.offset
  }
}
