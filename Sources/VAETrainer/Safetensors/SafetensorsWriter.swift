import VAEData
import VAEKernels

/// Writes a file in the safetensors format (https://huggingface.co/docs/safetensors, "Format"):
///
///     8 bytes     N, the length of the header, little-endian
///     N bytes     JSON: {"__metadata__": {"key": "text", …}, "name": {"dtype", "shape", "data_offsets"}, …}
///     the rest    the tensors' numbers, one tensor after another, little-endian, row-major
///
/// The same tensors and metadata give the same bytes: tensors stand in the order given and metadata in the order
/// of its keys, and the header is padded with spaces so that the first number lies at a multiple of 8.
public struct SafetensorsWriter {
  private struct Part {
    let tensor: SafetensorsTensor
    let write: (inout AtomicFile.Writer) throws -> Void
  }

  private let metadata: [String: String]
  private var parts: [Part] = []
  private var names: Set<String> = []
  private var byteCount = 0

  /// A file with no tensors yet.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// Adds a tensor of `Number`s, which `write` appends, in as many parts as it likes, when the file is written.
  ///
  /// The bytes of a tensor start at a multiple of its number's size, which many readers need: tensors of 8-byte
  /// numbers come before those of 4-byte ones.
  public mutating func add<Number: SafetensorsNumber>(
    _ name: String, of type: Number.Type, shape: [Int],
    write: @escaping (inout AtomicFile.Writer) throws -> Void
  ) {
    precondition(
      name != SafetensorsHeader.metadataKey && names.insert(name).inserted, "the name \(name) is taken")
    precondition(shape.allSatisfy { $0 >= 0 }, "no tensor has the shape \(shape)")
    let elementType = Number.elementType
    guard let length = SafetensorsTensor.byteCount(elementType, shape) else {
      preconditionFailure("no memory holds a tensor of the shape \(shape)")
    }
    precondition(
      byteCount % elementType.size == 0, "\(name) would not be aligned: add the widest numbers first")
    let tensor = SafetensorsTensor(
      name: name, typeName: elementType.rawValue, shape: shape, bytes: byteCount..<byteCount + length)
    parts.append(Part(tensor: tensor, write: write))
    byteCount += length
  }

  /// Adds a tensor of the given numbers.
  public mutating func add<Number: SafetensorsNumber>(_ name: String, _ numbers: [Number], shape: [Int]) {
    add(name, of: Number.self, shape: shape) { try $0.append(numbers) }
  }

  /// Writes the file: wholly, or not at all.
  public func write(to path: String) throws {
    let header = SafetensorsHeader.encode(metadata: metadata, tensors: parts.map(\.tensor))
    try AtomicFile.write(to: path) { file in
      try withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { try file.append($0) }
      try file.append(header)
      for part in parts {
        let start = file.count
        try part.write(&file)
        precondition(
          file.count - start == part.tensor.bytes.count,
          "\(part.tensor.name) of shape \(part.tensor.shape) was given \((file.count - start).counted("byte"))")
      }
    }
  }
}
