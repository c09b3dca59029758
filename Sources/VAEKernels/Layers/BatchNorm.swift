/// Batch normalisation: every column to a mean of 0 and a variance of 1, then to what is learned.
///
///     m, v = mean and biased variance of the column over the minibatch,   r = 1 / √(v + ε),   x̂ = (x − m) r
///     y = γ ⊙ x̂ + β                     x, y [N, C];  γ, β, m, v [C];  N the rows of all examples and samples
///
/// With sums over the rows,
///
///     dγ = Σ dy ⊙ x̂,   dβ = Σ dy
///     dx = γ r (dy − dβ/N − x̂ dγ/N)
///
/// Outside of training m and v are running averages, which every step of training moves on,
///
///     running ← (1 − μ) running + μ now             v now being the unbiased one, N/(N − 1) v
///
/// and dx = γ r dy. So training and evaluation differ, and a part of a model that is frozen is evaluated. A minibatch of one
/// row, which says nothing of a variance, leaves the averages as they are. The tensors are `weight`, γ, from 1, `bias`, β,
/// from 0, `running_mean`, from 0, and `running_var`, from 1. A worker takes whole columns, so that the statistics are the
/// same for any number of threads. Source: Ioffe and Szegedy 2015; the averages as PyTorch has them.
public struct BatchNorm: Layer {
  /// "batch-norm".
  public static let name = "batch-norm"
  /// As PyTorch has it.
  public static let defaultMomentum: Float = 0.1
  /// As PyTorch has it.
  public static let defaultEpsilon: Float = 1e-5

  /// μ.
  public let momentum: Float
  /// ε, in the square of the unit of x.
  public let epsilon: Float

  /// A layer; ε keeps a constant column finite.
  public init(momentum: Float = defaultMomentum, epsilon: Float = defaultEpsilon) {
    self.momentum = momentum
    self.epsilon = epsilon
  }

  /// "batch-norm", or "batch-norm momentum 0.01 epsilon 0.001" with either or both.
  public init(_ settings: inout Settings) throws {
    momentum =
      settings.take("momentum")
      ? try settings.number("a number above 0, at most 1") { $0 > 0 && $0 <= 1 } : Self.defaultMomentum
    epsilon = settings.take("epsilon") ? try settings.number("a number above 0") { $0 > 0 } : Self.defaultEpsilon
  }

  /// μ and ε, where they are not the usual ones.
  public var settings: [String] {
    (momentum == Self.defaultMomentum ? [] : ["momentum", "\(momentum)"])
      + (epsilon == Self.defaultEpsilon ? [] : ["epsilon", "\(epsilon)"])
  }

  /// One row has no variance.
  public var smallestBatch: Int { 2 }

  /// Behind an input of any width.
  public func lay(_ blueprint: inout Blueprint, _ input: Slot, name: String) -> any Stage {
    let count = input.columns
    return Placed(
      layer: self, name: name, input: input, output: blueprint.slot(columns: count, rows: input.rows),
      scale: blueprint.parameter("\(name).weight", count: count, kind: .scale, initially: 1),
      shift: blueprint.parameter("\(name).bias", count: count, kind: .bias),
      runningMean: blueprint.parameter("\(name).running_mean", count: count, kind: .statistic),
      runningVariance: blueprint.parameter("\(name).running_var", count: count, kind: .statistic, initially: 1),
      mean: blueprint.sharedSlot(columns: count), variance: blueprint.sharedSlot(columns: count),
      inverseDeviation: blueprint.sharedSlot(columns: count),
      dScale: blueprint.sharedSlot(columns: count, training: true),
      dShift: blueprint.sharedSlot(columns: count, training: true))
  }

  private struct Placed: Stage {
    let layer: BatchNorm
    let name: String
    let input: Slot
    let output: Slot
    let scale: ParameterLayout.Block
    let shift: ParameterLayout.Block
    let runningMean: ParameterLayout.Block
    let runningVariance: ParameterLayout.Block
    let mean: SharedSlot
    let variance: SharedSlot
    let inverseDeviation: SharedSlot
    let dScale: SharedSlot
    let dShift: SharedSlot

    var parameters: [ParameterLayout.Block] { [scale, shift, runningMean, runningVariance] }

    // A column is one worker's, whatever the regions are: a barrier before and behind.

    func forward(_ pass: Pass) {
      pass.barrier()
      let own = ownColumns(pass)
      let (mean, variance) = (pass[mean].columns(own), pass[variance].columns(own))
      let inverseDeviation = pass[inverseDeviation].columns(own)
      if pass.isTraining {
        VectorMath.active.columnStatistics(pass[input].columns(own), mean: mean, variance: variance)
      } else {
        mean.copy(pass[runningMean].columns(own))
        variance.copy(pass[runningVariance].columns(own))
      }
      for column in 0..<own.count {
        inverseDeviation.base[column] = 1 / (variance.base[column] + layer.epsilon).squareRoot()
      }
      VectorMath.active.normalizeColumns(
        pass[input].columns(own), mean: mean, inverseDeviation: inverseDeviation, scale: pass[scale].columns(own),
        shift: pass[shift].columns(own), into: pass[output].columns(own))
      pass.barrier()
    }

    func backward(_ pass: Pass) {
      pass.barrier()
      let own = ownColumns(pass)
      let (x, dY) = (pass[input].columns(own), pass.d(output).columns(own))
      let (mean, inverseDeviation) = (pass[mean].columns(own), pass[inverseDeviation].columns(own))
      let (dScale, dShift) = (pass[dScale].columns(own), pass[dShift].columns(own))
      if pass.isTraining {
        VectorMath.active.batchNormParameterGradient(
          dY, x: x, mean: mean, inverseDeviation: inverseDeviation, dScale: dScale, dShift: dShift)
      } else {
        // Mean and deviation do not depend on x.
        dScale.fill(0)
        dShift.fill(0)
      }
      if input.hasGradient {
        VectorMath.active.batchNormGradient(
          dY, x: x, mean: mean, inverseDeviation: inverseDeviation, scale: pass[scale].columns(own), dScale: dScale,
          dShift: dShift, into: pass.d(input).columns(own))
      }
      pass.barrier()
    }

    func backwardParameters(_ pass: Pass, into sink: any GradientSink) {
      let (dScale, dShift) = (pass[dScale], pass[dShift])
      pass.forOwnColumns(of: scale, into: sink) { columns, gradient in gradient.copy(dScale.columns(columns)) }
      pass.forOwnColumns(of: shift, into: sink) { columns, gradient in gradient.copy(dShift.columns(columns)) }
      moveAverages(pass)
    }

    /// Here, where the loss is known to be finite, and only where the layer is trained.
    private func moveAverages(_ pass: Pass) {
      let rows = pass[input].rows
      guard pass.isTraining, rows > 1 else { return }
      let correction = Float(rows) / Float(rows - 1)
      let (mean, variance) = (pass[mean].base, pass[variance].base)
      let (runningMean, runningVariance) = (pass[runningMean].base, pass[runningVariance].base)
      for column in ownColumns(pass) {
        runningMean[column] += layer.momentum * (mean[column] - runningMean[column])
        runningVariance[column] += layer.momentum * (correction * variance[column] - runningVariance[column])
      }
    }

    private func ownColumns(_ pass: Pass) -> Range<Int> {
      pass.worker.share(of: input.columns, grain: AlignedBuffer.alignedCount)
    }
  }
}
