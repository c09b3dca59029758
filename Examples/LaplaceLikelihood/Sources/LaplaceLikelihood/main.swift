import Foundation
import VAE

/// Independent Laplace pixels with a scale b: −log p(x|z) = Σ |x − m| / b + D log 2b nats, dm = sign(m − x) / b.
struct Laplace: ReferenceLikelihood {
  static let name = "laplace"
  let b: Float

  init(_ settings: inout Settings) throws { b = try settings.number("a scale above 0") { $0 > 0 } }
  var settings: [String] { ["\(b)"] }

  func forward(output m: Matrix, parameters: Matrix, _ observed: Observation, lossInto loss: Matrix) {
    for row in 0..<m.rows {
      loss[0, row] = Float(m.columns) * log(2 * b)
      for j in 0..<m.columns { loss[0, row] += abs(observed.target[row, j] - m[row, j]) / b }
    }
  }

  func forwardAndBackward(
    output m: Matrix, parameters: Matrix, _ observed: Observation, scale: Float, lossInto loss: Matrix,
    gradientInto dM: Matrix, _ dParameters: Matrix
  ) {
    forward(output: m, parameters: parameters, observed, lossInto: loss)
    for row in 0..<m.rows {
      for j in 0..<m.columns { dM[row, j] = (m[row, j] < observed.target[row, j] ? -scale : scale) / b }
    }
  }

  func mean(inPlace output: Matrix, parameters: Matrix) {}
  var meanLink: MeanLink? { .identity }
  func initialOutput(mean: [Float], variance: [Float]) -> [Float] { mean }

  func draw(inPlace m: Matrix, parameters: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>) {
    addNoise(to: m, uniform: stream, examples: examples) { u in (u < 0.5 ? b : -b) * log(1 - abs(2 * u - 1)) }
  }

  func referenceLoss(outputs: [Double], example: [Double], parameters: [Double]) -> Double {
    zip(outputs, example).reduce(0) { $0 + abs($1.1 - $1.0) / Double(b) + log(2 * Double(b)) }
  }
}

var vocabulary = Vocabulary.standard
vocabulary.likelihoods.append(Laplace.self)
let laplace = try vocabulary.likelihood("laplace 0.1")
let small = Architecture(inputCount: 8, encoderHidden: [6], latentCount: 3, activation: .tanh, likelihood: laplace)
let reports = try GradientCheck.check(small, .elbo)
guard reports.allSatisfy(\.passed) else { fatalError("\(reports)") }

let architecture = Architecture(inputCount: 784, encoderHidden: [64], latentCount: 8, likelihood: laplace)
let (folder, data) = (NSTemporaryDirectory() + "laplace-\(UUID())", try DataSource.load(path: nil, seed: 0))
let configuration = RunConfiguration(
  data: .init(), architecture: architecture, training: TrainingOptions(epochs: 1))
let run = try TrainingRun.start(configuration, data: data, in: folder)
_ = try run.train()
let model = try ModelFile.read(run.directory.model, vocabulary: vocabulary).model
let loss = try Evaluator(model, team: ThreadTeam(count: 2)).evaluate(data.test, named: "test").negativeELBO
let resumed = try TrainingRun.resume(folder, epochs: 2, vocabulary: vocabulary)
_ = try resumed.train()
print("\(laplace): \(loss) nats after one epoch, \(resumed.metrics[1].test.negativeELBO) after two")
