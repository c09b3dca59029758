/// What the directory of a zip archive says of one entry.
struct ZipEntry: Sendable {
  /// How the contents are packed, as far as that is read.
  enum Method: Int, Sendable {
    case stored = 0
    case deflated = 8
  }

  /// For messages: the others that are met.
  static let otherMethods = [
    1: "shrunk ones", 6: "imploded ones", 9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "xz",
    99: "encrypted ones",
  ]

  /// With slashes between folders.
  let name: String
  let nameBytes: [UInt8]
  let methodCode: Int
  let isEncrypted: Bool
  /// Whether the header before the contents was written before they were known.
  let hasSizesBehind: Bool
  /// CRC-32 of the contents.
  let checksum: UInt32
  let compressedSize: Int
  let size: Int
  /// Where its own header stands.
  let headerOffset: Int
  /// Where the next thing in the file begins.
  var limit = 0

  var method: Method? { Method(rawValue: methodCode) }

  /// Reads the directory's entry that `bytes` begin with, and passes over it; nil where they begin with none.
  init?(_ bytes: inout ArraySlice<UInt8>) {
    let record = ZipRecord(bytes, .directoryEntry)
    let (nameCount, extraCount, commentCount) = (record.short(28), record.short(30), record.short(32))
    let rest = bytes.dropFirst(ZipRecord.Kind.directoryEntry.length)
    guard record.isGenuine, nameCount + extraCount + commentCount <= rest.count else { return nil }
    nameBytes = Array(rest.prefix(nameCount))
    // Flag 11 says UTF-8. Names without it are in the code page of an old PC, which has ASCII in common with it.
    name = String(decoding: nameBytes, as: UTF8.self)
    // In the order in which the wider ones would follow.
    var fields = [record.word(24), record.word(20), record.word(42)]
    ZipDirectory.widen(&fields, by: rest.dropFirst(nameCount).prefix(extraCount))
    (size, compressedSize, headerOffset) = (fields[0], fields[1], fields[2])
    let flags = record.short(8)
    (isEncrypted, hasSizesBehind) = (flags & 1 != 0, flags & 8 != 0)
    (methodCode, checksum) = (record.short(10), UInt32(record.word(16)))
    bytes = rest.dropFirst(nameCount + extraCount + commentCount)
  }

  /// For messages of one line, whatever the name.
  var label: String { "entry \"\(name.prefix(80).filter { $0 >= " " && !$0.isNewline })\"" }

  /// Something wrong with this entry of the archive at `path`.
  func error(_ path: String, expected: String, found: String) -> DataError {
    DataError(path: path, place: label, expected: expected, found: found)
  }
}
