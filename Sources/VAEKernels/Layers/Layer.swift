/// A layer as words describe it, "dense 512": what it is, apart from any place in a model.
///
/// One file of this folder says all about one kind of layer: its description, its formulas, the passes forward and
/// backward. To add another, write such a file and name its type in `Vocabulary.standard`; Docs/Architecture.md has the
/// steps.
public protocol Layer: Described {
  /// Takes its place after `input`: claims parameters, whose tensors are called `name.weight` and the like, and room for
  /// what it computes. Throws `ArchitectureError` where no layer can have its settings, or none can follow such an input.
  func lay(_ blueprint: inout Blueprint, _ input: Slot, name: String) throws -> any Stage
  /// The fewest examples of a minibatch that it can learn from; 1 by default.
  var smallestBatch: Int { get }
}

extension Layer {
  /// Any.
  public var smallestBatch: Int { 1 }
}

/// A layer that takes an activation behind it into its own loop, where the activation's gradient is one of its value.
public protocol FusesActivation: Layer {
  /// The same, with the activation.
  func lay(_ blueprint: inout Blueprint, _ input: Slot, name: String, activation: Activation) throws -> any Stage
}

extension FusesActivation {
  /// With no activation.
  public func lay(_ blueprint: inout Blueprint, _ input: Slot, name: String) throws -> any Stage {
    try lay(&blueprint, input, name: name, activation: .identity)
  }
}

/// A layer that draws random numbers in training. Its place among the others of the model that do is part of the key.
public protocol DrawsNoise: Layer {}
