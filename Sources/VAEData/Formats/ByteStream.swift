/// Bytes that are read once, from beginning to end: those of a file, of an entry of an archive, or in memory.
protocol ByteStream: AnyObject {
  /// The file that they are in, for messages.
  var path: String { get }

  /// Fills `output`, or as much of it as is left, and returns how many bytes that is.
  ///
  /// Checksums are seen only by a read that asks for more than is left.
  func read(into output: UnsafeMutableRawBufferPointer) throws -> Int

  /// What becomes of a claim that exactly `count` bytes are left: to be asked before memory is set aside for them.
  func claim(rest count: Int) throws -> ByteClaim
}

/// A claim about the number of bytes that are left of a stream.
enum ByteClaim {
  /// It is true, or, of compressed bytes, may well be.
  case plausible
  /// There are more or fewer.
  case wrong(left: Int)
  /// So few compressed bytes do not grow to so many.
  case impossible(compressed: Int)

  /// Hardly any data shrinks by more than this. Where a claim is of more, the bytes are counted before it is believed.
  static let commonRatio = 64
}

extension ByteStream {
  /// The next `count` bytes, or as many as are left.
  func read(atMost count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, read in
      read = try self.read(into: UnsafeMutableRawBufferPointer(buffer))
    }
  }
}

/// Bytes in memory that are someone else's, who keeps them while they are read.
final class MemoryBytes: ByteStream {
  let path: String
  private var rest: UnsafeRawBufferPointer.SubSequence

  /// `path` is for messages alone.
  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    (rest, self.path) = (bytes[...], path)
  }

  func read(into output: UnsafeMutableRawBufferPointer) -> Int {
    let part = rest.prefix(output.count)
    output.copyBytes(from: part)
    rest = rest.dropFirst(part.count)
    return part.count
  }

  func claim(rest count: Int) -> ByteClaim { rest.count == count ? .plausible : .wrong(left: rest.count) }
}
