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
  private let file: ByteStream
  // Memory of its own, because zlib remembers the address of the stream, and the stream that of the chunk.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  /// How much of the file has been handed to zlib.
  private var fileOffset = 0
  /// Whether the last member read has ended, and with it perhaps the contents.
  private var memberIsComplete = false

  init(_ file: ByteStream) {
    self.file = file
    stream.initialize(to: z_stream())
    let started = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(started == Z_OK, "zlib does not start: \(started)")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    chunk.deallocate()
  }

  /// Fills `output`, or as much of it as the contents reach, and returns how many bytes that is.
  ///
  /// The file's end, and with it the last checksum, is seen only by a read that asks for more than is left.
  func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
    var done = 0
    while done < output.count {
      // zlib counts in 32 bits.
      let part = min(output.count - done, 1 << 30)
      stream.pointee.next_out = output.baseAddress!.assumingMemoryBound(to: UInt8.self) + done
      stream.pointee.avail_out = uInt(part)
      while stream.pointee.avail_out > 0 {
        guard try refill() else { return done + part - Int(stream.pointee.avail_out) }
        try inflateOnce()
      }
      done += part
    }
    return done
  }

  /// Sees to it that zlib has something to read; false where the file has rightly come to its end.
  private func refill() throws -> Bool {
    if stream.pointee.avail_in > 0 { return true }
    let count = try file.read(into: chunk)
    if count == 0 {
      if memberIsComplete { return false }
      throw error(expected: "the rest of the compressed data", found: "the end of the file: it is cut short")
    }
    fileOffset += count
    stream.pointee.next_in = chunk.baseAddress!.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_in = uInt(count)
    return true
  }

  private func inflateOnce() throws {
    if memberIsComplete {
      while stream.pointee.avail_in > 0, stream.pointee.next_in[0] == 0 {
        stream.pointee.next_in += 1
        stream.pointee.avail_in -= 1
      }
      if stream.pointee.avail_in == 0 { return }
      guard stream.pointee.next_in[0] == Gzip.magic[0] else {
        throw error(expected: "the end of the file, or another gzip member", found: "other bytes")
      }
      inflateReset(stream)
      memberIsComplete = false
    }
    switch inflate(stream, Z_NO_FLUSH) {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: memberIsComplete = true
    default:
      let words = stream.pointee.msg.map { String(cString: $0) }
      throw error(expected: "intact gzip data", found: words ?? "data that zlib cannot read")
    }
  }

  private func error(expected: String, found: String) -> DataError {
    DataError(
      path: file.path, place: "byte \(fileOffset - Int(stream.pointee.avail_in))", expected: expected, found: found)
  }
}
