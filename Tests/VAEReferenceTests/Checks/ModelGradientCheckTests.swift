import TestSupport
import Testing
import VAEKernels
import VAEReference

/// The check of a whole model: PyTorch's gradients pass, and the same with a mistake planted do not.
struct ModelGradientCheckTests {
  private func reports(
    _ gradients: [String: [Float]], _ fixture: Fixture, _ thoroughness: GradientCheck.Thoroughness
  ) -> [GradientReport] {
    GradientCheck.compare(
      analytic: gradients, model: ReferenceModel(fixture.architecture, parameters: fixture.parameters),
      examples: fixture.examples, noise: fixture.noise, klWeight: fixture.klWeight, thoroughness: thoroughness)
  }

  private func gradients(of fixture: Fixture) -> [String: [Float]] {
    fixture.parameterGradients.mapValues { $0.map(Float.init) }
  }

  @Test(arguments: Fixture.all)
  func acceptsPyTorchGradients(fixture: Fixture) {
    for thoroughness in [GradientCheck.Thoroughness.everyCoordinate, .directions(3)] {
      let reports = reports(gradients(of: fixture), fixture, thoroughness)
      #expect(reports.count == fixture.parameters.count)
      for report in reports {
        #expect(report.passed, "\(report)")
        #expect(report.undefinedCount == 0, "\(report)")
      }
    }
  }

  enum Mistake: CaseIterable {
    case flippedSign, missingBatchAverage, transposedWeight, oneElement, onePercentTooLarge

    /// The gradient with the mistake, or nil where it would change nothing.
    func plant(in gradient: [Float], shape: [Int], batch: Int) -> [Float]? {
      switch self {
      case .flippedSign: return gradient.map { -$0 }
      case .missingBatchAverage: return batch == 1 ? nil : gradient.map { $0 * Float(batch) }
      case .transposedWeight:
        guard shape.count == 2, shape.min()! > 1 else { return nil }
        return (0..<gradient.count).map { gradient[$0 % shape[0] * shape[1] + $0 / shape[0]] }
      case .oneElement:
        var gradient = gradient
        gradient[gradient.count / 2] += 0.01
        return gradient
      case .onePercentTooLarge: return gradient.map { $0 * 1.01 }
      }
    }
  }

  @Test(arguments: Mistake.allCases, ["softplus-gaussian", "sigmoid-linear-decoder", "linear-gaussian"])
  func rejectsAMistakeInAnyTensor(mistake: Mistake, name: String) {
    let fixture = Fixture.named(name)
    var gradients = gradients(of: fixture)
    var wrong: Set<String> = []
    for tensor in ReferenceModel.tensors(of: fixture.architecture) {
      let planted = mistake.plant(
        in: gradients[tensor.name]!, shape: tensor.shape, batch: fixture.examples.count)
      guard let planted else { continue }
      gradients[tensor.name] = planted
      wrong.insert(tensor.name)
    }
    #expect(!wrong.isEmpty)
    for report in reports(gradients, fixture, .everyCoordinate) {
      #expect(report.passed == !wrong.contains(report.name), "\(mistake): \(report)")
    }
  }

  /// With every weight and bias zero each hidden unit sits on relu's kink: no check is possible, and none passes.
  @Test func aModelOnItsKinksDoesNotPass() {
    let fixture = Fixture.named("relu-bernoulli")
    let zeros = fixture.parameters.mapValues { $0.map { _ in 0.0 } }
    var parameters = zeros
    parameters["encoder.mean.weight"] = fixture.parameters["encoder.mean.weight"]
    let reports = GradientCheck.compare(
      analytic: zeros.mapValues { $0.map(Float.init) },
      model: ReferenceModel(fixture.architecture, parameters: parameters),
      examples: fixture.examples, noise: fixture.noise)
    let hidden = reports.first { $0.name == "encoder.hidden.0.bias" }
    #expect(hidden?.passed == false)
    #expect(hidden?.hasTooManyUndefined == true)
  }
}
