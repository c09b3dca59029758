/// The distribution p(x|z) of an example given the decoder's output.
///
/// One file of this folder says all about one likelihood: its formulas, the loss and its gradient, what its mean and a draw
/// from it are, how it starts. To add another, write such a file and name its type in `Vocabulary.standard`; files,
/// options, training and the page ask here for what they need.
///
/// Shapes: B rows, D features, `outputsPerFeature`·D outputs. All that the decoder puts out for one feature are D columns
/// apart: the first D columns are one number of every feature, the next D another. What a member has in common for all
/// examples stands in its words, or is learned beside the decoder's weights, P numbers.
public protocol Likelihood: Described {
  /// What the decoder puts out for each feature, in order: the tensors `decoder.<name>.weight` and `.bias` of the model
  /// file are of `perFeature`·D outputs each.
  var outputs: [(name: String, perFeature: Int)] { get }
  /// What is learned beside the decoder's weights, in order: the tensors `decoder.<name>` of the model file.
  func parameters(features: Int) -> [(name: String, count: Int)]
  /// Whether there is a row of those for each of the C batches that a model is told, and an example has that of its own: see
  /// `Batches`. The tensors are then of shape [P, C].
  var learnsByBatch: Bool { get }
  /// The values of x that have a likelihood.
  var domain: ClosedRange<Float> { get }
  /// Whether it is a probability, not a density: then bits per dimension compare with those of other discrete models.
  var isDiscrete: Bool { get }
  /// What it needs of an example beside x.
  var sideInputs: SideInputs { get }
  /// Whether it leaves out what the mask of an `Observation` says is not known. One that does not may be shown no mask: it
  /// would take what stands in the place of a missing number for a number.
  var skipsMissing: Bool { get }
  /// Whether it takes the entries of an `Observation`, what is not zero alone, where there are some, and then looks at no
  /// zeros.
  var readsEntries: Bool { get }
  /// The number of features of the examples that it is for; nil where that may be any.
  var requiredFeatures: Int? { get }

  /// −log p(x|z) of each row in nats, into `loss` [1, B], given the decoder's `output` and the learned `parameters`
  /// [1, P]; a row of them each, [B, P], where it learns by batch.
  func forward(output: Matrix, parameters: Matrix, _ observed: Observation, lossInto loss: Matrix)

  /// The same; and `scale` times its gradient with respect to the output, which may take the output's place unless the
  /// likelihood says otherwise, and to the parameters, a row [1, P] for each example into `dParameters` [B, P].
  func forwardAndBackward(
    output: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dOutput: Matrix, _ dParameters: Matrix)

  /// E[x|z], into the first D columns of the output [B, `outputsPerFeature`·D].
  func mean(inPlace output: Matrix, parameters: Matrix)
  /// The same of rows of so much exposure each [B, 1], for a likelihood whose mean depends on that.
  func mean(inPlace output: Matrix, parameters: Matrix, exposure: Matrix?)
  /// What is counted, where zeros beside those that are counted pull the mean down; else the mean: into the first D columns
  /// of the output, of rows of so much exposure each [B, 1].
  func rate(inPlace output: Matrix, parameters: Matrix, exposure: Matrix?)
  /// The mean in a word, for what computes it elsewhere, as the report's page does; nil where there is no word for it, and
  /// such a page goes without.
  var meanLink: MeanLink? { get }

  /// A draw from p(x|z), into the first D columns of the output; row i by the numbers of `examples[i]` in `stream`.
  func draw(
    inPlace output: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>)

  /// The same of rows of so much exposure each [B, 1], for a likelihood that depends on that.
  func draw(
    inPlace output: Matrix, parameters: Matrix, exposure: Matrix?, _ stream: RandomStream,
    examples: UnsafeBufferPointer<UInt32>)

  /// Whether where it starts depends on the features' variances.
  var startsFromVariance: Bool { get }
  /// What the decoder should put out before it knows anything of the latent, for features with these means and
  /// variances, which are 0 where it does not start from them: one number for each output.
  func initialOutput(mean: [Float], variance: [Float]) -> [Float]
  /// What the parameters should start from.
  func initialParameters(mean: [Float], variance: [Float]) -> [Float]
}

/// How a mean follows from the decoder's output.
public enum MeanLink: Sendable, Hashable {
  /// It is the first D outputs.
  case identity
  /// The sigmoid of the first D.
  case sigmoid
  /// Σ p_k k / (N − 1), p the softmax of the N outputs of a feature.
  case expectedLevel(Int)
  /// Of each column in turn: the output itself, its sigmoid, the softmax of a category's outputs, or exp of a count's.
  case byColumn([ColumnFamily])
}

extension Likelihood {
  /// One number for each feature.
  public var outputs: [(name: String, perFeature: Int)] { [("output", 1)] }
  /// None.
  public func parameters(features: Int) -> [(name: String, count: Int)] { [] }
  /// It does not.
  public var learnsByBatch: Bool { false }
  /// Any finite number.
  public var domain: ClosedRange<Float> { -.greatestFiniteMagnitude ... .greatestFiniteMagnitude }
  /// A density.
  public var isDiscrete: Bool { false }
  /// Nothing.
  public var sideInputs: SideInputs { [] }
  /// It does not.
  public var skipsMissing: Bool { false }
  /// It does not.
  public var readsEntries: Bool { false }
  /// Any number.
  public var requiredFeatures: Int? { nil }
  /// None.
  public var meanLink: MeanLink? { nil }
  /// Whatever that is.
  public func mean(inPlace output: Matrix, parameters: Matrix, exposure: Matrix?) {
    mean(inPlace: output, parameters: parameters)
  }
  /// The mean.
  public func rate(inPlace output: Matrix, parameters: Matrix, exposure: Matrix?) {
    mean(inPlace: output, parameters: parameters, exposure: exposure)
  }
  /// Whatever that is.
  public func draw(
    inPlace output: Matrix, parameters: Matrix, exposure: Matrix?, _ stream: RandomStream,
    examples: UnsafeBufferPointer<UInt32>
  ) {
    draw(inPlace: output, parameters: parameters, stream, examples: examples)
  }
  /// Of the mean alone.
  public var startsFromVariance: Bool { false }
  /// None.
  public func initialParameters(mean: [Float], variance: [Float]) -> [Float] { [] }

  /// The numbers that the decoder puts out for each feature.
  public var outputsPerFeature: Int { outputs.reduce(0) { $0 + $1.perFeature } }

  /// Adds to each element of a matrix of the shape of `mean` what `noise` makes of a uniform number in [0, 1): for draws.
  public func addNoise(
    to mean: Matrix, uniform stream: RandomStream, examples: UnsafeBufferPointer<UInt32>, noise: (Float) -> Float
  ) {
    for row in 0..<mean.rows {
      var numbers = RandomSequence(stream, example: examples[row])
      for column in 0..<mean.columns { mean[row, column] += noise(numbers.uniform()) }
    }
  }

  /// Adds a normal number to each element of a matrix of the shape of `mean`, scaled by `deviation(row, column)`: for draws.
  public func addNoise(
    to mean: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>, deviation: (Int, Int) -> Float
  ) {
    let buffer = AlignedBuffer(count: mean.rows * mean.columns)
    let noise = Matrix(buffer.base, rows: mean.rows, columns: mean.columns)
    VectorMath.active.fillNormal(noise, stream, examples: examples)
    for row in 0..<mean.rows {
      for column in 0..<mean.columns { mean[row, column] += deviation(row, column) * noise[row, column] }
    }
  }
}
