/// What a minibatch may carry beside the examples x themselves. Covariates come with the architecture; these are asked for
/// when a `Workspace` is made.
public struct SideInputs: OptionSet, Sendable, Hashable {
  /// The set's bits.
  public let rawValue: Int
  /// A set.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// What is to be reconstructed, [B, D], where it is not what the encoder sees.
  public static let target = SideInputs(rawValue: 1)
  /// How much each feature of the target counts, [B, D]: 1, or 0 where it is not known.
  public static let mask = SideInputs(rawValue: 2)
  /// One positive number an example, [B, 1], such as how long it was looked at or how much was counted in all.
  public static let exposure = SideInputs(rawValue: 4)
  /// What is added to −log p(x|z) of each example, [B, 1], in nats: the logarithm of a Jacobian, where x is a transform of
  /// what the likelihood is to be of. No gradient depends on it.
  public static let offset = SideInputs(rawValue: 8)
}

/// The rows of a workspace that whoever reads data fills, for some of the examples of a minibatch.
///
/// It says nothing of the model that they go into; a matrix that nobody asked for is nil.
public struct Minibatch: Sendable {
  /// What the encoder sees, [B, D].
  public let input: Matrix
  /// What is to be reconstructed, [B, D]: `input` itself, unless it has its own.
  public let target: Matrix
  /// How much each feature of the target counts, [B, D].
  public let mask: Matrix?
  /// One number an example, [B, 1].
  public let exposure: Matrix?
  /// What is added to the loss of each, [B, 1].
  public let offset: Matrix?
  /// What the encoder alone is told beside x, [B, M]: 1 where a column that may be missing is known, else 0.
  public let indicators: Matrix?
  /// What encoder and decoder are told of an example, [B, C + N]: its class, as a one in one of the first C columns, and
  /// then N numbers.
  public let covariates: Matrix?
  /// C.
  public let classCount: Int
  /// What is not zero in x, [B, D], where it is to be filled.
  public let entries: SparseRows?
  /// Whether `input` and `target` are to be filled: where nothing looks at zeros, the entries are enough.
  public let hasZeros: Bool

  /// Rows of a caller's own; `input` is the target too where there is none.
  public init(
    input: Matrix, target: Matrix? = nil, mask: Matrix? = nil, exposure: Matrix? = nil, offset: Matrix? = nil,
    indicators: Matrix? = nil, covariates: Matrix? = nil, classCount: Int = 0, entries: SparseRows? = nil,
    hasZeros: Bool = true
  ) {
    self.input = input
    self.target = target ?? input
    self.mask = mask
    self.exposure = exposure
    self.offset = offset
    self.indicators = indicators
    self.covariates = covariates
    self.classCount = classCount
    self.entries = entries
    self.hasZeros = hasZeros
  }

  /// Some of the rows.
  public func rows(_ range: Range<Int>) -> Minibatch {
    Minibatch(
      input: input.rows(range), target: target.rows(range), mask: mask.map { $0.rows(range) },
      exposure: exposure.map { $0.rows(range) }, offset: offset.map { $0.rows(range) },
      indicators: indicators.map { $0.rows(range) }, covariates: covariates.map { $0.rows(range) },
      classCount: classCount, entries: entries.map { $0.rows(range) }, hasZeros: hasZeros)
  }

  /// The N numbers that encoder and decoder are told, [B, N].
  public var numericCovariates: Matrix? { covariates.map { $0.columns(classCount..<$0.columns) } }

  /// Sets the class of each row.
  public func setLabels(_ labels: UnsafeBufferPointer<UInt8>) {
    precondition(labels.count == input.rows, "\(labels.count) labels for \(input.rows) examples")
    for row in 0..<labels.count { setLabel(labels[row], row: row) }
  }

  /// Sets the class of one row.
  public func setLabel(_ label: UInt8, row: Int) {
    guard let covariates else { preconditionFailure("a label for a model that is not told it") }
    precondition(Int(label) < classCount, "class \(label) of \(classCount)")
    let values = covariates.base + row * covariates.stride
    for other in 0..<classCount { values[other] = 0 }
    values[Int(label)] = 1
  }
}

/// What a likelihood is shown of the examples: row i belongs to row i of the decoder's output. A matrix in which one row
/// stands for several samples has a stride of 0.
public struct Observation: Sendable {
  /// x, [B, D].
  public let target: Matrix
  /// How much each feature counts, [B, D].
  public let mask: Matrix?
  /// One number an example, [B, 1].
  public let exposure: Matrix?
  /// What `LikelihoodStage` adds to the loss of each, [B, 1].
  public let offset: Matrix?
  /// What is not zero in x, [B, D], where the minibatch has that; for a likelihood that `readsEntries`, which then looks at
  /// no number of `target`.
  public let entries: SparseRows?

  /// An observation; without a mask every feature counts.
  public init(
    _ target: Matrix, mask: Matrix? = nil, exposure: Matrix? = nil, offset: Matrix? = nil, entries: SparseRows? = nil
  ) {
    self.target = target
    self.entries = entries
    self.mask = mask
    self.exposure = exposure
    self.offset = offset
  }
}
