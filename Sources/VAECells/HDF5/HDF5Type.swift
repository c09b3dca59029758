import VAEData

/// What the elements of a dataset or an attribute are.
struct HDF5Type: Equatable {
  enum Kind: UInt8 {
    case other, integer, float, text, variableText, enumeration, bool, compound, reference
  }

  struct Field: Equatable {
    let name: String
    let kind: Kind
    /// In bytes.
    let size: Int
    let isSigned: Bool
  }

  var kind: Kind
  /// In bytes.
  var size: Int
  var isSigned: Bool
  /// Those of a compound.
  var fields: [Field] = []

  var isText: Bool { kind == .text || kind == .variableText }
  var isNumber: Bool { kind == .integer || kind == .float || kind == .enumeration || kind == .bool }

  /// In words, for a message.
  var inWords: String {
    switch kind {
    case .other: "elements of another kind"
    case .integer: "\(isSigned ? "" : "unsigned ")integers of \(size * 8) bits"
    case .float: "floats of \(size * 8) bits"
    case .text, .variableText: "texts"
    case .enumeration: "enumerated numbers"
    case .bool: "yes or no"
    case .compound: "rows of fields"
    case .reference: "references"
    }
  }

  /// Reads one that stands in an answer.
  init(_ answer: inout HDF5Answer, withFields: Bool) throws {
    (kind, size, isSigned) = try Self.scalar(&answer)
    guard withFields else { return }
    let count = try answer.count(ofSize: 10)
    fields = try (0..<count).map { _ in
      let name = try answer.text()
      let (kind, size, isSigned) = try Self.scalar(&answer)
      return Field(name: name, kind: kind, size: size, isSigned: isSigned)
    }
  }

  init(of field: Field) { (kind, size, isSigned) = (field.kind, field.size, field.isSigned) }

  private static func scalar(_ answer: inout HDF5Answer) throws -> (Kind, Int, Bool) {
    let kind = Kind(rawValue: try answer.next(UInt8.self)) ?? .other
    return (kind, Int(try answer.next(UInt32.self)), try answer.next(UInt8.self) != 0)
  }
}
