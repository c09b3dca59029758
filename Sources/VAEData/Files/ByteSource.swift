import CStandardLibrary
import Synchronization

/// Bytes that are read once, from beginning to end, wherever they are: in a file, behind a pipe or a device, in memory.
final class ByteSource {
  /// What names standard input where a path is asked for.
  static let standardInput = "-"

  /// Where they are, for messages.
  let path: String
  /// How many there are, where that is known before they are read.
  let count: Int?
  private let source: Source
  /// What `peek` has read from a descriptor, which `read` hands out first.
  private var peeked: ArraySlice<UInt8> = []
  /// Whether a descriptor has come to its end; a terminal would begin anew.
  private var hasEnded = false
  /// Whether its descriptor is another's to close.
  private var isHandedOver = false
  /// How many have been read.
  private(set) var offset = 0

  private enum Source {
    case file(FileReader, Range<Int>)
    case descriptor(Int32)
    case memory([UInt8])
  }

  private init(_ source: Source, path: String, count: Int?) {
    (self.source, self.path, self.count) = (source, path, count)
  }

  /// Those of a regular file.
  convenience init(_ file: FileReader) { self.init(file, 0..<file.count) }

  /// Those of a stretch of a regular file.
  convenience init(_ file: FileReader, _ stretch: Range<Int>) {
    self.init(.file(file, stretch), path: file.path, count: stretch.count)
  }

  /// Those of an array; `path` is for messages.
  convenience init(_ bytes: [UInt8], path: String) { self.init(.memory(bytes), path: path, count: bytes.count) }

  /// Those of the file at `path`, of what a pipe or a device there yields, or for "-" of standard input.
  convenience init(path: String) throws(FileError) {
    if let begun = Self.begun.withLock({ $0.removeValue(forKey: path) }) {
      self.init(.descriptor(begun.descriptor), path: Self.name(of: path), count: nil)
      (peeked, hasEnded) = (begun.start[...], begun.hasEnded)
    } else if path == Self.standardInput {
      self.init(.descriptor(STDIN_FILENO), path: Self.name(of: path), count: nil)
    } else if try Path.kind(path) == .other {
      let descriptor = SystemCall.open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw FileError(path: path, action: "open the file", code: errno) }
      self.init(.descriptor(descriptor), path: path, count: nil)
    } else {
      self.init(try FileReader(path: path))
    }
  }

  deinit {
    if case .descriptor(let descriptor) = source, descriptor != STDIN_FILENO, !isHandedOver { close(descriptor) }
  }

  /// What messages call what is at `path`.
  static func name(of path: String) -> String { path == standardInput ? "standard input" : path }

  /// Whether what is at `path` comes but once: from a pipe, a device or standard input.
  static func isStream(_ path: String) throws(FileError) -> Bool {
    if path == standardInput { return true }
    return try Path.kind(path) == .other
  }

  // MARK: The beginning of what comes but once

  /// A pipe, a device or standard input of which `start` has been read.
  private struct Begun {
    let descriptor: Int32
    let start: [UInt8]
    let hasEnded: Bool
  }

  /// Those that nobody has opened since, by path.
  private static let begun = Mutex<[String: Begun]>([:])

  /// The first `length` bytes of the stream at `path`, or all where there are fewer. Who opens it next begins with them all the
  /// same.
  static func start(ofStream path: String, length: Int) throws(FileError) -> [UInt8] {
    if let known = begun.withLock({ $0[path]?.start }) { return known }
    let stream = try ByteSource(path: path)
    let start = try stream.peek(length)
    guard case .descriptor(let descriptor) = stream.source else { return start }
    stream.isHandedOver = true
    let rest = Begun(descriptor: descriptor, start: start, hasEnded: stream.hasEnded)
    begun.withLock { $0[path] = rest }
    return start
  }

  /// Whether the bytes can be read more than once.
  var comesAgain: Bool {
    if case .descriptor = source { false } else { true }
  }

  /// The same bytes once more from the beginning; nil where they come but once.
  func again() -> ByteSource? {
    comesAgain ? ByteSource(source, path: path, count: count) : nil
  }

  /// The first `length` bytes, or all where there are fewer; `read` begins with them all the same. To be called before it.
  func peek(_ length: Int) throws(FileError) -> [UInt8] {
    precondition(offset == 0, "the beginning has been read")
    var bytes = [UInt8](repeating: 0, count: length)
    let got = try bytes.withUnsafeMutableBufferPointer { bytes throws(FileError) in
      try read(into: UnsafeMutableRawBufferPointer(bytes))
    }
    offset = 0
    if case .descriptor = source { peeked = bytes[..<got] + peeked }
    return Array(bytes[..<got])
  }

  /// Fills `output`, or as much of it as there is left, and returns how many bytes that is.
  func read(into output: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    let got: Int
    switch source {
    case .file(let file, let stretch):
      got = min(output.count, stretch.count - offset)
      try file.read(at: stretch.lowerBound + offset, into: UnsafeMutableRawBufferPointer(rebasing: output[..<got]))
    case .memory(let bytes):
      got = min(output.count, bytes.count - offset)
      bytes.withUnsafeBytes { output.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + got])) }
    case .descriptor(let descriptor):
      let first = min(output.count, peeked.count)
      output.copyBytes(from: peeked.prefix(first))
      peeked = peeked.dropFirst(first)
      got = try first + read(descriptor, into: UnsafeMutableRawBufferPointer(rebasing: output[first...]))
    }
    offset += got
    return got
  }

  private func read(_ descriptor: Int32, into output: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
    var done = 0
    while done < output.count, !hasEnded {
      // As of a file: one call moves at most 2 GB.
      let got = CStandardLibrary.read(descriptor, output.baseAddress! + done, min(output.count - done, 1 << 30))
      if got == 0 {
        hasEnded = true
      } else if got > 0 {
        done += got
      } else if errno == EAGAIN {
        // Somebody else's setting of a pipe or terminal that is shared.
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = poll(&wait, 1, -1)
      } else if errno != EINTR {
        throw FileError(path: path, action: "read the file", code: errno)
      }
    }
    return done
  }
}
