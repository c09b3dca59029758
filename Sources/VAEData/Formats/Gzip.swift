import CZlib

/// Gzip (RFC 1952), by zlib.
public enum Gzip {
  /// The first two bytes of every gzip file.
  static let magic: [UInt8] = [0x1F, 0x8B]

  /// No deflate stream, and so no gzip file, grows by more than this factor (zlib's "Technical Details": 1032 to 1).
  static let greatestRatio = 1032

  /// `bytes` as a gzip file; the same bytes always give the same file.
  public static func compress(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    // 15: the largest window; 16 more: the gzip format. Level and memory are zlib's defaults.
    let started = deflateInit2_(
      &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    precondition(started == Z_OK, "zlib does not start: \(started)")
    defer { deflateEnd(&stream) }

    var input = bytes
    return input.withUnsafeMutableBufferPointer { input in
      var output: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      var offset = 0
      while true {
        let part = min(input.count - offset, 1 << 30)
        stream.next_in = input.baseAddress.map { $0 + offset }
        stream.avail_in = uInt(part)
        let isLast = offset + part == input.count
        var result = Z_OK
        repeat {
          let written = buffer.withUnsafeMutableBufferPointer { buffer in
            stream.next_out = buffer.baseAddress
            stream.avail_out = uInt(buffer.count)
            result = deflate(&stream, isLast ? Z_FINISH : Z_NO_FLUSH)
            return buffer.count - Int(stream.avail_out)
          }
          output += buffer[..<written]
        } while stream.avail_in > 0 || (isLast && result != Z_STREAM_END)
        offset += part
        if isLast { return output }
      }
    }
  }
}

/// Inflates a gzip file from beginning to end, a part at a time, straight to where the caller wants it.
///
/// A file may hold several members, one after another, and their contents are one. Zeros after a member are passed over,
/// as `gzip` and Python do: media of fixed blocks are filled up with them. Anything else there is refused, as are a file
/// cut short and contents that do not match their checksum.
final class GzipReader {
  private let inflater: Inflater
  /// Whether the last member read has ended, and with it perhaps the contents.
  private var memberIsComplete = false

  init(_ source: ByteSource) {
    inflater = Inflater(source, .gzip, whole: "the file")
  }

  /// Fills `output`, or as much of it as the contents reach, and returns how many bytes that is.
  ///
  /// The file's end, and with it the last checksum, is seen only by a read that asks for more than is left.
  func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
    var done = 0
    while done < output.count {
      if memberIsComplete, try !beginNextMember() { break }
      let (count, hasEnded) = try inflater.read(into: UnsafeMutableRawBufferPointer(rebasing: output[done...]))
      done += count
      memberIsComplete = hasEnded
    }
    return done
  }

  /// False where the file has rightly come to its end.
  private func beginNextMember() throws -> Bool {
    while try inflater.nextByte() == 0 { inflater.skipByte() }
    guard let byte = try inflater.nextByte() else { return false }
    guard byte == Gzip.magic[0] else {
      throw inflater.error(expected: "the end of the file, or another gzip member", found: "other bytes")
    }
    inflater.restart()
    return true
  }
}
