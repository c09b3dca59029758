import COpenBLAS

/// Matrix products by OpenBLAS: with `LAPACK` the one place that sees it. The layers' products go through `MatrixProduct`.
///
/// Each product runs on the thread that asks for it. OpenBLAS's own threads are switched off for the whole process,
/// the first time any of this is used, because the library splits the work itself (`ThreadTeam`): two threads that
/// each multiply half of a product scale as well as OpenBLAS's own, and keep the elementwise work parallel too.
public enum BLAS {
  private static let holdToOneThread: Void = {
    _ = threadCountAtLoad
    openblas_set_num_threads(1)
  }()

  private static let threadCountAtLoad = Int(openblas_get_num_threads())

  /// The bytes that a program with OpenBLAS in it maps: when the library is loaded it starts a thread for each processor but
  /// one, each with a buffer, and the main thread's first product maps one more. A thread that cannot have its buffer tries
  /// again for ever, and never ends.
  package static var mappedByteCount: UInt64 {
    // 8 MiB are for a stack; the rest is the program, its libraries, and the heap that a second thread reserves.
    UInt64(threadCountAtLoad) * (bufferByteCount + (8 << 20)) + (240 << 20)
  }

  /// The bytes that a thread's first product maps, as of version 0.3.21.
  package static let bufferByteCount: UInt64 = 128 << 20

  /// C ← A·B.
  public static func multiply(_ a: Matrix, _ b: Matrix, into c: Matrix) {
    check(a.rows, a.columns, b.rows, b.columns, c)
    sgemm(a, CblasNoTrans, b, CblasNoTrans, c, inner: a.columns, beta: 0)
  }

  /// C ← A·Bᵀ.
  public static func multiply(_ a: Matrix, transposed b: Matrix, into c: Matrix) {
    check(a.rows, a.columns, b.columns, b.rows, c)
    sgemm(a, CblasNoTrans, b, CblasTrans, c, inner: a.columns, beta: 0)
  }

  /// C ← Aᵀ·B, or C += Aᵀ·B where `accumulating`.
  public static func multiply(transposed a: Matrix, _ b: Matrix, into c: Matrix, accumulating: Bool) {
    check(a.columns, a.rows, b.rows, b.columns, c)
    sgemm(a, CblasTrans, b, CblasNoTrans, c, inner: a.rows, beta: accumulating ? 1 : 0)
  }

  /// C += Aᵀ·A for A [rows, columns] in double precision, row after row; C [columns, columns], both triangles.
  public static func addGram(_ a: [Double], rows: Int, columns: Int, to c: inout [Double]) {
    precondition(
      a.count >= rows * columns && c.count == columns * columns,
      "\(a.count) numbers for \(rows) × \(columns), \(c.count) for \(columns) × \(columns)")
    guard rows > 0 && columns > 0 else { return }
    _ = holdToOneThread
    cblas_dgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, blasint(columns), blasint(columns), blasint(rows), 1, a,
      blasint(columns), a, blasint(columns), 1, &c, blasint(columns))
  }

  private static func check(_ rows: Int, _ inner: Int, _ inner2: Int, _ columns: Int, _ c: Matrix) {
    precondition(
      inner == inner2 && c.rows == rows && c.columns == columns,
      "a product of \(rows) × \(inner) and \(inner2) × \(columns) into \(c.shapeDescription)")
  }

  private static func sgemm(
    _ a: Matrix, _ transposeA: CBLAS_TRANSPOSE, _ b: Matrix, _ transposeB: CBLAS_TRANSPOSE, _ c: Matrix,
    inner: Int, beta: Float
  ) {
    guard c.rows > 0 && c.columns > 0 else { return }
    _ = holdToOneThread
    cblas_sgemm(
      CblasRowMajor, transposeA, transposeB, blasint(c.rows), blasint(c.columns), blasint(inner), 1, a.base,
      leadingDimension(a), b.base, leadingDimension(b), beta, c.base, leadingDimension(c))
  }

  /// BLAS wants a stride of at least 1, even of a matrix without columns.
  private static func leadingDimension(_ matrix: Matrix) -> blasint { blasint(max(matrix.stride, 1)) }

  /// Runs `body` while OpenBLAS divides its products between `count` threads of its own, to measure how well it does.
  package static func withOwnThreads<Result>(_ count: Int, _ body: () throws -> Result) rethrows -> Result {
    _ = holdToOneThread
    openblas_set_num_threads(Int32(count))
    defer { openblas_set_num_threads(1) }
    return try body()
  }

  // MARK: What is in use

  /// The number of processors that this process may run on.
  public static var processorCount: Int { Int(openblas_get_num_procs()) }

  /// The processor family whose kernels OpenBLAS chose when it was loaded, such as "SkylakeX" or "Haswell".
  public static var coreName: String { String(cString: openblas_get_corename()) }

  /// OpenBLAS's version and build, such as "OpenBLAS 0.3.21 NO_AFFINITY USE_OPENMP …".
  public static var configuration: String { String(cString: openblas_get_config()) }
}
