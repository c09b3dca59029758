import VAEKernels

extension CompressedRows {
  /// Rows that come one after another, each number kept in as few bytes as all so far need.
  public struct Builder {
    private let columnCount: Int
    private var starts = [0]
    private var narrow: [UInt16] = []
    private var wide: [UInt32] = []
    private var bytes: [UInt8] = []
    private var shorts: [UInt16] = []
    private var words: [UInt32] = []
    private var floats: [Float] = []
    private var width = Width.byte

    private enum Width: Int { case byte, short, word, float }

    /// No rows yet.
    public init(columnCount: Int) {
      precondition(columnCount > 0 && columnCount <= Int(UInt32.max), "\(columnCount) columns")
      self.columnCount = columnCount
    }

    /// Makes room for so many rows and entries.
    public mutating func reserve(rows: Int, entries: Int) {
      starts.reserveCapacity(rows + 1)
      if isNarrow { narrow.reserveCapacity(entries) } else { wide.reserveCapacity(entries) }
      bytes.reserveCapacity(entries)
    }

    private var isNarrow: Bool { columnCount <= 1 << 16 }

    /// Appends a row whose columns rise; what is 0 is left out.
    public mutating func append(columns: UnsafeBufferPointer<UInt32>, values: UnsafeBufferPointer<Float>) {
      precondition(columns.count == values.count, "\(columns.count) columns for \(values.count) numbers")
      var needed = width
      for value in values { needed = Self.width(for: value, atLeast: needed) }
      if needed != width { widen(to: needed) }
      var previous = -1
      for index in 0..<columns.count where values[index] != 0 {
        let column = columns[index]
        precondition(Int(column) > previous && Int(column) < columnCount, "column \(column) after \(previous)")
        previous = Int(column)
        if isNarrow { narrow.append(UInt16(column)) } else { wide.append(column) }
        switch width {
        case .byte: bytes.append(UInt8(values[index]))
        case .short: shorts.append(UInt16(values[index]))
        case .word: words.append(UInt32(values[index]))
        case .float: floats.append(values[index])
        }
      }
      starts.append(isNarrow ? narrow.count : wide.count)
    }

    /// Appends a row whose columns come in any order; numbers of one column are added up.
    mutating func append(unordered columns: UnsafeBufferPointer<UInt32>, values: UnsafeBufferPointer<Float>) {
      if columns.areRising { return append(columns: columns, values: values) }
      var sorted: [(column: UInt32, value: Float)] = []
      // Numbers of one column in their order.
      for index in columns.indices.sorted(by: { (columns[$0], $0) < (columns[$1], $1) }) {
        if sorted.last?.column == columns[index] {
          sorted[sorted.count - 1].value += values[index]
        } else {
          sorted.append((columns[index], values[index]))
        }
      }
      sorted.map(\.column).withUnsafeBufferPointer { columns in
        sorted.map(\.value).withUnsafeBufferPointer { append(columns: columns, values: $0) }
      }
    }

    /// All of them.
    public func finish() -> CompressedRows {
      let values: Values =
        switch width {
        case .byte: .bytes(bytes)
        case .short: .shorts(shorts)
        case .word: .words(words)
        case .float: .floats(floats)
        }
      return CompressedRows(
        columnCount: columnCount, starts: starts, .memory(isNarrow ? .narrow(narrow) : .wide(wide), values))
    }

    private static func width(for value: Float, atLeast width: Width) -> Width {
      guard width != .float, value >= 0, value < 4_294_967_296, value == value.rounded(.towardZero) else {
        return .float
      }
      let needed: Width = value < 256 ? .byte : value < 65_536 ? .short : .word
      return needed.rawValue > width.rawValue ? needed : width
    }

    private mutating func widen(to needed: Width) {
      switch (width, needed) {
      case (.byte, .short): shorts = bytes.map { UInt16($0) }
      case (.byte, .word): words = bytes.map { UInt32($0) }
      case (.short, .word): words = shorts.map { UInt32($0) }
      case (.byte, .float): floats = bytes.map { Float($0) }
      case (.short, .float): floats = shorts.map { Float($0) }
      case (.word, .float): floats = words.map { Float($0) }
      default: break
      }
      if needed != .byte { bytes = [] }
      if needed != .short { shorts = [] }
      if needed != .word { words = [] }
      width = needed
    }
  }
}

extension UnsafeBufferPointer<UInt32> {
  /// Whether each number is greater than the one before.
  var areRising: Bool {
    var areRising = true
    for index in 1..<Swift.max(count, 1) where self[index] <= self[index - 1] { areRising = false }
    return areRising
  }
}
