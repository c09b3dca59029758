/// The header of an NPY file: a Python dictionary that says what the numbers after it are.
///
///     {'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }
///
/// It is read as Python reads it: keys in any order, quotes of either kind, any spaces, a comma at the end or none, and
/// the `3L` that Python 2 wrote for a whole number. Nothing in it is ever computed.
package struct NPYHeader: Sendable {
  /// NumPy's word for the type, such as "<f4", or what else stands there.
  package let typeName: String
  /// How a number is stored; nil where they are none that can be read. See `numberType`.
  package let type: NPYNumber?
  /// Whether the first index is the fastest.
  package let isFortranOrder: Bool
  package let shape: [Int]

  /// As many as NumPy 2 has.
  private static let largestRank = 64

  init(_ text: String, path: String) throws {
    func error(_ expected: String, _ found: String) -> DataError {
      DataError(path: path, place: "header", expected: expected, found: found)
    }
    var reader = PythonLiteral(text)
    guard let entries = reader.readDictionary(), let description = entries["descr"],
      let order = entries["fortran_order"], let sizes = entries["shape"]
    else { throw error("'descr', 'fortran_order' and 'shape'", PythonLiteral.quoted(text)) }
    guard case .bool(let isFortranOrder) = order else { throw error("True or False as fortran_order", "\(order)") }
    guard case .tuple(let shape) = sizes, shape.allSatisfy({ $0 >= 0 }) else {
      throw error("a tuple of sizes as shape", "\(sizes)")
    }
    guard shape.count <= Self.largestRank else {
      throw error("at most \(Self.largestRank) sizes as shape", "\(shape.count)")
    }
    switch description {
    case .string(let name): (typeName, type) = (name, NPYNumber(name))
    case .other(let text): (typeName, type) = (text, nil)
    default: (typeName, type) = ("\(description)", nil)
    }
    (self.isFortranOrder, self.shape) = (isFortranOrder, shape)
  }

  /// Of numbers that have no header, the last index fastest.
  init(typeName: String, type: NPYNumber, shape: [Int]) {
    (self.typeName, self.type, self.shape, isFortranOrder) = (typeName, type, shape, false)
  }

  /// The number of numbers; nil where no `Int` holds it.
  package var count: Int? {
    // A zero makes the product zero, whatever overflows beside it.
    if shape.contains(0) { return 0 }
    var count = 1
    for size in shape {
      let product = count.multipliedReportingOverflow(by: size)
      if product.overflow { return nil }
      count = product.partialValue
    }
    return count
  }

  /// "60000 × 784 numbers of 4 bytes", for messages.
  func meaning(_ type: NPYNumber) -> String {
    "\(shape.map(String.init).joined(separator: " × ")) numbers of \(type.width.counted("byte"))"
  }

  /// How a number is stored. Throws `DataError` where they are none that can be read, with the line that converts them.
  package func numberType(path: String, array: String? = nil) throws -> NPYNumber {
    if let type { return type }
    let (found, conversion, condition) = kindOfOthers
    let command = conversion.map { conversion in
      let load = array.map { "['\(PythonCommand.isPlain($0) ? $0 : "NAME")']" } ?? ""
      let options = found == Self.objects ? ", allow_pickle=True" : ""
      return PythonCommand(path: path) { path in
        "import numpy; a = numpy.load('\(path)'\(options))\(load); numpy.save('\(path).f4.npy', \(conversion))"
      }
    }
    throw DataError(
      path: path, place: "header", expected: "numbers of one of the types \(NPYNumber.known)",
      found: PythonLiteral.quoted(typeName) + (found.map { ", \($0)" } ?? "")
        + (command.map { "; to convert them: \($0)\(condition)" } ?? ""))
  }

  private static let objects = "Python objects, which can run any code when they are read, so trust the file"

  /// What types are called that are not read, and the expression that makes floats of an array `a` of them.
  private var kindOfOthers: (name: String?, conversion: String?, condition: String) {
    if typeName.contains("(") {
      return ("fields", "numpy.stack([a[n].astype('f4') for n in a.dtype.names], -1)", "")
    }
    switch typeName.drop(while: { "<>|=".contains($0) }).first {
    case "O": return (Self.objects, "a.astype('f4')", "")
    case "f", "g": return ("long doubles", "a.astype('f4')", "")
    case "c": return ("complex numbers", "numpy.concatenate([a.real, a.imag], axis=1).astype('f4')", "")
    case "U", "S", "a": return ("text", "a.astype('f4')", " (if they are numbers)")
    case "M", "m": return ("times", "a.astype('i8')", "")
    case "V": return ("bytes of no known meaning", nil, "")
    default: return (nil, nil, "")
    }
  }
}
