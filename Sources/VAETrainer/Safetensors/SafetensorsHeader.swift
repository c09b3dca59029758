import VAEKernels

/// The JSON header of a safetensors file: its text, and what it says.
struct SafetensorsHeader {
  static let metadataKey = "__metadata__"
  /// The format's own limit.
  static let maximumLength = 100_000_000

  private(set) var metadata: [String: String] = [:]
  /// In the order of their bytes.
  private(set) var tensors: [SafetensorsTensor] = []

  // MARK: Writing

  /// The header's text, padded with spaces to a multiple of 8 bytes.
  static func encode(metadata: [String: String], tensors: [SafetensorsTensor]) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(JSONText.quote($0.key)):\(JSONText.quote($0.value))" }
      members.append("\(JSONText.quote(metadataKey)):{\(pairs.joined(separator: ","))}")
    }
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let offsets = "\(tensor.bytes.lowerBound),\(tensor.bytes.upperBound)"
      members.append(
        JSONText.quote(tensor.name)
          + #":{"dtype":"\#(tensor.typeName)","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#)
    }
    let text = "{\(members.joined(separator: ","))}"
    return text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
  }

  // MARK: Reading

  /// Reads `text` and believes nothing of it: every tensor's bytes are those of its shape, as far as its type is known,
  /// and the tensors lie one after another, without gap or overlap, from the first of `dataCount` bytes to the last.
  init(_ text: [UInt8], dataCount: Int, path: String) throws(SafetensorsError) {
    var reader = JSONText(text, path: path, start: SafetensorsFile.prefixCount)
    var seen: Set<String> = []
    try reader.readObject { (reader, key) throws(SafetensorsError) in
      guard seen.insert(key).inserted else {
        throw SafetensorsError(
          path: path, place: "header", expected: "different names",
          found: "\(SafetensorsError.quoted(key)) twice")
      }
      if key == Self.metadataKey {
        metadata = try Self.readMetadata(&reader)
      } else {
        tensors.append(try Self.readTensor(named: key, &reader, path: path))
      }
    }
    try reader.readEnd()
    // Tensors without numbers share their place with the next; the end decides, so that they come first.
    tensors.sort { ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound) }
    try checkThatTensorsCover(dataCount, path: path)
  }

  private static func readMetadata(_ reader: inout JSONText) throws(SafetensorsError) -> [String: String] {
    var metadata: [String: String] = [:]
    // Some writers put null where there are none.
    if reader.takeNull() { return metadata }
    try reader.readObject { (reader, key) throws(SafetensorsError) in
      let place = reader.place
      let value = try reader.readString()
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw SafetensorsError(
          path: reader.path, place: place, expected: "different keys in \(metadataKey)",
          found: "\(SafetensorsError.quoted(key)) twice")
      }
    }
    return metadata
  }

  private static func readTensor(
    named name: String, _ reader: inout JSONText, path: String
  ) throws(SafetensorsError) -> SafetensorsTensor {
    var typeName: String?
    var shape: [Int]?
    var offsets: [Int]?
    let place = "tensor \(SafetensorsError.quoted(name))"
    try reader.readObject { (reader, key) throws(SafetensorsError) in
      switch key {
      case "dtype" where typeName == nil: typeName = try reader.readString()
      case "shape" where shape == nil: shape = try reader.readIntegers()
      case "data_offsets" where offsets == nil: offsets = try reader.readIntegers()
      case "dtype", "shape", "data_offsets":
        throw SafetensorsError(
          path: path, place: place, expected: "dtype, shape and data_offsets once each",
          found: "\(SafetensorsError.quoted(key)) twice")
      // What later versions of the format may say of a tensor.
      default: try reader.skipValue()
      }
    }
    guard let typeName, let shape, let offsets else {
      throw SafetensorsError(
        path: path, place: place, expected: "dtype, shape and data_offsets", found: "some of them missing")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw SafetensorsError(
        path: path, place: place, expected: "a start and an end as data_offsets",
        found: "\(offsets.prefix(8))")
    }
    let bytes = offsets[0]..<offsets[1]
    let tensor = SafetensorsTensor(name: name, typeName: typeName, shape: shape, bytes: bytes)
    if let type = tensor.type, SafetensorsTensor.byteCount(type, shape) != bytes.count {
      throw SafetensorsError(
        path: path, place: place,
        expected: "as many bytes as \(typeName) numbers of shape \(shape.prefix(8)) take",
        found: "\(bytes.count)")
    }
    return tensor
  }

  private func checkThatTensorsCover(_ dataCount: Int, path: String) throws(SafetensorsError) {
    var end = 0
    for tensor in tensors {
      guard tensor.bytes.lowerBound == end else {
        throw SafetensorsError(
          path: path, place: "tensor \(SafetensorsError.quoted(tensor.name))",
          expected: "a start at byte \(end) of the data, where the tensor before it ends",
          found: "\(tensor.bytes.lowerBound)")
      }
      end = tensor.bytes.upperBound
    }
    guard end == dataCount else {
      throw SafetensorsError(
        path: path, place: "end of the file", expected: "\(end.counted("byte")) of data, as the header says",
        found: "\(dataCount)")
    }
  }
}
