/// An activation, as a layer of its own: "relu".
///
///     y = f(x),   dx = dy ⊙ f′(x)
///
/// Behind a layer that `FusesActivation` it is part of that layer's loop where f′ is a function of y; see `Activation`.
public struct Activate: Layer {
  /// Those of all activations.
  public static let name = "activation"
  /// Those of all activations.
  public static var names: [String] { Activation.allCases.map(\.rawValue) }

  /// f.
  public let activation: Activation

  /// f.
  public init(_ activation: Activation) {
    self.activation = activation
  }

  /// The word alone.
  public init(_ settings: inout Settings) throws {
    activation = Activation(rawValue: settings.name) ?? .identity
  }

  /// What files call it.
  public var name: String { activation.rawValue }

  /// Behind an input of any width.
  public func lay(_ blueprint: inout Blueprint, _ input: Slot, name: String) -> any Stage {
    ActivationStage(
      name: name, input: input, output: blueprint.slot(columns: input.columns, rows: input.rows),
      activation: activation)
  }

}

/// An activation in its place, outside of another layer's loop.
public struct ActivationStage: Stage {
  /// What files would call it, if it had tensors.
  public let name: String
  let input: Slot
  /// y.
  public let output: Slot
  /// f.
  public let activation: Activation

  /// y ← f(x).
  public func forward(_ pass: Pass) {
    VectorMath.active.activate(pass.own(pass[input]), into: pass.own(pass[output]), activation)
  }

  /// dx ← dy ⊙ f′(x).
  public func backward(_ pass: Pass) {
    guard input.hasGradient else { return }
    let dX = pass.own(pass.d(input))
    dX.copy(pass.own(pass.d(output)))
    VectorMath.active.multiplyByGradient(
      of: activation, at: pass.own(pass[activation.gradientIsOfInput ? input : output]), dX)
  }
}
