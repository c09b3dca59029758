import VAEKernels

/// A layer that this module can compute, in `Double` and plain loops, forward only. A layer of your own conforms to it, and
/// can then be checked as those of the library are.
public protocol ReferenceLayer: Layer {
  /// The tensors that it has behind an input of so many numbers, and their shapes in files; `name` stands before each,
  /// "weight" of `encoder.layers.0.weight`. None by default.
  func referenceTensors(inputs: Int) -> [(name: String, shape: [Int])]
  /// Whether it is told what the part's first layer is, behind its own input, in a model that is told at every layer.
  var isToldAgain: Bool { get }
  /// The numbers of a row that it puts out.
  func referenceOutputs(inputs: Int) -> Int
  /// Its output for a whole batch, a row an example or a sample of one.
  func reference(_ rows: [[Double]], _ layer: ReferenceContext) -> [[Double]]
}

extension ReferenceLayer {
  /// None.
  public func referenceTensors(inputs: Int) -> [(name: String, shape: [Int])] { [] }
  /// It is not.
  public var isToldAgain: Bool { false }
  /// As many as it takes.
  public func referenceOutputs(inputs: Int) -> Int { inputs }
}

/// What a layer of the reference is told beside its input.
public struct ReferenceContext {
  /// Its tensors by their last name, "weight".
  public let tensors: [String: [Double]]
  /// How many numbers at the end of each row the part is told, beside what it works on.
  public let toldCount: Int
  /// Whether it is to do what it does in training alone.
  public let isTraining: Bool
  /// Where numbers that it draws come from, in training.
  public let drawing: Drawing?

  /// The random numbers of a layer.
  public struct Drawing {
    /// The stream, but for its sample.
    public let stream: RandomStream
    /// The layer's number among those of the model that draw.
    public let layer: UInt32
    /// The example of each row.
    public let examples: [UInt32]
    /// The sample of each row.
    public let samples: [UInt32]
  }
}

/// The layer, with its reference; one that has none is a programmer's mistake.
func referenceLayer(_ layer: any Layer) -> any ReferenceLayer {
  guard let layer = layer as? any ReferenceLayer else {
    preconditionFailure("\(type(of: layer)) has no reference: let it conform to ReferenceLayer")
  }
  return layer
}
