import CZlib

extension Dataset {
  /// Tells other data from the same data: "60000x784-bytes-1a2b3c4d", the shape, the kind, and the CRC-32 of the
  /// numbers as they lie in memory.
  ///
  /// It is meant for a resumed run that is given the wrong files, not for an adversary. Labels do not count, since only
  /// a conditional model is told them; `labelFingerprint` is theirs.
  public var fingerprint: String {
    switch storage {
    case .bytes(let bytes): "\(count)x\(featureCount)-bytes-\(checksum(bytes))"
    case .floats(let values): "\(count)x\(featureCount)-floats-\(checksum(values))"
    }
  }

  /// The same of the labels: "60000-labels-1a2b3c4d"; nil where there are none.
  public var labelFingerprint: String? { labels.map { "\(count)-labels-\(checksum($0))" } }

  private func checksum<Number: BitwiseCopyable>(_ numbers: [Number]) -> String {
    let crc = numbers.withUnsafeBytes { crc32_z(0, $0.bindMemory(to: UInt8.self).baseAddress, $0.count) }
    let digits = String(crc, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
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
