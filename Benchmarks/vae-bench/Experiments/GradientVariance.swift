import ArgumentParser
import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// `vae-bench gradient-variance`: what the closed form of the KL divergence is worth.
struct GradientVariance: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure the variance of the encoder's gradient, with the KL divergence in closed form and by sampling.",
    discussion: """
      The sum over all weights of the encoder of the variance of their gradients, from pairs of independent gradients: \
      half the squared distance of two is an estimate of it without bias. "noise": the same minibatch twice, with other \
      draws of the latent. "all": another minibatch too.
      """)

  @Option(name: .long, help: "Folder or file as for training (default: generated digits).")
  var data: String?

  @Option(name: .long, help: "Latent dimensions (default: 20).")
  var latent = 20

  @Option(name: .long, help: "Epochs of training before the second table (default: 10).")
  var epochs = 10

  @Option(name: .long, help: "Pairs of gradients for each number (default: 200).")
  var pairs = 200

  func run() throws {
    guard latent > 0 && epochs > 0 && pairs > 1 else {
      throw ValidationError(
        "--latent, --epochs, --pairs: expected 1, 1 and 2 or more, found \(latent), \(epochs), \(pairs)")
    }
    let split = try DataSource.load(path: data, testFraction: 0.1, seed: 0)
    var options = TrainingOptions()
    options.epochs = epochs
    let trainer = try Trainer(
      Architecture(inputCount: split.train.featureCount, encoderHidden: [400], latentCount: latent),
      train: split.train, test: split.test, options: options)
    print("\(split.source): \(trainer.model.architecture.summary), \(pairs) pairs\n")
    show(trainer, "initial weights")
    while !trainer.isFinished { _ = try trainer.runEpoch() }
    show(trainer, "after \(epochs.counted("epoch"))")
  }

  private func show(_ trainer: Trainer, _ title: String) {
    print(
      """
      \(title)
               from the noise                     from noise and minibatch
        batch    closed   sampled        ratio       closed   sampled        ratio
      """)
    for batchSize in [1, 8, 32, 128, 512] {
      let sampler = GradientSampler(trainer.model, trainer.train, batchSize: batchSize)
      let closed = sampler.variances(.elbo, pairs: pairs)
      let sampled = sampler.variances(.monteCarlo(), pairs: pairs)
      let columns = [(closed.noise, sampled.noise), (closed.all, sampled.all)].map { closed, sampled in
        let ratio = sampled.mean / closed.mean
        let error =
          ratio
          * (closed.relativeError * closed.relativeError + sampled.relativeError * sampled.relativeError)
          .squareRoot()
        return String(format: "%9.4g %9.4g %6.2f ± %.2f", closed.mean, sampled.mean, ratio, error)
      }
      print(String(format: "  %5d", batchSize) + "  " + columns.joined(separator: "  "))
    }
    print("")
  }
}

/// Gradients of the encoder at random minibatches and noise.
private struct GradientSampler {
  private let model: VariationalAutoencoder
  private let data: Dataset
  private let workspace: Workspace
  private let gradients: [ParameterArena]
  private let batchSize: Int

  init(_ model: VariationalAutoencoder, _ data: Dataset, batchSize: Int) {
    self.model = model
    self.data = data
    self.batchSize = batchSize
    workspace = Workspace(for: model, capacity: batchSize)
    gradients = (0..<3).map { _ in ParameterArena(model.layout) }
  }

  /// An average and its standard error.
  struct Estimate {
    var mean: Double
    var relativeError: Double

    init(_ values: [Double]) {
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      self.mean = mean
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      relativeError = (squares / (count - 1) / count).squareRoot() / mean
    }
  }

  /// Both variances of the gradient's estimate; the same minibatches and noise for every objective.
  func variances(_ objective: any Objective, pairs: Int) -> (noise: Estimate, all: Estimate) {
    var (noise, all): ([Double], [Double]) = ([], [])
    for pair in 0..<pairs {
      let (first, second) = (UInt32(2 * pair), UInt32(2 * pair + 1))
      gradient(objective, minibatch: first, noise: first, into: gradients[0])
      gradient(objective, minibatch: first, noise: second, into: gradients[1])
      gradient(objective, minibatch: second, noise: second, into: gradients[2])
      noise.append(halfSquaredDistance(gradients[0], gradients[1]))
      all.append(halfSquaredDistance(gradients[0], gradients[2]))
    }
    return (Estimate(noise), Estimate(all))
  }

  private func gradient(_ objective: any Objective, minibatch: UInt32, noise: UInt32, into arena: ParameterArena) {
    var random = RandomSequence(RandomStream(seed: 1, purpose: .user, epoch: minibatch))
    let examples = (0..<batchSize).map { _ in random.integer(below: UInt32(data.count)) }
    examples.withUnsafeBufferPointer {
      data.gather($0, .none, RandomStream(seed: 1, purpose: .user), into: workspace.input)
    }
    // By place, not by example: the same example may be there twice.
    (0..<batchSize).map { UInt32($0) }.withUnsafeBufferPointer {
      VectorMath.active.fillNormal(
        workspace.noise, RandomStream(seed: 2, purpose: .user, epoch: noise), examples: $0)
    }
    let pass = Pass(workspace, model.weights, examples: 0..<batchSize, isTraining: true)
    let loss = Loss(objective, batchSize: batchSize)
    model.encode(pass)
    model.sample(pass)
    model.decode(pass)
    model.loss(pass, loss)
    model.backward(pass, loss)
    model.backwardParameters(pass, parts: .encoder, into: GradientArena(arena))
  }

  private func halfSquaredDistance(_ a: ParameterArena, _ b: ParameterArena) -> Double {
    var sum = 0.0
    for range in a.layout.ranges(where: { $0.isTrained(in: .encoder) }) {
      for index in range {
        let difference = Double(a.buffer.base[index]) - Double(b.buffer.base[index])
        sum += difference * difference
      }
    }
    return sum / 2
  }
}
