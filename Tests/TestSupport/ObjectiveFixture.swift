import Foundation
import VAEKernels

/// Gradients of objectives of several samples by PyTorch autograd in float64, from
/// `Scripts/make-objective-fixtures.py`.
public struct ObjectiveFixture: Decodable, Sendable, CustomStringConvertible {
  /// The name of the file.
  public let name: String
  /// The shape of the model.
  public let architecture: Architecture
  /// K.
  public let samples: Int
  /// Every parameter by name.
  public let parameters: [String: [Double]]
  /// x [B][D].
  public let examples: [[Double]]
  /// ε [B·K][L].
  public let noise: [[Double]]
  /// The objectives, with their values and gradients.
  public let results: [Result]

  /// One objective.
  public struct Result: Decodable, Sendable {
    /// The objective, of the fixture's number of samples.
    public let objective: any Objective
    /// β.
    public let klWeight: Double
    /// Nats per example.
    public let value: Double
    /// The estimated gradient of every parameter by name.
    public let gradients: [String: [Double]]

    private enum Key: String, CodingKey { case bound, klEstimate, estimator, klWeight, value, gradients }

    /// Reads one object of `objectives`.
    public init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: Key.self)
      let estimator = try values.decode(GradientEstimator.self, forKey: .estimator)
      objective =
        switch (
          try values.decode(String.self, forKey: .bound), try values.decode(String.self, forKey: .klEstimate)
        ) {
        case ("iwae", _): IWAE(samples: 3, estimator)
        case (_, "monte-carlo"): .monteCarlo(samples: 3, estimator)
        default: ELBO(samples: 3)
        }
      klWeight = try values.decode(Double.self, forKey: .klWeight)
      value = try values.decode(Double.self, forKey: .value)
      gradients = try values.decode([String: [Double]].self, forKey: .gradients)
    }
  }

  private enum Key: String, CodingKey { case name, architecture, samples, parameters, examples, noise, objectives }

  /// Reads a file.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: Key.self)
    name = try values.decode(String.self, forKey: .name)
    architecture = try values.decode(FixtureShape.self, forKey: .architecture).architecture
    samples = try values.decode(Int.self, forKey: .samples)
    parameters = try values.decode([String: [Double]].self, forKey: .parameters)
    examples = try values.decode([[Double]].self, forKey: .examples)
    noise = try values.decode([[Double]].self, forKey: .noise)
    results = try values.decode([Result].self, forKey: .objectives)
  }

  /// Every fixture of this kind.
  public static let all: [ObjectiveFixture] = decodeFixtures(in: "Fixtures/Objectives")

  /// The name, by which parameterised tests list it.
  public var description: String { name }
}
