/// One worker's way through a model with some of the examples of a workspace: what every stage is handed.
///
/// All workers of a team make a pass together, with the same examples. **Who has written what** is one rule. A matrix that
/// several workers fill is divided by `region(of:)`. When a stage begins, this worker's own region of what it reads is
/// complete; for anything beyond it, the stage first calls `barrier()`. When it returns, this worker's own region of what
/// it writes is complete; a stage that divided the work otherwise calls `barrier()` before it returns. A stage that calls
/// it first and last is always right, and costs a microsecond.
public struct Pass: Sendable {
  /// Where everything is.
  public let workspace: Workspace
  /// The parameters.
  public let weights: ParameterArena
  /// The examples, as rows of the workspace.
  public let examples: Range<Int>
  /// Who does this share of the work.
  public let worker: Worker
  /// Whether layers do what they do in training alone, as dropout does.
  public let isTraining: Bool
  /// Where random numbers of training come from; nil where none are wanted.
  public let randomness: Randomness?

  /// A pass through some examples.
  public init(
    _ workspace: Workspace, _ weights: ParameterArena, examples: Range<Int>, worker: Worker = .alone,
    isTraining: Bool = false, randomness: Randomness? = nil
  ) {
    precondition(
      examples.lowerBound >= 0 && examples.upperBound <= workspace.capacity,
      "examples \(examples) of a workspace for \(workspace.capacity)")
    self.workspace = workspace
    self.weights = weights
    self.examples = examples
    self.worker = worker
    self.isTraining = isTraining
    self.randomness = randomness
  }

  /// What the numbers drawn in a training step depend on, with the layer that draws them.
  public struct Randomness: @unchecked Sendable {
    /// The seed of the run.
    public let seed: UInt64
    /// The epoch, from 1.
    public let epoch: UInt32
    /// The index in the data set of each example of the pass.
    public let examples: UnsafeBufferPointer<UInt32>

    /// The numbers of `examples` in an epoch of a run. The memory must outlive the pass.
    public init(seed: UInt64, epoch: UInt32, examples: UnsafeBufferPointer<UInt32>) {
      self.seed = seed
      self.epoch = epoch
      self.examples = examples
    }
  }

  /// The same pass, but for whether it trains.
  package func training(_ isTraining: Bool) -> Pass {
    Pass(
      workspace, weights, examples: examples, worker: worker, isTraining: isTraining, randomness: randomness)
  }

  // MARK: Matrices

  /// The rows of the examples, all of them.
  public subscript(slot: Slot) -> Matrix { workspace[slot].rows(rows(slot.rows)) }
  /// The gradient of the loss with respect to them.
  public func d(_ slot: Slot) -> Matrix { workspace.gradient(slot).rows(rows(slot.rows)) }
  /// One number for each row.
  public subscript(slot: RowSlot) -> Matrix { workspace[slot].columns(rows(slot.rows)) }
  /// One row for the whole minibatch.
  public subscript(slot: SharedSlot) -> Matrix { workspace[slot] }
  /// A block of parameters.
  public subscript(block: ParameterLayout.Block) -> Matrix { weights[block] }

  /// Room for one number in double precision for each sample of the pass, twice.
  var doubles: (UnsafeMutableBufferPointer<Double>, UnsafeMutableBufferPointer<Double>) {
    let samples = rows(.sample)
    return (
      UnsafeMutableBufferPointer(rebasing: workspace.logWeights[samples]),
      UnsafeMutableBufferPointer(rebasing: workspace.slopes[samples])
    )
  }

  private func rows(_ rows: Rows) -> Range<Int> {
    let count = rows.perExample(samples: workspace.samples)
    return examples.lowerBound * count..<examples.upperBound * count
  }

  // MARK: Shares

  /// Waits until every worker has come here.
  @inline(__always)
  public func barrier() { worker.barrier() }

  /// This worker's region of a matrix that all workers fill together.
  public func region(of slot: Slot) -> (rows: Range<Int>, columns: Range<Int>) {
    worker.region(rows: 0..<examples.count * slot.rows.perExample(samples: workspace.samples), columns: slot.columns)
  }

  /// This worker's window of a matrix of the whole pass.
  public func own(_ matrix: Matrix) -> Matrix {
    let region = worker.region(rows: 0..<matrix.rows, columns: matrix.columns)
    return matrix.rows(region.rows).columns(region.columns)
  }

  /// The examples that this worker takes where an example is not divided, counted within the pass.
  public var ownExamples: Range<Int> { worker.share(of: 0..<examples.count) }

  /// Calls `body` with examples that one call of an elementwise function takes, of this worker's own: all of them where
  /// each has one sample, else one example after the other.
  public func forEachGroup(_ body: (Group) -> Void) {
    let own = ownExamples
    if workspace.samples == 1 { return body(Group(examples: own, samples: own)) }
    for example in own {
      body(
        Group(
          examples: example..<example + 1,
          samples: example * workspace.samples..<(example + 1) * workspace.samples))
    }
  }

  /// Some examples and their samples, both counted within the pass.
  public struct Group: Sendable {
    /// The examples.
    public let examples: Range<Int>
    /// Their samples' rows.
    public let samples: Range<Int>

    /// Of a matrix with a row for each example, one for each sample: an example's row stands for all its samples.
    public func repeating(_ matrix: Matrix) -> Matrix {
      examples.count == samples.count
        ? matrix.rows(examples) : matrix.repeating(row: examples.lowerBound, count: samples.count)
    }

    /// The same of entries.
    public func repeating(_ rows: SparseRows) -> SparseRows {
      examples.count == samples.count
        ? rows.rows(examples) : rows.repeating(row: examples.lowerBound, count: samples.count)
    }
  }
}
