import Foundation
import VAE

/// The Rényi bound: with α = 0 the importance-weighted one, towards α = 1 the ELBO.
///
///     bound = 1/(1 − α) log 1/K Σ exp((1 − α) ℓ_k),   ∂bound/∂ℓ_k = exp((1 − α) ℓ_k) / Σ exp((1 − α) ℓ_j)
///
/// Source: Li and Turner 2016, equation 9. The largest ℓ is taken out of the exponentials.
struct Renyi: ReferenceObjective {
  static let name = "renyi"
  let alpha: Double
  let samples: Int

  init(_ settings: inout Settings) throws {
    alpha = Double(try settings.number("α, less than 1") { $0 < 1 })
    samples = try settings.wholeNumber("a number of samples", in: 1...1000)
  }

  var settings: [String] { ["\(Float(alpha))", "\(samples)"] }

  func bound(_ l: UnsafeBufferPointer<Double>, slopes: UnsafeMutableBufferPointer<Double>) -> Double {
    var (largest, sum) = (-Double.infinity, 0.0)
    for k in 0..<l.count { largest = max(largest, l[k]) }
    for k in 0..<l.count {
      slopes[k] = exp((1 - alpha) * (l[k] - largest))
      sum += slopes[k]
    }
    for k in 0..<l.count { slopes[k] /= sum }
    return largest + log(sum / Double(l.count)) / (1 - alpha)
  }

  func referenceBound(_ l: [Double]) -> Double {
    log(l.reduce(0) { $0 + exp((1 - alpha) * $1) } / Double(l.count)) / (1 - alpha)
  }
}

var vocabulary = Vocabulary.standard
vocabulary.objectives.append(Renyi.self)
let objective = try vocabulary.objective("renyi 0.5 5")
let small = Architecture(inputCount: 8, encoderHidden: [6], latentCount: 3, activation: .tanh)
let reports = try GradientCheck.check(small, objective)
guard reports.allSatisfy(\.passed) else { fatalError("\(reports)") }

let architecture = Architecture(inputCount: 784, encoderHidden: [64], latentCount: 8)
let options = TrainingOptions(epochs: 1, objective: objective)
let (folder, data) = (NSTemporaryDirectory() + "renyi-\(UUID())", try DataSource.load(path: nil, seed: 0))
let configuration = RunConfiguration(data: .init(), architecture: architecture, training: options)
let run = try TrainingRun.start(configuration, data: data, in: folder)
_ = try run.train()
let model = try ModelFile.read(run.directory.model, vocabulary: vocabulary).model
let loss = try Evaluator(model, team: ThreadTeam(count: 2)).evaluate(data.test, named: "test").negativeELBO
let resumed = try TrainingRun.resume(folder, epochs: 2, vocabulary: vocabulary)
_ = try resumed.train()
print("\(objective): \(loss) nats after one epoch, \(resumed.metrics[1].test.negativeELBO) after two")
