/// A family of distributions p(x|z) whose members the decoder's outputs choose between.
///
/// One file of this folder says all about one family: its formulas, the loss and its gradient, what its mean and a draw
/// from it are, how it starts. To add another, write such a file and name its type in `Likelihood.families`; files,
/// options and training ask here for what they need.
///
/// Shapes: B rows, D features, `outputsPerFeature`·D outputs. All that the decoder puts out for one feature are D columns
/// apart: the first D columns are one number of every feature, the next D another.
public protocol LikelihoodFamily: Sendable {
  /// As in options and files.
  static var name: String { get }
  /// The settings that a member has beside what is learned, as in files; each is a number.
  static var settingNames: [String] { get }
  /// The settings of `init(settings:)`.
  var settings: [String: Float] { get }
  /// With these settings, or the defaults of those that are missing. Throws `LikelihoodError`.
  init(settings: [String: Float]) throws

  /// What the decoder puts out for each feature, in order: the tensors `decoder.<name>.weight` and `.bias` of the model
  /// file are of `perFeature`·D outputs each.
  var outputs: [(name: String, perFeature: Int)] { get }
  /// The names of numbers that are learned beside the decoder's weights, as in the model file.
  var parameterNames: [String] { get }
  /// The values of x that have a likelihood.
  var domain: ClosedRange<Float> { get }
  /// Whether it is a probability, not a density: then bits per dimension compare with those of other discrete models.
  var isDiscrete: Bool { get }

  /// −log p(x|z) of each row in nats, into `loss` [1, B], given the decoder's `output` and this family's `parameters`
  /// [1, P].
  func forward(output: Matrix, parameters: Matrix, _ x: Matrix, lossInto loss: Matrix)

  /// The same; and `scale` times its gradient with respect to the output, which may take the output's place, and to the
  /// parameters, a row [1, P] for each example into `dParameters` [B, P].
  func forwardAndBackward(
    output: Matrix, parameters: Matrix, _ x: Matrix, scale: Float, lossInto loss: Matrix,
    gradientInto dOutput: Matrix, _ dParameters: Matrix)

  /// E[x|z], into the first D columns of the output [B, `outputsPerFeature`·D].
  func mean(inPlace output: Matrix, parameters: Matrix)

  /// A draw from p(x|z), into the first D columns of the output; row i by the numbers of `examples[i]` in `stream`.
  func draw(
    inPlace output: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>)

  /// Whether where it starts depends on the features' variances.
  var startsFromVariance: Bool { get }
  /// What the decoder should put out before it knows anything of the latent, for features with these means and
  /// variances, which are 0 where it does not start from them: one number for each output.
  func initialOutput(mean: [Float], variance: [Float]) -> [Float]
  /// What the parameters should start from.
  func initialParameters(variance: [Float]) -> [Float]
}

extension LikelihoodFamily {
  /// None.
  public static var settingNames: [String] { [] }
  /// None.
  public var settings: [String: Float] { [:] }
  /// One number for each feature.
  public var outputs: [(name: String, perFeature: Int)] { [("output", 1)] }
  /// None.
  public var parameterNames: [String] { [] }
  /// Any finite number.
  public var domain: ClosedRange<Float> { -.greatestFiniteMagnitude ... .greatestFiniteMagnitude }
  /// A density.
  public var isDiscrete: Bool { false }
  /// Of the mean alone.
  public var startsFromVariance: Bool { false }
  /// None.
  public func initialParameters(variance: [Float]) -> [Float] { [] }

  /// The numbers that the decoder puts out for each feature.
  public var outputsPerFeature: Int { outputs.reduce(0) { $0 + $1.perFeature } }

  /// A normal number for each element of a matrix of the shape of `mean`, scaled by `deviation` and added to it.
  func addNoise(
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

/// A setting that no member of a family has.
public struct LikelihoodError: Error, Equatable, CustomStringConvertible {
  /// The setting's name.
  public var setting: String
  /// What it may be.
  public var expected: String
  /// What it is.
  public var found: String

  /// One line, for a person.
  public var description: String { "\(setting): expected \(expected), found \(found)" }
}
