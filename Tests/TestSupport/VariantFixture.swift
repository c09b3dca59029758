import Foundation
import VAEKernels

/// A model of another kind than the plain VAE, or with another objective, by PyTorch autograd in float64, from
/// `Scripts/make-variant-fixtures.py`.
public struct VariantFixture: Decodable, Sendable, CustomStringConvertible {
  /// The name of the file.
  public let name: String
  /// The shape of the model.
  public let architecture: Architecture
  /// What is minimised.
  public let objective: any Objective
  /// β.
  public let klWeight: Double
  /// Every parameter by name.
  public let parameters: [String: [Double]]
  /// What the encoder sees [B][D].
  public let inputs: [[Double]]
  /// What is to be reconstructed [B][D].
  public let targets: [[Double]]
  /// The class of each example.
  public let labels: [UInt8]
  /// ε [B·K][L].
  public let noise: [[Double]]
  /// The objective in nats per example.
  public let value: Double
  /// Its gradient with respect to every parameter by name.
  public let gradients: [String: [Double]]

  private enum Key: String, CodingKey {
    case name, architecture, objective, klWeight, parameters, inputs, targets, labels, noise, value, gradients
  }

  private struct FixtureObjective: Decodable {
    let bound: String
    let samples: Int
    let constraint: KLConstraint.Kind
    let nats: Float
    let penalty: Sparsity.Penalty
    let penaltyWeight: Float
    let penaltyTarget: Float
  }

  /// Reads a file.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    name = try values.decode(String.self, forKey: .name)
    architecture = try values.decode(FixtureShape.self, forKey: .architecture).architecture
    let objective = try values.decode(FixtureObjective.self, forKey: .objective)
    if !architecture.isVariational {
      self.objective = Reconstruction(
        Sparsity(objective.penalty, weight: objective.penaltyWeight, target: objective.penaltyTarget))
    } else if objective.bound == "iwae" {
      self.objective = IWAE(samples: objective.samples)
    } else {
      self.objective = ELBO(
        samples: objective.samples, constraint: KLConstraint(objective.constraint, nats: objective.nats))
    }
    klWeight = try values.decode(Double.self, forKey: .klWeight)
    parameters = try values.decode([String: [Double]].self, forKey: .parameters)
    inputs = try values.decode([[Double]].self, forKey: .inputs)
    targets = try values.decode([[Double]].self, forKey: .targets)
    labels = try values.decode([UInt8].self, forKey: .labels)
    noise = try values.decode([[Double]].self, forKey: .noise)
    value = try values.decode(Double.self, forKey: .value)
    gradients = try values.decode([String: [Double]].self, forKey: .gradients)
  }

  /// Every fixture of this kind.
  public static let all: [VariantFixture] = decodeFixtures(in: "Fixtures/Variants")

  /// The name, by which parameterised tests list it.
  public var description: String { name }
}

/// Steps of other optimisers than Adam along given gradients, by PyTorch in float64.
public struct OptimizerFixture: Decodable, Sendable {
  /// The parameters at first.
  public let start: [Double]
  /// The gradient of each step.
  public let gradients: [[Double]]
  /// The parameters after the last step of AdamW.
  public let adamw: [Double]
  /// The parameters after the last step of SGD with momentum.
  public let sgd: [Double]
  /// The same with an L2 penalty.
  public let penalized: [Double]
  /// The parameters after the last step of AdaMax.
  public let adamax: [Double]
  /// The parameters after the last step of RMSProp.
  public let rmsprop: [Double]

  /// The one there is.
  public static let steps: OptimizerFixture = decodeFixtures(in: "Fixtures/Optimizers")[0]
}
