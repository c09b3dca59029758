import VAEKernels

/// The rows of a table, in the pieces in which they were read, until they become one array.
struct TableRows {
  private(set) var count = 0
  /// For each column kept as text, its cells.
  private(set) var asides: [[String]]
  private var pieces: [Piece] = []
  private let columnCount: Int
  private let path: String
  private let limits = MemoryLimits.current.limits

  /// The numbers of one block. They are released piece by piece.
  private struct Piece {
    var values: FloatPages?
    let rows: Range<Int>
    let worker: Int
  }

  init(columnCount: Int, asideCount: Int, path: String) {
    (self.columnCount, self.path) = (columnCount, path)
    asides = Array(repeating: [], count: asideCount)
  }

  /// Appends the rows of a block. Throws where there is no memory for as many.
  mutating func append(_ parsed: ParsedBlock) throws {
    pieces.append(Piece(values: parsed.values, rows: count..<count + parsed.rowCount, worker: parsed.worker))
    count += parsed.rowCount
    for index in asides.indices { asides[index] += parsed.asides[index] }
    // A small compressed file may hold a large table.
    if let limit = limits.first(where: isBeyond) { throw memoryError(limit) }
  }

  /// Whether the numbers, as one array, and beside it in pieces where what is mapped counts, are more than a limit leaves.
  private func isBeyond(_ limit: MemoryLimits.Limit) -> Bool {
    UInt64(byteCount) * (limit.kind.countsWhatIsMapped ? 2 : 1) > limit.room
  }

  private var byteCount: Int { count * columnCount * MemoryLayout<Float>.stride }

  /// That the table does not fit into memory.
  func memoryError(_ limit: MemoryLimits.Limit? = nil) -> DataError {
    DataError(
      path: path, expected: "a table that fits into \((limit ?? limits.first)?.kind.words ?? "memory")",
      found: "more than \(count.counted("row")) of \(columnCount.counted("column")), "
        + "\(byteCount >> 20) MiB of numbers")
  }

  // MARK: One array

  /// All numbers, row after row; the rows themselves are gone. What is a code in column c of worker w becomes
  /// `codes[c][w][code]`, where there are such.
  mutating func assemble(codes: [[[Float]]?], team: ThreadTeam?) -> [Float] {
    let width = columnCount
    let recoded = codes.enumerated().compactMap { column, codes in codes.map { (column: column, codes: $0) } }
    return pieces.withUnsafeMutableBufferPointer { pieces in
      Array(unsafeUninitializedCapacity: count * width) { values, initialized in
        initialized = count * width
        let shared = Shared(pieces: pieces, values: values)
        let body: @Sendable (Worker) -> Void = { worker in
          for index in worker.share(of: shared.pieces.count) {
            let piece = shared.pieces[index]
            guard let source = piece.values, !piece.rows.isEmpty, width > 0 else { continue }
            let target = shared.values.baseAddress! + piece.rows.lowerBound * width
            target.initialize(from: source.base, count: piece.rows.count * width)
            for (column, codes) in recoded {
              codes[piece.worker].withUnsafeBufferPointer { codes in
                for row in 0..<piece.rows.count {
                  let code = target[row * width + column]
                  if !code.isNaN { target[row * width + column] = codes[Int(code)] }
                }
              }
            }
            shared.pieces[index].values = nil
          }
        }
        if let team { team.run(body) } else { body(.alone) }
      }
    }
  }

  /// What the workers have in common; each has pieces of its own.
  private struct Shared: @unchecked Sendable {
    let pieces: UnsafeMutableBufferPointer<Piece>
    let values: UnsafeMutableBufferPointer<Float>
  }
}
