import Foundation
import VAEData
import VAEKernels
import VAETrainer

/// A published setting: every hyper-parameter, what was published, and how near is near enough.
struct Preset {
  let name: String
  let summary: String
  /// Of training on two cores, in words.
  let time: String
  /// D.
  let inputCount = 784
  let architecture: Architecture
  let training: TrainingOptions
  /// What is measured at the end.
  let figure: Figure
  let published: String
  /// The figure that counts as reproduced.
  let accepted: ClosedRange<Double>?

  /// The stages of the schedule of `iwae-mnist`.
  static let stageCount = 8

  /// What is compared, of the test set in nats.
  enum Figure {
    /// The negative ELBO, one draw an example.
    case negativeELBO
    /// −log p(x) from 5,000 samples, and active units.
    case logLikelihood
    /// The reconstruction loss of a pixel.
    case reconstructionOfAPixel
    /// How far log p(x) of the training set is from that of probabilistic PCA, as a share of it.
    case distanceFromPPCA
  }

  static let names = ["pytorch-example", "dense-2d", "autoencoder-32", "linear-ppca", "iwae-mnist"]

  /// A preset by name; the last three arguments are for `iwae-mnist` alone.
  static func named(_ name: String, samples: Int, bound: Objective.Bound, stages: Int) -> Preset? {
    switch name {
    case "pytorch-example": pytorchExample
    case "dense-2d": dense2D
    case "autoencoder-32": autoencoder32
    case "linear-ppca": linearPPCA
    case "iwae-mnist": iwaeMNIST(samples: samples, bound: bound, stages: stages)
    default: nil
    }
  }

  /// The VAE among PyTorch's examples (pytorch/examples, vae/main.py): the test loss after epoch 10 in two published logs
  /// of it.
  static var pytorchExample: Preset {
    Preset(
      name: "pytorch-example", summary: "784–400–20–400–784, relu, batch 128, Adam 1e-3, 10 epochs, grey pixels",
      time: "20 seconds",
      architecture: Architecture(inputCount: 784, encoderHidden: [400], latentCount: 20),
      training: training { $0.epochs = 10 },
      figure: .negativeELBO, published: "105.56 and 105.59 nats (two logs)", accepted: 0...106.3)
  }

  /// A 2-D latent space as in many tutorials.
  static var dense2D: Preset {
    Preset(
      name: "dense-2d", summary: "784–200–2–200–784, relu, batch 100, Adam 1e-3, 50 epochs, grey pixels",
      time: "half a minute",
      architecture: Architecture(inputCount: 784, encoderHidden: [200], latentCount: 2),
      training: training {
        $0.epochs = 50
        $0.batchSize = 100
      },
      figure: .negativeELBO, published: "176.3, 158.0, 154.7, 152.3 nats after epochs 1, 10, 20, 50",
      accepted: 0...151.5)
  }

  /// A single-layer autoencoder as in many tutorials; the decoder's output bias starts at zero there.
  static var autoencoder32: Preset {
    Preset(
      name: "autoencoder-32",
      summary: "autoencoder 784–32–784, relu code, batch 256, Adam 1e-3, 50 epochs, grey pixels",
      time: "a quarter of a minute",
      architecture: Architecture(
        inputCount: 784, encoderHidden: [], latentCount: 32, model: .autoencoder, codeActivation: .relu),
      training: training {
        $0.epochs = 50
        $0.batchSize = 256
        $0.outputBiasFromMean = false
      },
      figure: .reconstructionOfAPixel, published: "0.09 nats a pixel", accepted: 0...0.095)
  }

  /// A linear model with a learned variance, whose optimum is known: Tipping and Bishop 1999; Lucas et al. 2019.
  static var linearPPCA: Preset {
    Preset(
      name: "linear-ppca",
      summary:
        "linear 784–10–784, one learned variance, batch 100, Adam 1e-3 falling by a cosine, 30 epochs, grey pixels",
      time: "ten seconds",
      architecture: Architecture(
        inputCount: 784, encoderHidden: [], latentCount: 10, activation: .identity, likelihood: .learnedGaussian),
      training: training {
        $0.epochs = 30
        $0.batchSize = 100
        $0.schedule = LearningRateSchedule(.cosine)
      },
      figure: .distanceFromPPCA, published: "the maximum likelihood of probabilistic PCA, exactly", accepted: 0...0.005)
  }

  /// The same model on `LowRankData`: a sixth of the examples, so more epochs, at a higher rate.
  static var linearPPCAOnGeneratedData: Preset {
    let preset = linearPPCA
    var architecture = preset.architecture
    architecture.inputCount = LowRankData.featureCount
    architecture.latentCount = LowRankData.latentCount
    var options = preset.training
    options.epochs = 120
    options.optimizer.learningRate = 1e-2
    return Preset(
      name: preset.name, summary: "linear \(architecture.summary), rate 1e-2, 120 epochs", time: "two seconds",
      architecture: architecture, training: options, figure: .distanceFromPPCA, published: preset.published,
      accepted: preset.accepted)
  }

  /// Burda, Grosse and Salakhutdinov 2015, one stochastic layer, section 5.1 and table 1.
  static func iwaeMNIST(samples: Int, bound: Objective.Bound, stages: Int) -> Preset {
    let published: [Objective.Bound: [Int: String]] = [
      .vae: [1: "86.76", 5: "86.47", 50: "86.35"], .iwae: [1: "86.76", 5: "85.54", 50: "84.78"],
    ]
    let figure = published[bound]?[samples].map { "\($0) nats" } ?? "nothing for K = \(samples)"
    let isWholeSchedule = stages == stageCount
    // Stage i lasts 3ⁱ epochs at the base rate times 10^(−i/7).
    let starts = (0...stageCount).map { stage in (0..<stage).reduce(0) { sum, i in sum + Int(pow(3, Double(i))) } }
    return Preset(
      name: "iwae-mnist",
      summary:
        "784–200–200–50–200–200–784, tanh, batch 20, pixels drawn every epoch, \(bound.rawValue), K = \(samples), "
        + "\(starts[stages]) epochs in \(stages) stages",
      time: "1.2 s an epoch at K = 1, 0.4 s more for every further sample",
      architecture: Architecture(inputCount: 784, encoderHidden: [200, 200], latentCount: 50, activation: .tanh),
      training: training {
        $0.epochs = starts[stages]
        $0.batchSize = 20
        $0.objective = Objective(bound, samples: samples)
        $0.optimizer = OptimizerOptions(Adam(learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-4))
        $0.binarization = .dynamic
        // Of all stages, so that a run of some can go on to the others.
        $0.schedule = LearningRateSchedule(
          .steps,
          milestones: (1..<stageCount).map { .init(epoch: starts[$0], factor: Float(pow(10, -Double($0) / 7))) })
      },
      figure: .logLikelihood,
      published: figure + (isWholeSchedule ? "" : ", after all 8 stages"),
      accepted: isWholeSchedule && samples == 1 ? 86.0...87.3 : nil)
  }

  private static func training(_ set: (inout TrainingOptions) -> Void) -> TrainingOptions {
    var options = TrainingOptions()
    set(&options)
    return options
  }
}
