import Foundation
import VAEKernels

/// A small model computed by PyTorch autograd in float64, from `Scripts/make-fixtures.py`.
///
/// `parameters`, `examples` and noise are numbers that a `Float` holds exactly. Tensors are flat, weights as
/// [out, in] in row-major order; batches are one array for each example.
public struct Fixture: Sendable, CustomStringConvertible {
  /// The name of the file.
  public let name: String
  /// The shape of the model.
  public let architecture: Architecture
  /// β.
  public let klWeight: Double
  /// Every parameter by name.
  public let parameters: [String: [Double]]
  /// x [B][D].
  public let examples: [[Double]]
  /// ε [B][L].
  public let noise: [[Double]]

  /// What the forward pass gives.
  public let expected: Expected
  /// The gradient of the objective with respect to every parameter, by name.
  public let parameterGradients: [String: [Double]]
  /// The gradient of the objective, its 1/B included, with respect to what lies between the layers.
  public let activationGradients: ActivationGradients
  /// Ten steps of Adam from `parameters`.
  public let adam: Adam

  /// The results of the forward pass.
  public struct Expected: Decodable, Sendable {
    /// μ [B][L].
    public let posteriorMean: [[Double]]
    /// log σ² [B][L].
    public let posteriorLogVariance: [[Double]]
    /// z [B][L].
    public let latent: [[Double]]
    /// Logits or means [B][D].
    public let outputs: [[Double]]
    /// Nats per example.
    public let reconstructionLoss: Double
    /// Nats per example.
    public let klDivergence: Double
    /// reconstruction + β KL.
    public let objective: Double
  }

  /// Gradients of the objective with respect to activations, each through every path to the loss.
  public struct ActivationGradients: Decodable, Sendable {
    /// With respect to μ [B][L].
    public let posteriorMean: [[Double]]
    /// With respect to log σ² [B][L].
    public let posteriorLogVariance: [[Double]]
    /// With respect to z [B][L].
    public let latent: [[Double]]
    /// With respect to the decoder's outputs [B][D].
    public let outputs: [[Double]]
  }

  /// Ten steps of Adam on the same examples, each with noise of its own.
  public struct Adam: Decodable, Sendable {
    /// The learning rate.
    public let learningRate: Double
    /// The decay of the first moment.
    public let beta1: Double
    /// The decay of the second moment.
    public let beta2: Double
    /// What is added to the root of the second moment.
    public let epsilon: Double
    /// ε of each step [step][B][L].
    public let noise: [[[Double]]]
    /// The objective of each step, before its update.
    public let objectives: [Double]
    /// Every parameter after the last step.
    public let finalParameters: [String: [Double]]
    /// The objective after the last step, with the noise of `Fixture.noise`.
    public let finalObjective: Double
  }

  /// The name, by which parameterised tests list it.
  public var description: String { name }
}

extension Fixture {
  /// Every fixture, by name. A file that is missing or cannot be read stops the tests.
  public static let all: [Fixture] = decodeFixtures(in: "Fixtures")

  /// The fixture of this name, which must exist.
  public static func named(_ name: String) -> Fixture {
    guard let fixture = all.first(where: { $0.name == name }) else { fatalError("no fixture \(name)") }
    return fixture
  }
}

/// Every file of a folder of fixtures, by name.
func decodeFixtures<Value: Decodable>(in folder: String) -> [Value] {
  let folder = Bundle.module.resourceURL!.appendingPathComponent(folder)
  do {
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
    precondition(!files.isEmpty, "no fixtures in \(folder.path)")
    return try files.map { try JSONDecoder().decode(Value.self, from: Data(contentsOf: $0)) }
  } catch {
    fatalError("fixtures in \(folder.path): \(error)")
  }
}
