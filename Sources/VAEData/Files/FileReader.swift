import CStandardLibrary

/// An open file that is read at any place.
///
/// It reads the file that was there when it was opened: one that `AtomicFile` puts in its place later is another
/// file. It copies instead of mapping, because a mapped file that someone shortens kills the process that reads it.
public final class FileReader: Sendable {
  /// Where the file is.
  public let path: String
  /// Its length in bytes when it was opened.
  public let count: Int
  private let descriptor: Int32

  /// Opens the regular file at `path`.
  public init(path: String) throws(FileError) {
    // Without O_NONBLOCK the open of a named pipe waits for someone to write into it.
    let descriptor = SystemCall.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(path: path, action: "open the file", code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileError(path: path, action: "read the file", reason: "it is not a regular file")
    }
    self.path = path
    self.descriptor = descriptor
    count = Int(status.st_size)
  }

  deinit {
    close(descriptor)
  }

  /// Fills `bytes` from place `offset` of the file.
  public func read(at offset: Int, into bytes: UnsafeMutableRawBufferPointer) throws(FileError) {
    // As for writing: one call moves at most 2 GB.
    let largestRead = 1 << 30
    var done = 0
    while done < bytes.count {
      let part = UnsafeMutableRawBufferPointer(rebasing: bytes[done...].prefix(largestRead))
      let got = pread(descriptor, part.baseAddress, part.count, off_t(offset + done))
      if got > 0 {
        done += got
      } else if got == 0 {
        throw FileError(
          path: path, action: "read the file",
          reason: "it ended at byte \(offset + done) although it had \(count) bytes")
      } else if errno != EINTR {
        throw FileError(path: path, action: "read the file", code: errno)
      }
    }
  }

  /// Tells the kernel that `count` bytes from place `offset` will be read soon; nothing comes of it where it cannot.
  func willNeed(at offset: Int, count: Int) {
    #if os(Linux)
      // Of one call it reads no more than it reads ahead by itself, which is 128 KB unless told otherwise.
      let most = 128 << 10
      for start in stride(from: 0, to: count, by: most) {
        posix_fadvise(descriptor, off_t(offset + start), off_t(min(most, count - start)), POSIX_FADV_WILLNEED)
      }
    #else
      var range = radvisory(ra_offset: off_t(offset), ra_count: Int32(clamping: count))
      _ = fcntl(descriptor, F_RDADVISE, &range)
    #endif
  }

  /// The whole of the text file at `path` behind its byte order mark; what is no UTF-8 in it becomes U+FFFD.
  public static func text(path: String) throws(FileError) -> String {
    let bytes = try bytes(path: path)
    return String(decoding: bytes.dropFirst(ByteOrderMark.length(in: bytes)), as: UTF8.self)
  }

  /// The lines of the text file at `path`, as `TextLines` tells them.
  public static func lines(path: String) throws(FileError) -> [String] {
    TextLines.split(try bytes(path: path))
  }

  /// The whole of the file at `path`, or of what comes out of a pipe.
  static func bytes(path: String) throws(FileError) -> [UInt8] {
    if try Path.kind(path) == .other { return try streamedBytes(path) }
    let file = try FileReader(path: path)
    return try file.bytes(at: 0, count: file.count)
  }

  /// A shell's `<(command)` is a pipe; some devices never end.
  private static func streamedBytes(_ path: String) throws(FileError) -> [UInt8] {
    let largestCount = 1 << 26
    let stream = try ByteSource(path: path)
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try part.withUnsafeMutableBufferPointer { part throws(FileError) in
        try stream.read(into: UnsafeMutableRawBufferPointer(part))
      }
      if count == 0 { return bytes }
      bytes += part[..<count]
      guard bytes.count <= largestCount else {
        throw FileError(
          path: path, action: "read the file",
          reason: "more than \(largestCount >> 20) MiB came out of what is no regular file")
      }
    }
  }

  /// The `count` bytes from place `offset`.
  public func bytes(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var failure: FileError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(FileError) { try read(at: offset, into: buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    return bytes
  }
}
