import CStandardLibrary

/// A table whose columns each have a family of their own, and in which numbers may be missing.
///
///     −log p(x|z) = Σ over the columns c whose x is known of −log p_c(x_c|z)                       nats an example
///
/// with the decoder putting out one number a for each feature, a and x [B, D]:
///
///     gaussian     ½ (log 2π + v + (x − a)² exp(−v))                da = (a − x) exp(−v)
///                  v = v₀ + log(1 + exp(b − v₀))                    db = ½ (1 − (x − a)² exp(−v)) sigmoid(b − v₀)
///     bernoulli    max(a, 0) − a x + log1p(exp(−|a|))               da = sigmoid(a) − x
///     categorical  log Σ exp a − a_t, x a one in the place of t     da = softmax(a) − x
///     poisson      exp a − x a + log x!                             da = exp a − x
///
/// times `scale`. b is one number for each Gaussian column, learned, the same for all examples. A number that is missing,
/// where the mask is 0, adds nothing to the loss and its gradients: the sum over what is left is the exact density of what
/// is known, given z, since the columns are independent given z. With Gaussian, Bernoulli and categorical columns this is
/// the likelihood of Nazábal, Olmos, Ghahramani and Valera 2020 ("Handling incomplete heterogeneous data using VAEs").
///
/// v₀ is a floor: a column that the decoder learns to copy exactly, as one that follows from another does, would have a
/// variance that goes to zero and a density that goes to infinity. Columns are taken to be standardised; the least
/// standard deviation is then a hundredth of the column's own. A count's rate is finite for a up to 88.7; beyond it the
/// loss is infinite, and the step of training ends without an update.
public struct ByColumn: Likelihood {
  /// "by-column".
  public static let name = "by-column"
  /// v₀ = 2 log 0.01.
  public static let logVarianceFloor: Float = -9.21034037

  /// All columns, in order.
  let runs: [ColumnRun]

  /// Columns of these families, in order. There is at least one, and they have no more than `Architecture.maximumWidth`
  /// features.
  public init(_ families: [ColumnFamily]) {
    precondition(!families.isEmpty, "no columns")
    var runs: [ColumnRun] = []
    for family in families {
      if case .categorical(let levels) = family {
        precondition(ColumnFamily.possibleLevels.contains(levels), "a column of \(levels) levels")
      }
      Self.append(1, of: family, to: &runs)
    }
    self.runs = runs
    precondition(featureCount <= Architecture.maximumWidth, "\(featureCount) features")
  }

  // MARK: Words

  /// "gaussian 6 categorical 9 bernoulli 2 poisson 1": so many columns of a family, but of a categorical one the number of
  /// its levels.
  public init(_ settings: inout Settings) throws {
    var runs: [ColumnRun] = []
    repeat {
      let room = Architecture.maximumWidth - (runs.last?.features.upperBound ?? 0)
      let name = try settings.word(["gaussian", "bernoulli", "categorical", "poisson"])
      let levels = ColumnFamily.possibleLevels
      guard room >= (name == "categorical" ? levels.lowerBound : 1) else {
        throw settings.unexpected("no more than \(Architecture.maximumWidth) features")
      }
      if name == "categorical" {
        let count = try settings.wholeNumber(
          "a number of levels", in: levels.lowerBound...min(levels.upperBound, room))
        Self.append(1, of: .categorical(count), to: &runs)
      } else {
        let count = try settings.wholeNumber("a number of columns", in: 1...room)
        Self.append(count, of: name == "gaussian" ? .gaussian : name == "poisson" ? .poisson : .bernoulli, to: &runs)
      }
    } while !settings.isAtEnd
    self.runs = runs
  }

  /// The runs.
  public var settings: [String] { runs.flatMap(\.words) }

  private static func append(_ count: Int, of family: ColumnFamily, to runs: inout [ColumnRun]) {
    let last = runs.last
    let column = last?.columns.upperBound ?? 0
    let feature = last?.features.upperBound ?? 0
    let (columns, features) = (column..<column + count, feature..<feature + count * family.width)
    if let last, last.family == family {
      runs[runs.count - 1].columns = last.columns.lowerBound..<columns.upperBound
      runs[runs.count - 1].features = last.features.lowerBound..<features.upperBound
    } else {
      let gaussians = runs.last { $0.family == .gaussian }?.gaussians.upperBound ?? 0
      runs.append(ColumnRun(family: family, columns: columns, features: features, firstGaussian: gaussians))
    }
  }

  // MARK: What it is

  /// The family of each column.
  public var families: [ColumnFamily] { runs.flatMap { [ColumnFamily](repeating: $0.family, count: $0.columns.count) } }
  /// The number of columns.
  public var columnCount: Int { runs[runs.count - 1].columns.upperBound }
  /// D, the sum of the columns' widths.
  public var featureCount: Int { runs[runs.count - 1].features.upperBound }
  /// The number of Gaussian columns.
  public var gaussianCount: Int { runs.last { $0.family == .gaussian }?.gaussians.upperBound ?? 0 }

  /// The features of each column.
  public var features: [Range<Int>] {
    runs.flatMap { run in
      run.columns.map {
        let first = run.features.lowerBound + ($0 - run.columns.lowerBound) * run.family.width
        return first..<first + run.family.width
      }
    }
  }

  /// b.
  public func parameters(features: Int) -> [(name: String, count: Int)] {
    gaussianCount > 0 ? [("log_variance", gaussianCount)] : []
  }
  /// D.
  public var requiredFeatures: Int? { featureCount }
  /// A probability where no column is Gaussian.
  public var isDiscrete: Bool { gaussianCount == 0 }
  /// It does.
  public var skipsMissing: Bool { true }

  // MARK: The loss

  /// The loss of each example.
  public func forward(output: Matrix, parameters: Matrix, _ observed: Observation, lossInto loss: Matrix) {
    addRuns(output, parameters, observed, scale: 0, lossInto: loss, gradientInto: nil)
  }

  /// Loss and both gradients in one pass.
  public func forwardAndBackward(
    output: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dOutput: Matrix, _ dParameters: Matrix
  ) {
    addRuns(output, parameters, observed, scale: scale, lossInto: loss, gradientInto: (dOutput, dParameters))
  }

  private func addRuns(
    _ output: Matrix, _ parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto gradient: (dOutput: Matrix, dParameters: Matrix)?
  ) {
    precondition(output.columns == featureCount, "outputs \(output.shapeDescription) for \(featureCount) features")
    let math = VectorMath.active
    loss.fill(0)
    for index in 0..<runs.count {
      let run = runs[index]
      let (a, x) = (output.columns(run.features), observed.target.columns(run.features))
      // Not `map`: in a debug build it makes a closure on the heap, and this is part of every step.
      var mask: Matrix?
      if let whole = observed.mask { mask = whole.columns(run.features) }
      var dA: Matrix?
      if let gradient { dA = gradient.dOutput.columns(run.features) }
      switch run.family {
      case .gaussian:
        var both: (dMean: Matrix, dA: Matrix)?
        if let gradient, let dA { both = (dA, gradient.dParameters.columns(run.gaussians)) }
        math.gaussianColumns(
          mean: a, a: parameters.columns(run.gaussians), x, mask: mask, floor: Self.logVarianceFloor, scale: scale,
          lossAccumulatingInto: loss, gradientInto: both)
      case .bernoulli:
        math.bernoulliColumns(logits: a, x, mask: mask, scale: scale, lossAccumulatingInto: loss, gradientInto: dA)
      case .categorical(let levels):
        math.softmaxColumns(
          logits: a, x, mask: mask, levels: levels, scale: scale, lossAccumulatingInto: loss, gradientInto: dA)
      case .poisson:
        math.poissonColumns(logRates: a, x, mask: mask, scale: scale, lossAccumulatingInto: loss, gradientInto: dA)
      }
    }
  }
}

extension Likelihood where Self == ByColumn {
  /// Columns of these families, in order; numbers may be missing.
  public static func byColumn(_ families: [ColumnFamily]) -> ByColumn { ByColumn(families) }
}
