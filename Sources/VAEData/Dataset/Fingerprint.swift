import CZlib

/// A CRC-32 of bytes that come bit by bit.
struct Checksum {
  private var crc: UInt = 0

  /// The checksum of what came so far.
  var value: UInt32 { UInt32(crc) }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    crc = UInt(crc32_z(uLong(crc), bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count))
  }

  /// Eight digits.
  var text: String {
    let digits = String(crc, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}

extension Dataset {
  /// Tells other data from the same data: "60000x784-bytes-1a2b3c4d", the shape, the kind, and the CRC-32 of the
  /// numbers as they lie in memory, and of exposures beside them; of a file that is not read, its length and a checksum of some of its rows.
  ///
  /// It is meant for a resumed run that is given the wrong files, not for an adversary. Labels do not count, since only
  /// a conditional model is told them; `labelFingerprint` is theirs. What stands in a table of what a model is told does, and
  /// so does a column of exposures.
  public var fingerprint: String {
    fingerprintOfNumbers + (told.map { " told \($0.fingerprint)" } ?? "")
      + (exposure.map { "-exposed-\(checksum($0.values, width: 1, nil))" } ?? "")
  }

  private var fingerprintOfNumbers: String {
    switch storage {
    case .bytes(let bytes): "\(count)x\(rawWidth)-bytes-\(checksum(bytes, width: rawWidth, rows))"
    case .floats(let values): "\(count)x\(rawWidth)-floats-\(checksum(values, width: rawWidth, rows))"
    case .compressed(let stored): "\(count)x\(rawWidth)-sparse-\(checksum(of: stored))"
    case .file(let file): "\(count)x\(rawWidth)-file-\(file.fingerprint)"
    }
  }

  /// The same of the labels: "60000-labels-1a2b3c4d"; nil where there are none.
  public var labelFingerprint: String? { labels.map { "\(count)-labels-\(checksum($0, width: 1, nil))" } }

  /// That of the first time that somebody asks: a run asks before its first step, and what it wrote of the file that it began
  /// with must not become that of another one.
  private func checksum(of stored: CompressedRows) -> String {
    if let checksum = found.fingerprint { return checksum }
    let checksum = checksum(stored)
    found.fingerprint = checksum
    return checksum
  }

  /// Of each row's columns and numbers: the same however many bytes they are stored in, and wherever.
  private func checksum(_ stored: CompressedRows) -> String {
    var crc = Checksum()
    for example in 0..<count {
      stored.withRow(row(of: example)) { columns, values in
        withUnsafeBytes(of: UInt64(columns.count)) { crc.add($0) }
        crc.add(UnsafeRawBufferPointer(columns))
        crc.add(UnsafeRawBufferPointer(values))
      }
    }
    return crc.text
  }

  private func checksum<Number: BitwiseCopyable>(_ numbers: [Number], width: Int, _ rows: [UInt32]?) -> String {
    var crc = Checksum()
    numbers.withUnsafeBytes { bytes in
      guard let rows else { return crc.add(bytes) }
      let rowBytes = width * MemoryLayout<Number>.size
      for row in rows {
        crc.add(UnsafeRawBufferPointer(rebasing: bytes[Int(row) * rowBytes..<(Int(row) + 1) * rowBytes]))
      }
    }
    return crc.text
  }
}

extension DataSplit {
  /// The fingerprints of both parts.
  public var fingerprint: String { "train \(train.fingerprint), test \(test.fingerprint)" }

  /// The fingerprints of both parts' labels; nil where neither has any.
  public var labelFingerprint: String? {
    if train.labels == nil && test.labels == nil { return nil }
    return "train \(train.labelFingerprint ?? "none"), test \(test.labelFingerprint ?? "none")"
  }
}
