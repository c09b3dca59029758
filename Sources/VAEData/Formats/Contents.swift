/// The contents of a file, inflated where it is a gzip file, read once from beginning to end.
///
/// What a file is, is decided by its first bytes and never by its name.
final class Contents: ByteStream {
  let path: String
  /// Whether the file is compressed.
  let isCompressed: Bool
  private let file: FileReader
  private let gzip: GzipReader?
  /// The length of the file, in bytes as they lie there.
  var fileByteCount: Int { file.count }
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

  func claim(rest count: Int) throws -> ByteClaim {
    guard isCompressed else { return file.count - offset == count ? .plausible : .wrong(left: file.count - offset) }
    // A file this small cannot hold that much. It might hold it, but hardly any does: count.
    let claimed = offset + count
    guard claimed / Gzip.greatestRatio <= file.count else { return .impossible(compressed: file.count) }
    guard claimed / ByteClaim.commonRatio > file.count else { return .plausible }
    let length = try Contents.count(path)
    return length == claimed ? .plausible : .wrong(left: length - offset)
  }

  /// Reads exactly `count` bytes, the rest of the contents, into one array; checks before it allocates that they can
  /// be there, and says `place` and `meaning` where they are not.
  func readRest(count: Int, place: String, meaning: String) throws -> [UInt8] {
    let claimed = offset + count
    switch try claim(rest: count) {
    case .plausible: break
    case .wrong(let left): throw lengthError(place, claimed, meaning, "\(offset + left) bytes")
    case .impossible:
      throw lengthError(place, claimed, meaning, "\(file.count) compressed bytes, which cannot hold them")
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
