import VAEKernels

/// A rule that turns gradients into steps, with its constants: Adam, gradient descent with momentum, …
///
/// One file of this folder says all about one rule: its formulas, its constants and their ranges, what it remembers from
/// step to step. To add another, write such a file and name its type in `Optimizers.standard`; options, files and
/// training ask here for what they need. A rule itself remembers nothing: its state is in the arenas of an `UpdateChain`,
/// which also says what comes before it.
public protocol Optimizer: Sendable {
  /// As in options and files.
  static var name: String { get }
  /// Its constants beside the learning rate.
  static var constants: [OptimizerConstant<Self>] { get }
  /// The names, as in checkpoints, of what it keeps for each parameter from one step to the next, zeros at first.
  static var stateNames: [String] { get }

  /// The rule with the constants that its source recommends.
  init()
  /// α before any schedule.
  var learningRate: Float { get set }

  /// One step on a tile of the weights, in place, given the `gradient` of its shape. `state[i]` is of the tile too, of
  /// the weights' stride and of the i-th of `stateNames`.
  ///
  /// Called by several workers at once, on tiles that do not overlap; must not allocate.
  func update(_ weights: Matrix, gradient: Matrix, state: OptimizerState, _ step: UpdateStep)
}

extension Optimizer {
  /// As in options and files.
  public var name: String { Self.name }

  /// The names of its constants beside the learning rate, in words.
  public static var constantNames: [String] { constants.map(\.name) }

  /// Its constants beside the learning rate, by name.
  public var values: [String: Float] {
    Dictionary(uniqueKeysWithValues: Self.constants.map { ($0.name, self[keyPath: $0.path]) })
  }

  /// Sets the constant `name`, which must be one of its own.
  public mutating func set(_ name: String, to value: Float) {
    guard let constant = Self.constants.first(where: { $0.name == name }) else {
      preconditionFailure("\(Self.name) has no \(name), only \(Self.constantNames)")
    }
    self[keyPath: constant.path] = value
  }

  /// Throws `TrainingOptionsError` for constants that make no sense.
  public func validate() throws {
    guard learningRate.isFinite && learningRate > 0 && learningRate <= 1000 else {
      throw TrainingOptionsError("learning rate", expected: "more than 0, at most 1000", found: learningRate)
    }
    for constant in Self.constants { try constant.check(self[keyPath: constant.path]) }
  }
}

/// A constant of a rule: its name, where it is, and the values that make sense.
public struct OptimizerConstant<Rule: Optimizer>: Sendable {
  /// Its name in words, such as "weight decay".
  public let name: String
  let path: WritableKeyPath<Rule, Float> & Sendable
  private let expected: String
  private let isAllowed: @Sendable (Float) -> Bool

  /// A constant; `expected` says in words what `isAllowed` asks of it.
  public init(
    _ name: String, _ path: WritableKeyPath<Rule, Float> & Sendable, expected: String,
    isAllowed: @escaping @Sendable (Float) -> Bool
  ) {
    self.name = name
    self.path = path
    self.expected = expected
    self.isAllowed = isAllowed
  }

  /// The share that is left of an old value in a moving average.
  public static func share(_ name: String, _ path: WritableKeyPath<Rule, Float> & Sendable) -> Self {
    Self(name, path, expected: "at least 0, less than 1") { (0..<1).contains($0) }
  }

  /// What keeps a divisor from being zero.
  public static func positive(_ name: String, _ path: WritableKeyPath<Rule, Float> & Sendable) -> Self {
    Self(name, path, expected: "more than 0") { $0.isNormal && $0 > 0 }
  }

  /// A weight decay.
  public static func decay(_ name: String, _ path: WritableKeyPath<Rule, Float> & Sendable) -> Self {
    Self(name, path, expected: "0 to 1") { (0...1).contains($0) }
  }

  func check(_ value: Float) throws {
    if !isAllowed(value) { throw TrainingOptionsError(name, expected: expected, found: value) }
  }
}

/// The rules that files and options may name.
public enum Optimizers {
  /// All of this library.
  public static let standard: [any Optimizer.Type] = [
    Adam.self, AdamW.self, SGD.self, Adamax.self, RMSProp.self,
  ]
}
