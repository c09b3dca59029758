/// The entry of one tensor in the header of a safetensors file.
public struct SafetensorsTensor: Sendable, Hashable {
  /// The formats of a tensor's numbers, by their names in the header.
  ///
  /// The format gets new ones; a tensor of one that is not here is passed over when a file is read. Those with a
  /// `SafetensorsNumber` are read and written as they are, F16 and BF16 read as `Float`.
  public enum ElementType: String, Sendable, CaseIterable {
    /// Truth values, a byte each.
    case bool = "BOOL"
    /// Unsigned integers.
    case u8 = "U8", u16 = "U16", u32 = "U32", u64 = "U64"
    /// Signed integers.
    case i8 = "I8", i16 = "I16", i32 = "I32", i64 = "I64"
    /// Floating-point numbers.
    case f8e5m2 = "F8_E5M2", f8e4m3 = "F8_E4M3", f16 = "F16", bf16 = "BF16", f32 = "F32", f64 = "F64"

    /// The length of a number in bytes.
    public var size: Int {
      switch self {
      case .bool, .u8, .i8, .f8e5m2, .f8e4m3: 1
      case .u16, .i16, .f16, .bf16: 2
      case .u32, .i32, .f32: 4
      case .u64, .i64, .f64: 8
      }
    }
  }

  /// The name, different from that of every other tensor in the file.
  public let name: String
  /// The name of the format of its numbers.
  public let typeName: String
  /// Its shape, row-major; empty for a single number.
  public let shape: [Int]
  /// Its bytes, counted from the end of the header.
  public let bytes: Range<Int>

  /// The format of its numbers; nil where it is one that is not known here.
  public var type: ElementType? { ElementType(rawValue: typeName) }

  /// The length in bytes of a tensor of this shape, or nil if no `Int` can hold it.
  static func byteCount(_ type: ElementType, _ shape: [Int]) -> Int? {
    // A zero makes the product zero, whatever overflows beside it.
    if shape.contains(0) { return 0 }
    var count = type.size
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      if overflow { return nil }
      count = product
    }
    return count
  }
}

/// A number that is read and written as it lies in memory.
public protocol SafetensorsNumber: BitwiseCopyable, ExpressibleByIntegerLiteral {
  /// Its name in the header.
  static var elementType: SafetensorsTensor.ElementType { get }
}

extension Float: SafetensorsNumber {
  /// F32.
  public static var elementType: SafetensorsTensor.ElementType { .f32 }
}

extension Double: SafetensorsNumber {
  /// F64.
  public static var elementType: SafetensorsTensor.ElementType { .f64 }
}

extension Int64: SafetensorsNumber {
  /// I64.
  public static var elementType: SafetensorsTensor.ElementType { .i64 }
}

#if _endian(big)
  #error("safetensors files are little-endian, and this code copies them as they are")
#endif
