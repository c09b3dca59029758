/// The directory at the end of a zip archive, checked as far as that goes without a look at the entries.
///
///     entries … | directory: an entry for each | [end of directory of 64 bits, where it is] | end of directory, comment
///
/// The fields have 16 and 32 bits. One of all ones stands in the wider record, or in a wider field of the entry, instead.
struct ZipDirectory {
  let entries: [ZipEntry]

  /// More than this is no directory of data sets: some 500,000 entries.
  private static let largestByteCount = 1 << 26

  init(_ file: FileReader) throws {
    let path = file.path
    func error(_ expected: String, _ found: String) -> DataError {
      DataError(path: path, place: "directory of the archive", expected: expected, found: found)
    }
    guard let end = try Self.end(of: file) else {
      throw DataError(
        path: path, expected: "a zip archive, with a directory at its end", found: "none: it is cut short")
    }
    guard end.isAlone else { throw error("an archive of one file", "one part of several") }
    guard end.byteCount <= min(end.offset, Self.largestByteCount), end.start == end.offset - end.byteCount,
      end.entryCount <= end.byteCount / ZipRecord.Kind.directoryEntry.length
    else {
      throw error(
        "\(end.entryCount.counted("entry", plural: "entries")) in the \(end.byteCount.counted("byte")) before byte"
          + " \(end.offset)",
        "a beginning at byte \(end.start)")
    }

    let bytes = try file.bytes(at: end.start, count: end.byteCount)
    var entries: [ZipEntry] = []
    var rest = bytes[...]
    for index in 0..<end.entryCount {
      guard let entry = ZipEntry(&rest) else {
        throw error("\(end.entryCount.counted("entry", plural: "entries"))", "damage in entry \(index + 1)")
      }
      entries.append(entry)
    }
    guard rest.isEmpty else {
      throw error("\(end.entryCount.counted("entry", plural: "entries"))", "\(rest.count.counted("more byte"))")
    }
    if let name = Self.repeatedName(entries) { throw error("each name once", "two entries \"\(name)\"") }

    // Each entry ends before the next one begins, and the last one before the directory: one piece of data that counts
    // as many is how a small file holds terabytes.
    var limit = end.start
    for index in entries.indices.sorted(by: { entries[$0].headerOffset > entries[$1].headerOffset }) {
      let entry = entries[index]
      guard entry.headerOffset <= limit, entry.compressedSize <= limit,
        entry.headerOffset + ZipRecord.Kind.localHeader.length + entry.nameBytes.count + entry.compressedSize <= limit
      else {
        throw entry.error(
          path, expected: "its end before byte \(limit), where the next thing begins",
          found: "\(entry.compressedSize.counted("byte")) from byte \(entry.headerOffset)")
      }
      entries[index].limit = limit
      limit = entry.headerOffset
    }
    self.entries = entries
  }

  private static func repeatedName(_ entries: [ZipEntry]) -> String? {
    var seen: Set<String> = []
    return entries.first { !seen.insert($0.name).inserted }?.name
  }

  // MARK: The end of the directory

  /// What the end says.
  private struct End {
    /// Whether the whole archive is in this file.
    let isAlone: Bool
    let entryCount, byteCount, start: Int
    /// Where it stands itself, and so the directory ends.
    let offset: Int
  }

  /// Nil where the file ends in none.
  private static func end(of file: FileReader) throws -> End? {
    let length = ZipRecord.Kind.endOfDirectory.length
    // A comment may follow, of a length of 16 bits.
    let tail = try file.bytes(
      at: max(0, file.count - length - 0xFFFF), count: min(file.count, length + 0xFFFF))
    var found: (record: ZipRecord, offset: Int)?
    for start in stride(from: tail.count - length, through: 0, by: -1) where tail[start] == Zip.magic[0] {
      let record = ZipRecord(tail[start...], .endOfDirectory)
      guard record.isGenuine, record.short(20) == tail.count - start - length else { continue }
      found = (record, file.count - tail.count + start)
      break
    }
    guard let (record, offset) = found else { return nil }
    if let end = try wideEnd(of: file, before: offset) { return end }
    return End(
      isAlone: record.short(4) == 0 && record.short(6) == 0 && record.short(8) == record.short(10),
      entryCount: record.short(10), byteCount: record.word(12), start: record.word(16), offset: offset)
  }

  /// The record of 64 bits, which another right before the usual one says the place of; nil where there is none.
  private static func wideEnd(of file: FileReader, before end: Int) throws -> End? {
    let locatorOffset = end - ZipRecord.Kind.wideEndLocator.length
    let locator = try ZipRecord(file, at: locatorOffset, .wideEndLocator)
    guard locator.isGenuine else { return nil }
    let offset = locator.long(8)
    let record = try ZipRecord(file, at: offset, .wideEndOfDirectory)
    // It gives its own length, without the signature and the field for that.
    guard record.isGenuine, record.long(4) == locatorOffset - offset - 12 else { return nil }
    return End(
      isAlone: record.word(16) == 0 && record.word(20) == 0 && record.long(24) == record.long(32),
      entryCount: record.long(32), byteCount: record.long(40), start: record.long(48), offset: offset)
  }

  // MARK: Wider fields

  /// Replaces those of `fields` that are all ones by the wide ones that an entry's extra fields have for them, in order:
  /// field 1, eight bytes each.
  static func widen(_ fields: inout [Int], by extra: ArraySlice<UInt8>) {
    var rest = extra
    while rest.count >= 4 {
      let (kind, count) = rest.withUnsafeBytes {
        ($0.littleEndian(UInt16.self, at: 0), $0.littleEndian(UInt16.self, at: 2))
      }
      var wide = rest.dropFirst(4).prefix(count)
      rest = rest.dropFirst(4 + count)
      guard kind == 1 else { continue }
      for index in fields.indices where fields[index] == 0xFFFF_FFFF && wide.count >= 8 {
        fields[index] = wide.withUnsafeBytes { $0.littleEndian(UInt64.self, at: 0) }
        wide = wide.dropFirst(8)
      }
      return
    }
  }
}
