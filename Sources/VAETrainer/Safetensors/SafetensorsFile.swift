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

  /// The numbers of the tensor `name`, which must be of the shape given, and F32, F64, F16 or BF16.
  ///
  /// F64 is rounded to the nearest `Float`; the others are exact.
  public func floats(_ name: String, shape: [Int]) throws -> [Float] {
    let tensor = try tensor(name, "floats", shape, isRight: { [.f32, .f64, .f16, .bf16].contains($0) })
    return switch tensor.type {
    case .f64: try read(tensor, of: Double.self).map { Float($0) }
    case .f16: try read(tensor, of: UInt16.self).map { Float(halfBits: $0) }
    case .bf16: try read(tensor, of: UInt16.self).map { Float(bfloatBits: $0) }
    default: try read(tensor, of: Float.self)
    }
  }

  /// The numbers of the tensor `name`, which must be of the type and shape given.
  public func numbers<Number: SafetensorsNumber>(
    _ name: String, of type: Number.Type, shape: [Int]
  ) throws -> [Number] {
    try read(tensor(name, Number.elementType.rawValue, shape, isRight: { $0 == Number.elementType }), of: type)
  }

  private func tensor(
    _ name: String, _ typeName: String, _ shape: [Int], isRight: (SafetensorsTensor.ElementType) -> Bool
  ) throws -> SafetensorsTensor {
    let place = "tensor \(SafetensorsError.quoted(name))"
    guard let tensor = self[name] else {
      throw SafetensorsError(
        path: path, place: place, expected: "a tensor of this name", found: "none among \(tensors.count)")
    }
    guard let type = tensor.type, isRight(type), tensor.shape == shape else {
      throw SafetensorsError(
        path: path, place: place, expected: "\(typeName) of shape \(shape)",
        found: "\(SafetensorsError.unquoted(tensor.typeName)) of shape \(tensor.shape.prefix(8))")
    }
    return tensor
  }

  private func read<Number: BitwiseCopyable & ExpressibleByIntegerLiteral>(
    _ tensor: SafetensorsTensor, of type: Number.Type
  ) throws -> [Number] {
    // The header has been checked: the shape's bytes are in the file, which bounds what is allocated here.
    var numbers = [Number](repeating: 0, count: tensor.bytes.count / MemoryLayout<Number>.stride)
    try numbers.withUnsafeMutableBytes { bytes in
      try reader.read(at: dataStart + tensor.bytes.lowerBound, into: bytes)
    }
    return numbers
  }
}
