/// Writes a zip archive of entries that are stored as they are (PKWARE's APPNOTE.TXT, version 6.3.10), from beginning to end.
///
/// How long an entry is has to be known before it is written, its checksum not: that stands behind it. Sizes and places beyond
/// 32 bits are in the wider fields.
struct ZipWriter {
  private var directory: [UInt8] = []
  private var entryCount = 0

  /// What a field of 32 bits says where the number is in a wider one.
  private static let elsewhere = 0xFFFF_FFFF
  private static let isSizedBehind = 8

  /// Appends an entry of `count` bytes, which `body` hands on part by part, to `file`, which begins with the first of them.
  mutating func append(
    _ name: String, count: Int, to file: inout AtomicFile.Writer,
    _ body: ((UnsafeRawBufferPointer) throws -> Void) throws -> Void
  ) throws {
    let (start, name) = (file.count, Array(name.utf8))
    let isWide = count >= Self.elsewhere
    let wideSizes = isWide ? Self.short(1) + Self.short(16) + Self.long(count) + Self.long(count) : []
    let size = Self.word(isWide ? Self.elsewhere : count)
    let version = Self.short(isWide || start >= Self.elsewhere ? 45 : 20)
    // Stored, of no known date: 1980-01-01, the first there is.
    let kind = Self.short(Self.isSizedBehind) + Self.short(0) + Self.short(0) + Self.short(0x21)
    try file.append(
      Self.word(Int(ZipRecord.Kind.localHeader.rawValue)) + version + kind + Self.word(0) + size + size
        + Self.short(name.count) + Self.short(wideSizes.count) + name + wideSizes)

    var checksum = Checksum()
    let first = file.count
    try body { bytes in
      checksum.add(bytes)
      try file.append(bytes)
    }
    precondition(file.count - first == count, "\(file.count - first) bytes of an entry of \(count)")
    let check = Self.word(Int(checksum.value))
    let wide = isWide ? Self.long(count) : Self.word(count)
    try file.append(Self.word(0x0807_4B50) + check + wide + wide)

    var extra = isWide ? Self.long(count) + Self.long(count) : []
    if start >= Self.elsewhere { extra += Self.long(start) }
    if !extra.isEmpty { extra = Self.short(1) + Self.short(extra.count) + extra }
    directory += Self.word(Int(ZipRecord.Kind.directoryEntry.rawValue)) + version + version + kind + check + size + size
    directory += Self.short(name.count) + Self.short(extra.count) + Self.short(0) + Self.short(0) + Self.short(0)
    directory += Self.word(0) + Self.word(min(start, Self.elsewhere)) + name + extra
    entryCount += 1
  }

  /// Appends an entry.
  mutating func append(_ name: String, _ bytes: [UInt8], to file: inout AtomicFile.Writer) throws {
    try append(name, count: bytes.count, to: &file) { append in try bytes.withUnsafeBytes { try append($0) } }
  }

  /// Appends the directory.
  func finish(_ file: inout AtomicFile.Writer) throws {
    let start = file.count
    try file.append(directory)
    if start >= Self.elsewhere {
      let end = file.count
      try file.append(
        Self.word(Int(ZipRecord.Kind.wideEndOfDirectory.rawValue)) + Self.long(44) + Self.short(45) + Self.short(45)
          + Self.word(0) + Self.word(0) + Self.long(entryCount) + Self.long(entryCount) + Self.long(directory.count)
          + Self.long(start))
      try file.append(
        Self.word(Int(ZipRecord.Kind.wideEndLocator.rawValue)) + Self.word(0) + Self.long(end) + Self.word(1))
    }
    try file.append(
      Self.word(Int(ZipRecord.Kind.endOfDirectory.rawValue)) + Self.short(0) + Self.short(0) + Self.short(entryCount)
        + Self.short(entryCount) + Self.word(directory.count) + Self.word(min(start, Self.elsewhere)) + Self.short(0))
  }

  private static func short(_ number: Int) -> [UInt8] { [UInt8(number & 255), UInt8(number >> 8 & 255)] }
  private static func word(_ number: Int) -> [UInt8] { short(number) + short(number >> 16) }
  private static func long(_ number: Int) -> [UInt8] { word(number) + word(number >> 32) }
}
