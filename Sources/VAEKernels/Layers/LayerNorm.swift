/// Layer normalisation: every row to a mean of 0 and a variance of 1, then to what is learned.
///
///     m = mean of the row,   v = its biased variance,   r = 1 / √(v + ε),   x̂ = (x − m) r
///     y = γ ⊙ x̂ + β                     x, y [B, C];  γ, β [C]
///
/// With g = γ ⊙ dy and means over the row,
///
///     dx = r (g − mean(g) − x̂ mean(g ⊙ x̂))
///     dγ = Σ over rows of dy ⊙ x̂,   dβ = Σ over rows of dy
///
/// The tensors are `weight`, γ, from 1, and `bias`, β, from 0. Source: Ba, Kiros and Hinton 2016; the loops and their
/// precision are with `VectorMath.layerNorm`.
public struct LayerNorm: Layer {
  /// "layer-norm".
  public static let name = "layer-norm"
  /// As PyTorch has it.
  public static let defaultEpsilon: Float = 1e-5

  /// ε, in the square of the unit of x.
  public let epsilon: Float

  /// A layer; ε keeps a constant row finite.
  public init(epsilon: Float = defaultEpsilon) {
    self.epsilon = epsilon
  }

  /// "layer-norm", or "layer-norm epsilon 0.001".
  public init(_ settings: inout Settings) throws {
    epsilon = settings.take("epsilon") ? try settings.number("a number above 0") { $0 > 0 } : Self.defaultEpsilon
  }

  /// ε, where it is not the usual one.
  public var settings: [String] { epsilon == Self.defaultEpsilon ? [] : ["epsilon", "\(epsilon)"] }

  /// Behind an input of any width.
  public func lay(_ blueprint: inout Blueprint, _ input: Slot, name: String) -> any Stage {
    Placed(
      name: name, input: input, output: blueprint.slot(columns: input.columns, rows: input.rows), epsilon: epsilon,
      scale: blueprint.parameter("\(name).weight", count: input.columns, kind: .scale, initially: 1),
      shift: blueprint.parameter("\(name).bias", count: input.columns, kind: .bias),
      mean: blueprint.rowSlot(input.rows), inverseDeviation: blueprint.rowSlot(input.rows),
      dShift: blueprint.sharedSlot(columns: input.columns, training: true))
  }

  private struct Placed: Stage {
    let name: String
    let input: Slot
    let output: Slot
    let epsilon: Float
    let scale: ParameterLayout.Block
    let shift: ParameterLayout.Block
    let mean: RowSlot
    let inverseDeviation: RowSlot
    let dShift: SharedSlot

    var parameters: [ParameterLayout.Block] { [scale, shift] }

    // A row is one worker's, whatever the regions are: a barrier before and behind.

    func forward(_ pass: Pass) {
      pass.barrier()
      let x = pass[input]
      let own = pass.worker.share(of: x.rows)
      VectorMath.active.layerNorm(
        x.rows(own), scale: pass[scale], shift: pass[shift], epsilon: epsilon, into: pass[output].rows(own),
        mean: pass[mean].columns(own), inverseDeviation: pass[inverseDeviation].columns(own))
      pass.barrier()
    }

    func backward(_ pass: Pass) {
      pass.barrier()
      guard input.hasGradient else { return }
      let x = pass[input]
      let own = pass.worker.share(of: x.rows)
      VectorMath.active.layerNormGradient(
        pass.d(output).rows(own), x: x.rows(own), scale: pass[scale], mean: pass[mean].columns(own),
        inverseDeviation: pass[inverseDeviation].columns(own), into: pass.d(input).rows(own))
      pass.barrier()
    }

    func backwardParameters(_ pass: Pass, into sink: any GradientSink) {
      let (x, dY, dBeta) = (pass[input], pass.d(output), pass[dShift])
      pass.forOwnColumns(of: scale, into: sink) { columns, dGamma in
        VectorMath.active.layerNormParameterGradient(
          dY.columns(columns), x: x.columns(columns), mean: pass[mean], inverseDeviation: pass[inverseDeviation],
          dScale: dGamma, dShift: dBeta.columns(columns))
      }
      pass.forOwnColumns(of: shift, into: sink) { columns, gradient in gradient.copy(dBeta.columns(columns)) }
    }
  }
}
