import CStandardLibrary
import Synchronization

/// Files that are either wholly there or not at all.
///
/// The bytes go to a temporary name in the same folder, which is synced, renamed over the target, and the folder
/// synced in turn: whoever opens the target sees the old file or the new one, whatever is killed, unplugged or
/// full. A failed write removes its temporary; one that was killed leaves it, for `sweepLeftovers(in:)`.
///
/// To whoever named the file it is as if it had been written in place: a symbolic link stays one, and the file that it
/// leads to is the target; a file that is there keeps its permissions and, as far as the system lets us, its owner; one
/// that may not be written is an error. (A second hard link to it keeps the old contents.)
public enum AtomicFile {
  /// Ends the names of temporaries: `.model.safetensors.4711-3.vae-partial`.
  static let suffix = ".vae-partial"

  private static let counter = Atomic<Int>(0)

  /// Writes what `body` appends, part by part, so that a large file need not be in memory at once.
  ///
  /// - Throws: `FileError`, or what `body` throws; the earlier file, if any, is then untouched.
  public static func write(to path: String, _ body: (inout Writer) throws -> Void) throws {
    try UnfinishedFiles.whole { try writeWhole(to: path) { writer, _ in try body(&writer) } }
  }

  /// Writes what `body` appends, and then changes at the path that it is given: for a library that opens files itself. That
  /// path is good until `body` returns.
  package static func write(
    to path: String, byPath body: (_ writer: inout Writer, _ temporary: String) throws -> Void
  ) throws {
    try UnfinishedFiles.whole { try writeWhole(to: path, body) }
  }

  private static func writeWhole(to path: String, _ body: (inout Writer, String) throws -> Void) throws {
    let target = try Path.endOfLinks(path)
    let earlier = try statusOfFile(at: target, called: path)
    let temporary = try createTemporary(for: target, called: path, earlier)
    defer { close(temporary.descriptor) }
    do {
      var writer = Writer(descriptor: temporary.descriptor, path: path)
      try body(&writer, temporary.path)
      try sync(temporary.descriptor, path: path)
      guard SystemCall.rename(temporary.path, to: target) == 0 else {
        throw FileError(path: path, action: "put the finished file in place", code: errno)
      }
    } catch {
      _ = SystemCall.removeFile(temporary.path)
      throw error
    }
    try syncFolder(of: target)
  }

  /// Writes `bytes`.
  public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
    let bytes = Array(bytes)
    try write(to: path) { try $0.append(bytes) }
  }

  /// Writes `text` as UTF-8.
  public static func write(_ text: String, to path: String) throws {
    try write(text.utf8, to: path)
  }

  /// Removes the temporaries that killed processes left in `folder`, and returns how many there were.
  ///
  /// A temporary is locked while it is being written, and the lock goes when its process does; so one that can be
  /// locked has no writer. A process id would not tell: it may belong to another process by now.
  @discardableResult
  public static func sweepLeftovers(in folder: String) throws(FileError) -> Int {
    var swept = 0
    for name in try Folder.names(in: folder) where name.hasPrefix(".") && name.hasSuffix(suffix) {
      let path = Folder.path(of: name, in: folder)
      let descriptor = SystemCall.open(path, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0, SystemCall.removeFile(path) == 0 { swept += 1 }
      close(descriptor)
    }
    return swept
  }

  // MARK: The steps

  /// Of the file that is there, or nil. A rename would replace a device such as /dev/null, fail late on a folder, and not
  /// ask whether the file may be written.
  private static func statusOfFile(at target: String, called path: String) throws(FileError) -> stat? {
    guard let status = SystemCall.status(target) else { return nil }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder" : "not a regular file"
      throw FileError(path: path, action: "write the file", reason: "there is already something there, \(kind)")
    }
    guard SystemCall.mayWrite(target) else { throw FileError(path: path, action: "write the file", code: errno) }
    return status
  }

  private static func createTemporary(
    for target: String, called path: String, _ earlier: stat?
  ) throws(FileError) -> (path: String, descriptor: Int32) {
    let (folder, name) = Folder.split(target)
    while true {
      let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
      // 255 bytes is the longest name; leave room for what is added to it.
      let stem = Path.text(of: Path.bytes(of: name).prefix(200))
      let temporary = Folder.path(of: ".\(stem).\(getpid())-\(number)\(suffix)", in: folder)
      // Never more open to others than the file was.
      let mode = earlier.map { $0.st_mode & 0o666 } ?? 0o666
      let descriptor = SystemCall.open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      if descriptor >= 0 {
        if let earlier {
          // Only root may give files away; the permissions come last, since a new owner takes some of them.
          _ = fchown(descriptor, earlier.st_uid, earlier.st_gid)
          _ = fchmod(descriptor, earlier.st_mode & 0o7777)
        }
        // Some file systems know no locks; there, leftovers are swept while nobody writes.
        _ = flock(descriptor, LOCK_EX | LOCK_NB)
        return (temporary, descriptor)
      }
      // EEXIST: a leftover of an earlier process that had this one's id. The next number is free.
      guard errno == EEXIST || errno == EINTR else {
        throw FileError(path: path, action: "create the file", code: errno)
      }
    }
  }

  private static func sync(_ descriptor: Int32, path: String) throws(FileError) {
    #if canImport(Darwin)
      // There fsync stops at the drive's own cache.
      if fcntl(descriptor, F_FULLFSYNC) == 0 { return }
    #endif
    while fsync(descriptor) != 0 {
      guard errno == EINTR else {
        throw FileError(path: path, action: "write the file to disk", code: errno)
      }
    }
  }

  /// Makes the new name last. The file is in place by now, so a file system that cannot sync folders is no error.
  private static func syncFolder(of path: String) throws(FileError) {
    let folder = Path.folder(of: path)
    let descriptor = SystemCall.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if fsync(descriptor) != 0, errno == EIO {
      throw FileError(path: folder, action: "write the folder to disk", code: EIO)
    }
  }

  // MARK: Writer

  /// Takes the parts of a file, one after another.
  public struct Writer: ~Copyable {
    private let descriptor: Int32
    private let path: String
    /// The number of bytes appended so far.
    public private(set) var count = 0

    package init(descriptor: Int32, path: String) {
      self.descriptor = descriptor
      self.path = path
    }

    /// Appends `bytes`, all of them.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
      // One call writes at most 2 GB on Linux, and fails beyond that on macOS.
      let largestWrite = 1 << 30
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest.prefix(largestWrite))
        let written = systemWrite(descriptor, part.baseAddress, part.count)
        if written >= 0 {
          rest = rest.dropFirst(written)
          count += written
        } else if errno != EINTR {
          throw FileError(path: path, action: "write the file", code: errno)
        }
      }
    }

    /// Appends `numbers` as they lie in memory.
    public mutating func append<Number: BitwiseCopyable>(
      _ numbers: UnsafeBufferPointer<Number>
    ) throws(FileError) {
      try append(UnsafeRawBufferPointer(numbers))
    }

    /// Appends `numbers` as they lie in memory.
    public mutating func append<Number: BitwiseCopyable>(_ numbers: [Number]) throws(FileError) {
      var failure: FileError?
      numbers.withUnsafeBytes { bytes in
        do throws(FileError) { try append(bytes) } catch { failure = error }
      }
      if let failure { throw failure }
    }

    /// Appends `text` as UTF-8.
    public mutating func append(_ text: String) throws(FileError) {
      try append(Array(text.utf8))
    }
  }
}

/// `write(2)`, under a name that the methods called `write` do not hide.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
