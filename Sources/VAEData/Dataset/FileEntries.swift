import Synchronization

/// The entries of compressed rows that stay in their file: column numbers in one stretch of it, counts in another, as an archive
/// of SciPy's CSR matrices has them where nothing is packed.
///
/// They are read by `pread`, as `FileRows` are and for its reasons. A file may change while it is in use: whatever it then says,
/// columns rise and lie within their number, or the row is handed out empty and `failure` tells.
final class FileEntries: Sendable {
  /// Numbers that lie one after another.
  struct Stretch: Sendable {
    /// The byte that they begin at.
    let start: Int
    let type: NPYNumber
  }

  private let file: FileReader
  private let columns: Stretch
  private let values: Stretch
  private let columnCount: Int
  private let firstFailure = Mutex<FileError?>(nil)

  /// Columns of whole numbers in two or four bytes, counts in one, two or four bytes or as 32-bit floats.
  init(_ file: FileReader, columns: Stretch, values: Stretch, columnCount: Int) {
    precondition(Self.canBeColumns(columns.type) && Self.canBeCounts(values.type), "entries of other types")
    (self.file, self.columns, self.values, self.columnCount) = (file, columns, values, columnCount)
  }

  /// Whether columns of a type are read where they lie. Of signed ones a negative number is one beyond the last.
  static func canBeColumns(_ type: NPYNumber) -> Bool {
    (type.kind == .unsigned || type.kind == .signed) && (type.width == 2 || type.width == 4) && !type.isBigEndian
  }

  /// Whether counts of a type are.
  static func canBeCounts(_ type: NPYNumber) -> Bool {
    type.isFloat || type.kind == .unsigned && type.width <= 4 && !type.isBigEndian
  }

  /// The bytes that a number and its column take.
  var bytesOfAnEntry: Int { columns.type.width + values.type.width }

  /// What went wrong first, if anything has.
  var failure: FileError? { firstFailure.withLock { $0 } }

  /// Writes the columns and the numbers of the entries of a row. Where they cannot be read, they are all zeros, in the first
  /// columns.
  func read(
    _ range: Range<Int>, columnsInto places: UnsafeMutablePointer<UInt32>,
    valuesInto numbers: UnsafeMutablePointer<Float>
  ) {
    let (most, count) = (max(columns.type.width, values.type.width), range.count)
    do throws(FileError) {
      try withUnsafeTemporaryAllocation(byteCount: max(count * most, 1), alignment: 16) { room throws(FileError) in
        let part = UnsafeMutableRawBufferPointer(rebasing: room[..<(count * columns.type.width)])
        try file.read(at: columns.start + range.lowerBound * columns.type.width, into: part)
        if columns.type.width == 2 {
          let part = part.assumingMemoryBound(to: UInt16.self)
          for index in 0..<count { places[index] = UInt32(part[index]) }
        } else {
          UnsafeMutableRawPointer(places).copyMemory(from: part.baseAddress!, byteCount: part.count)
        }
        guard UnsafeBufferPointer(start: places, count: count).areRising, count == 0 || places[count - 1] < columnCount
        else {
          throw FileError(path: file.path, action: "read the file", reason: "its columns are not what they were")
        }
        if values.type.isFloat {
          try file.read(
            at: values.start + range.lowerBound * 4,
            into: UnsafeMutableRawBufferPointer(start: numbers, count: count * 4))
        } else {
          let part = UnsafeMutableRawBufferPointer(rebasing: room[..<(count * values.type.width)])
          try file.read(at: values.start + range.lowerBound * values.type.width, into: part)
          values.type.floats(in: UnsafeRawBufferPointer(part), into: numbers)
        }
      }
    } catch {
      for index in 0..<count { (places[index], numbers[index]) = (UInt32(index), 0) }
      firstFailure.withLock { first in if first == nil { first = error } }
    }
  }

  /// Asks the kernel to read entries before they are wanted.
  func willNeed(_ range: Range<Int>) {
    for stretch in [columns, values] {
      file.willNeed(at: stretch.start + range.lowerBound * stretch.type.width, count: range.count * stretch.type.width)
    }
  }
}
