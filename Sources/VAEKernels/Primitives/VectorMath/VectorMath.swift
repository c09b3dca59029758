import CVectorMath

/// The elementwise loops, compiled for one instruction set.
///
/// The one place that sees `CVectorMath`. Each method, in the extension for what it serves, checks its shapes and hands
/// pointers to a C function; the formulas stand with the layer, latent or likelihood that uses them, and in
/// `loops.inc`.
public struct VectorMath: @unchecked Sendable {
  let table: UnsafePointer<vm_functions>

  /// The copy in use: the best that this processor supports, or the one that `VAE_INSTRUCTION_SET` in the environment
  /// names. It is chosen when the program is loaded, before there are threads, so that asking is a plain load.
  public static var active: VectorMath { VectorMath(table: vm_active()) }

  /// Puts the copy for `instructionSet` in use, for the whole process; false where this processor does not support it.
  ///
  /// For a program's own options: to be called before anything is computed, or while no other thread computes. Who
  /// multiplies goes by the copy in use, unless that has been said.
  package static func select(_ instructionSet: String) -> Bool { vm_select(instructionSet) }

  /// Whether it multiplies matrices too, for `MatrixProduct`.
  static var multipliesMatrices: Bool {
    get { vm_has_own_products() }
    set { vm_select_products(newValue) }
  }

  /// Every copy that this processor supports, from the plainest to the best, so that tests can compare them all.
  public static let supported: [VectorMath] = {
    var all: [VectorMath] = []
    while let table = vm_supported(Int32(all.count)) { all.append(VectorMath(table: table)) }
    return all
  }()

  private init(table: UnsafePointer<vm_functions>) {
    self.table = table
  }

  /// "baseline", "avx2", "avx512" or "neon".
  public var instructionSet: String { String(cString: table.pointee.name) }

  /// Whether the C functions were compiled with optimisation.
  public var isOptimized: Bool { table.pointee.optimized }
}

// What several loops ask of their arguments.
extension VectorMath {
  func checkProduct(_ rows: Int, _ inner: Int, _ inner2: Int, _ columns: Int, _ c: Matrix) {
    precondition(
      inner == inner2 && c.rows == rows && c.columns == columns,
      "a product of \(rows) × \(inner) and \(inner2) × \(columns) into \(c.shapeDescription)")
  }

  func checkSameShape(_ a: Matrix, _ b: Matrix) {
    precondition(
      a.rows == b.rows && a.columns == b.columns, "shapes differ: \(a.shapeDescription) and \(b.shapeDescription)")
  }

  /// μ and s, and their gradients, are halves of one matrix and so share a stride.
  func checkHalves(_ mean: Matrix, _ logVariance: Matrix) {
    checkSameShape(mean, logVariance)
    precondition(mean.stride == logVariance.stride, "strides differ: \(mean.stride) and \(logVariance.stride)")
  }

  /// One number for each of `count` rows or columns.
  func checkVector(_ vector: Matrix, _ name: StaticString, count: Int) {
    precondition(vector.rows == 1 && vector.columns == count, "\(name) \(vector.shapeDescription) for \(count)")
  }

  func checkLosses(_ loss: Matrix, rows: Int) {
    precondition(loss.rows == 1 && loss.columns == rows, "\(loss.shapeDescription) losses for \(rows) examples")
  }
}
