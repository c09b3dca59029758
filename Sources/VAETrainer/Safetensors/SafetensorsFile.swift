import VAEData

/// A file in the safetensors format, open for reading; `SafetensorsWriter` gives the format.
///
/// Nothing in the file is believed until it has been checked, so a file that is cut short, damaged or made to
/// mislead gives an error, not a trap or an absurd allocation. The tensors stay in the file until asked for.
public struct SafetensorsFile: Sendable {
  /// The bytes before the header: its length.
  static let prefixCount = 8

  /// Free text that belongs to the file as a whole.
  public let metadata: [String: String]
  /// The tensors, in the order of their bytes.
  public let tensors: [SafetensorsTensor]

  private let reader: FileReader
  private let dataStart: Int

  /// Opens the file and checks its header against its length.
  ///
  /// - Throws: `FileError` where it cannot be read, `SafetensorsError` where it is not what it should be.
  public init(path: String) throws {
    let reader = try FileReader(path: path)
    let room = reader.count - Self.prefixCount
    guard room >= 0 else {
      throw SafetensorsError(
        path: path, place: "end of the file", expected: "at least \(Self.prefixCount) bytes",
        found: "\(reader.count)")
    }
    let prefix = try reader.bytes(at: 0, count: Self.prefixCount)
    let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= room, length <= SafetensorsHeader.maximumLength else {
      throw SafetensorsError(
        path: path, place: "header length",
        expected: "at most \(min(room, SafetensorsHeader.maximumLength)) bytes", found: "\(length)")
    }
    self.reader = reader
    dataStart = Self.prefixCount + Int(length)
    let text = try reader.bytes(at: Self.prefixCount, count: Int(length))
    let header = try SafetensorsHeader(text, dataCount: reader.count - dataStart, path: path)
    metadata = header.metadata
    tensors = header.tensors
  }

  /// Where the file is.
  public var path: String { reader.path }

  /// The entry of the tensor called `name`, if there is one.
  public subscript(name: String) -> SafetensorsTensor? {
    tensors.first { $0.name == name }
  }

  /// The numbers of the tensor `name`, which must be F32 of the shape given.
  public func floats(_ name: String, shape: [Int]) throws -> [Float] {
    try numbers(name, of: Float.self, shape: shape)
  }

  /// The numbers of the tensor `name`, which must be of the type and shape given.
  public func numbers<Number: SafetensorsNumber>(
    _ name: String, of type: Number.Type, shape: [Int]
  ) throws -> [Number] {
    let place = "tensor \(SafetensorsError.quoted(name))"
    guard let tensor = self[name] else {
      throw SafetensorsError(
        path: path, place: place, expected: "a tensor of this name", found: "none among \(tensors.count)")
    }
    guard tensor.type == Number.elementType, tensor.shape == shape else {
      throw SafetensorsError(
        path: path, place: place, expected: "\(Number.elementType.rawValue) of shape \(shape)",
        found: "\(tensor.type.rawValue) of shape \(tensor.shape.prefix(8))")
    }
    // The shape's bytes are in the file, which bounds what is allocated here.
    var numbers = [Number](repeating: Number(), count: tensor.bytes.count / MemoryLayout<Number>.stride)
    try numbers.withUnsafeMutableBytes { bytes in
      try reader.read(at: dataStart + tensor.bytes.lowerBound, into: bytes)
    }
    return numbers
  }
}
