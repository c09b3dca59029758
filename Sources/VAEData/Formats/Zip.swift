/// A zip archive (PKWARE's APPNOTE.TXT, version 6.3.10), read entry by entry where it lies.
///
/// What an archive says of itself is believed only where it agrees: every entry lies within the file and beside the others,
/// its own header says what the directory says, and its contents have the size and the checksum that it gives.
final class Zip {
  /// The first bytes of an archive with entries.
  static let magic: [UInt8] = Array("PK".utf8) + [3, 4]

  let path: String
  /// In the order of the directory.
  let entries: [ZipEntry]
  private let file: FileReader

  /// Reads the directory of the archive at `path`.
  init(path: String) throws {
    self.path = path
    file = try FileReader(path: path)
    entries = try ZipDirectory(file).entries
  }

  /// The entry of that name.
  subscript(name: String) -> ZipEntry? { entries.first { $0.name == name } }

  /// Opens one of `entries`.
  func open(_ entry: ZipEntry) throws -> ZipEntryReader {
    let start = try contentsStart(of: entry)
    guard !entry.isEncrypted else {
      throw entry.error(path, expected: "contents that anyone can read", found: "encrypted ones")
    }
    guard let method = entry.method else {
      let found = ZipEntry.otherMethods[entry.methodCode] ?? "method \(entry.methodCode)"
      throw entry.error(path, expected: "contents that are stored or deflated", found: "\(found): pack it again by zip")
    }
    switch method {
    case .stored:
      guard entry.size == entry.compressedSize else {
        throw entry.error(
          path, expected: "\(entry.size.counted("byte")) stored as they are", found: "\(entry.compressedSize)")
      }
    case .deflated:
      guard entry.size / Gzip.greatestRatio <= entry.compressedSize else {
        throw entry.error(
          path, expected: "\(entry.size.counted("byte")) of contents",
          found: "\(entry.compressedSize.counted("compressed byte")), which cannot hold them")
      }
    }
    return ZipEntryReader(file, entry, method, start..<start + entry.compressedSize)
  }

  /// Where the entry's bytes begin, behind a header of its own, which must agree with the directory.
  private func contentsStart(of entry: ZipEntry) throws -> Int {
    let header = try ZipRecord(file, at: entry.headerOffset, .localHeader)
    // Only as far as the next entry: the lengths are the file's word.
    let start = entry.headerOffset + ZipRecord.Kind.localHeader.length + header.short(26) + header.short(28)
    guard header.isGenuine, start + entry.compressedSize <= entry.limit else {
      throw entry.error(
        path, expected: "a header and \(entry.compressedSize.counted("byte")) at byte \(entry.headerOffset)",
        found: header.isGenuine ? "a header beyond which they do not fit" : "no header")
    }
    let nameAndExtra = try file.bytes(
      at: entry.headerOffset + ZipRecord.Kind.localHeader.length, count: header.short(26) + header.short(28))
    var sizes = [header.word(22), header.word(18)]
    ZipDirectory.widen(&sizes, by: nameAndExtra[header.short(26)...])
    // An entry that was written to a pipe has its sizes and checksum behind its contents, and zeros here.
    let mayBeLater = entry.hasSizesBehind
    func agrees(_ found: Int, _ expected: Int) -> Bool { found == expected || mayBeLater && found == 0 }
    guard nameAndExtra.prefix(header.short(26)).elementsEqual(entry.nameBytes), header.short(8) == entry.methodCode,
      header.short(6) & 1 == (entry.isEncrypted ? 1 : 0), agrees(header.word(14), Int(entry.checksum)),
      agrees(sizes[0], entry.size), agrees(sizes[1], entry.compressedSize)
    else {
      throw entry.error(
        path, expected: "the name, method, sizes and checksum of the archive's directory",
        found: "others in its own header")
    }
    return start
  }
}

/// A record of fixed length with a signature, of those that an archive is made of.
struct ZipRecord {
  enum Kind: UInt32 {
    case localHeader = 0x0403_4B50
    case directoryEntry = 0x0201_4B50
    case endOfDirectory = 0x0605_4B50
    case wideEndLocator = 0x0706_4B50
    case wideEndOfDirectory = 0x0606_4B50

    /// In bytes, without names and comments.
    var length: Int {
      switch self {
      case .localHeader: 30
      case .directoryEntry: 46
      case .endOfDirectory: 22
      case .wideEndLocator: 20
      case .wideEndOfDirectory: 56
      }
    }
  }

  private let bytes: ArraySlice<UInt8>
  /// Whether it is whole and has its signature.
  let isGenuine: Bool

  /// The record that `bytes` begin with.
  init(_ bytes: ArraySlice<UInt8>, _ kind: Kind) {
    let part = bytes.prefix(kind.length)
    self.bytes = part.count == kind.length ? part : ArraySlice(repeating: 0, count: kind.length)
    isGenuine = self.bytes.withUnsafeBytes { $0.littleEndian(UInt32.self, at: 0) } == Int(kind.rawValue)
  }

  /// The record at `offset`, which may lie anywhere.
  init(_ file: FileReader, at offset: Int, _ kind: Kind) throws {
    let fits = offset >= 0 && offset <= file.count - kind.length
    self.init(try fits ? file.bytes(at: offset, count: kind.length)[...] : [], kind)
  }

  /// The two bytes at a place of the record.
  func short(_ offset: Int) -> Int { bytes.withUnsafeBytes { $0.littleEndian(UInt16.self, at: offset) } }

  /// The four bytes at a place of the record.
  func word(_ offset: Int) -> Int { bytes.withUnsafeBytes { $0.littleEndian(UInt32.self, at: offset) } }

  /// The eight bytes at a place of the record.
  func long(_ offset: Int) -> Int { bytes.withUnsafeBytes { $0.littleEndian(UInt64.self, at: offset) } }
}
