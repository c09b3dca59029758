import CStandardLibrary
import Synchronization
import VAEKernels

/// Rows of numbers in a file, read where they lie when a minibatch wants them: for data larger than memory.
///
/// They are read by `pread`, not mapped. A mapped file that somebody shortens kills the process that looks at it, its pages
/// count as the process's own in some accounts, and a limit on addresses forbids it; a copy of a few kilobytes costs a
/// microsecond, which is nothing beside the work on a row. What was asked for ahead by `willNeed` the kernel has read when
/// it is wanted.
final class FileRows: Sendable {
  /// The bytes beyond which an array stays in its file unless told otherwise.
  static let leastBytes = 256 << 20
  /// The rows.
  let count: Int
  /// The numbers of a row.
  let width: Int
  /// Whether a number is a byte that stands for byte / 255.
  let isPixels: Bool
  private let file: FileReader
  private let type: NPYNumber
  private let start: Int
  private let firstFailure = Mutex<FileError?>(nil)
  private let firstFingerprint = Mutex<String?>(nil)

  /// `count` rows of `width` numbers of `type` from byte `start` on; `isPixels` of unsigned bytes alone.
  ///
  /// Throws where the file is too short for them.
  init(_ file: FileReader, type: NPYNumber, start: Int, count: Int, width: Int, isPixels: Bool) throws {
    precondition(count >= 0 && width > 0 && (!isPixels || type.width == 1), "\(count) rows of \(width) numbers")
    let (rowBytes, overflow) = width.multipliedReportingOverflow(by: type.width)
    guard !overflow, count == 0 || (file.count - start) / rowBytes >= count else {
      throw DataError(
        path: file.path, expected: "\(count) rows of \(width) numbers of \(type.width) bytes from byte \(start) on",
        found: "\(file.count) bytes in all")
    }
    (self.file, self.type, self.start) = (file, type, start)
    (self.count, self.width, self.isPixels) = (count, width, isPixels)
  }

  /// What is said of a file that its rows cannot be read from, where somebody wants that.
  static func refusal(path: String, found: String) -> DataError {
    DataError(
      path: ByteSource.name(of: path),
      expected: "examples one after another, not compressed, for --storage file (vae-train convert makes such a file)",
      found: found)
  }

  /// The bytes of a row.
  var rowBytes: Int { width * type.width }

  /// What went wrong first, if anything has.
  var failure: FileError? { firstFailure.withLock { $0 } }

  /// Writes `rows` to `output`, one after another; zeros where they cannot be read, which `failure` then tells.
  func read(_ rows: Range<Int>, into output: UnsafeMutablePointer<Float>) {
    let numbers = rows.count * width
    do throws(FileError) {
      if type.isFloat {
        try file.read(
          at: place(rows), into: UnsafeMutableRawBufferPointer(start: output, count: rows.count * rowBytes))
      } else {
        try withUnsafeTemporaryAllocation(byteCount: rows.count * rowBytes, alignment: 16) {
          bytes throws(FileError) in
          try file.read(at: place(rows), into: bytes)
          if isPixels {
            let bytes = bytes.assumingMemoryBound(to: UInt8.self)
            VectorMath.active.floats(from: bytes.baseAddress!, count: numbers, into: output)
          } else {
            type.floats(in: UnsafeRawBufferPointer(bytes), into: output)
          }
        }
      }
    } catch {
      output.update(repeating: 0, count: numbers)
      firstFailure.withLock { first in if first == nil { first = error } }
    }
  }

  /// Writes the bytes of rows, one after another; of pixels alone.
  func readBytes(_ rows: Range<Int>, into output: UnsafeMutableRawBufferPointer) {
    do throws(FileError) {
      try file.read(at: place(rows), into: UnsafeMutableRawBufferPointer(rebasing: output[..<(rows.count * rowBytes)]))
    } catch {
      output.initializeMemory(as: UInt8.self, repeating: 0)
      firstFailure.withLock { first in if first == nil { first = error } }
    }
  }

  /// Asks the kernel to read a row before it is wanted. That takes ten microseconds or more where it is not in memory: see
  /// `ReadAhead`.
  func willNeed(_ row: Int) { file.willNeed(at: place(row..<row + 1), count: rowBytes) }

  /// Calls `body` with the places of examples whose rows follow each other, which one call reads, and the first of the rows:
  /// at most a megabyte at once, but for a single row. `row` says which row each of `count` examples is.
  @inline(__always)
  func forEachRun(of count: Int, row: (Int) -> Int, _ body: (_ places: Range<Int>, _ firstRow: Int) -> Void) {
    let most = max(1, (1 << 20) / rowBytes)
    var start = 0
    while start < count {
      let first = row(start)
      var end = start + 1
      while end < count, end - start < most, row(end) == first + end - start { end += 1 }
      body(start..<end, first)
      start = end
    }
  }

  private func place(_ rows: Range<Int>) -> Int { start + rows.lowerBound * rowBytes }

  /// The file's length and a checksum of a thousand rows: what tells another file from this one without reading all.
  ///
  /// It is that of the first time that somebody asks: a run asks before its first step, and what it wrote of the file that it
  /// began with must not become that of another one, or of what can no longer be read.
  var fingerprint: String {
    firstFingerprint.withLock { first in
      if let first { return first }
      let made = madeFingerprint()
      first = made
      return made
    }
  }

  private func madeFingerprint() -> String {
    var crc = Checksum()
    let sampled = min(count, 1000)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: rowBytes, alignment: 16)
    defer { bytes.deallocate() }
    for index in 0..<sampled {
      let row = index * (count - 1) / max(sampled - 1, 1)
      do throws(FileError) {
        try file.read(at: place(row..<row + 1), into: bytes)
        crc.add(UnsafeRawBufferPointer(bytes))
      } catch {
        firstFailure.withLock { first in if first == nil { first = error } }
      }
    }
    return "\(file.count)-sampled-\(crc.text)"
  }
}
