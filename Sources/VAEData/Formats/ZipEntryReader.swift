import CZlib

/// Reads the contents of one entry of a zip archive from beginning to end.
final class ZipEntryReader: ByteStream {
  private let file: FileReader
  private let entry: ZipEntry
  /// Where the packed bytes are.
  private let stretch: Range<Int>
  /// Nil where they are packed as they are.
  private let inflater: Inflater?
  /// How much of the contents has been read, and its checksum.
  private var offset = 0
  private var checksum: uLong = 0
  private var isChecked = false

  init(_ file: FileReader, _ entry: ZipEntry, _ method: ZipEntry.Method, _ stretch: Range<Int>) {
    (self.file, self.entry, self.stretch) = (file, entry, stretch)
    inflater =
      method == .stored
      ? nil
      : Inflater(
        ByteSource(file, stretch), at: stretch.lowerBound, .bare, whole: entry.label)
  }

  var path: String { file.path }

  /// The file, and the byte in it at which the contents go on; nil where they are packed.
  var place: (file: FileReader, offset: Int)? { inflater == nil ? (file, stretch.lowerBound + offset) : nil }

  /// The file's end, and with it the size and the checksum, is looked at as soon as all that the entry claims is read.
  func read(into output: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = min(output.count, entry.size - offset)
    let part = UnsafeMutableRawBufferPointer(rebasing: output[..<count])
    if let inflater {
      let got = try inflater.read(into: part).count
      guard got == count else { throw sizeError("\(offset + got)") }
    } else {
      try file.read(at: stretch.lowerBound + offset, into: part)
    }
    checksum = crc32_z(checksum, part.baseAddress?.assumingMemoryBound(to: UInt8.self), count)
    offset += count
    if offset == entry.size, !isChecked { try checkEnd() }
    return count
  }

  func claim(rest count: Int) throws -> ByteClaim {
    guard entry.size - offset == count else { return .wrong(left: entry.size - offset) }
    if entry.size / ByteClaim.commonRatio > entry.compressedSize, inflater != nil {
      // Throws where it does not inflate to what it claims.
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
      defer { buffer.deallocate() }
      let whole = ZipEntryReader(file, entry, .deflated, stretch)
      while try whole.read(into: buffer) > 0 {}
    }
    return .plausible
  }

  private func checkEnd() throws {
    isChecked = true
    if let inflater {
      let more = try withUnsafeTemporaryAllocation(byteCount: 1, alignment: 1) { try inflater.read(into: $0) }
      guard more.count == 0 else { throw sizeError("more") }
      guard inflater.offset == stretch.upperBound else {
        throw entry.error(
          path, expected: "\(stretch.count.counted("compressed byte"))",
          found: "the end after \(inflater.offset - stretch.lowerBound)")
      }
    }
    guard checksum == entry.checksum else {
      throw entry.error(path, expected: "contents of the checksum that the archive has for it", found: "others")
    }
  }

  private func sizeError(_ found: String) -> DataError {
    entry.error(path, expected: "\(entry.size.counted("byte")) of contents", found: found)
  }
}
