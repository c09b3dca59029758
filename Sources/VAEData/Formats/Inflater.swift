import CZlib

/// A deflate stream (RFC 1951), inflated by zlib a part at a time.
final class Inflater {
  /// What stands around the stream, as zlib's `inflateInit2` has it in the size of the window: 15 is the largest, 16 more
  /// stand for gzip's header and checksum, and a negative one for nothing at all.
  enum Format: Int32 {
    case gzip = 31
    case bare = -15

    fileprivate var name: String { self == .gzip ? "gzip" : "deflate" }
  }

  private let source: ByteSource
  private let format: Format
  /// What the stretch is, for messages: "the file".
  private let whole: String
  // Memory of its own, because zlib remembers the address of the stream, and the stream that of the chunk.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  /// Up to where in the file zlib has been handed the bytes.
  private var handedOver: Int

  /// `source` begins at byte `start` of its file; `whole` says in messages what it is.
  init(_ source: ByteSource, at start: Int = 0, _ format: Format, whole: String) {
    (self.source, self.format, self.whole) = (source, format, whole)
    handedOver = start
    stream.initialize(to: z_stream())
    let started = inflateInit2_(stream, format.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    precondition(started == Z_OK, "zlib does not start: \(started)")
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    chunk.deallocate()
  }

  /// The place in the file of the next byte that the stream has not taken.
  var offset: Int { handedOver - Int(stream.pointee.avail_in) }

  /// Fills `output`, or as much of it as the stream reaches, and says how many bytes that is and whether the stream has
  /// ended. A stream whose last byte just fits ends with the read after it.
  func read(into output: UnsafeMutableRawBufferPointer) throws -> (count: Int, hasEnded: Bool) {
    var done = 0
    while done < output.count {
      // zlib counts in 32 bits.
      let part = min(output.count - done, 1 << 30)
      stream.pointee.next_out = output.baseAddress!.assumingMemoryBound(to: UInt8.self) + done
      stream.pointee.avail_out = uInt(part)
      while stream.pointee.avail_out > 0 {
        // At the end of the stretch zlib may still have something to say without another byte.
        let isAtEnd = try nextByte() == nil
        switch inflate(stream, Z_NO_FLUSH) {
        case Z_OK: break
        case Z_BUF_ERROR where !isAtEnd: break
        case Z_BUF_ERROR:
          throw error(expected: "the rest of the compressed data", found: "the end of \(whole): it is cut short")
        case Z_STREAM_END: return (done + part - Int(stream.pointee.avail_out), true)
        default:
          let words = stream.pointee.msg.map { String(cString: $0) }
          throw error(expected: "intact \(format.name) data", found: words ?? "data that zlib cannot read")
        }
      }
      done += part
    }
    return (done, false)
  }

  /// The byte at `offset`; nil at the end of the stretch.
  func nextByte() throws -> UInt8? {
    if stream.pointee.avail_in == 0 {
      let count = try source.read(into: chunk)
      if count == 0 { return nil }
      handedOver += count
      stream.pointee.next_in = chunk.baseAddress!.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_in = uInt(count)
    }
    return stream.pointee.next_in[0]
  }

  /// Passes over the byte that `nextByte` returned.
  func skipByte() {
    stream.pointee.next_in += 1
    stream.pointee.avail_in -= 1
  }

  /// Begins another stream at `offset`.
  func restart() { inflateReset(stream) }

  /// Something wrong at `offset`.
  func error(expected: String, found: String) -> DataError {
    DataError(path: source.path, place: "byte \(offset)", expected: expected, found: found)
  }
}
