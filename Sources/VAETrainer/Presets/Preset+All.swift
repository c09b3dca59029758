import Foundation

extension Preset {
  /// Every preset: first the workloads that are timed, then the settings that are reproduced.
  public static let all: [Preset] = [
    Preset(
      name: "keras-2d", source: "the width of the first examples of Keras, with a latent space to look at",
      encoder: "dense 512, relu", latentCount: 2, decoder: "dense 512, relu", batchSize: 128),
    Preset(
      name: "torch-20d", source: "the VAE among PyTorch's examples (pytorch/examples, vae/main.py)",
      encoder: "dense 400, relu", latentCount: 20, decoder: "dense 400, relu", batchSize: 128),
    Preset(
      name: "iwae-50d", source: "Burda, Grosse and Salakhutdinov 2015, one stochastic layer",
      encoder: "dense 200, tanh, dense 200, tanh", latentCount: 50, decoder: "dense 200, tanh, dense 200, tanh",
      batchSize: 20),
    Preset(
      name: "wide-64d", source: "wide enough that the products are nearly all there is",
      encoder: "dense 2048, relu, dense 2048, relu", latentCount: 64,
      decoder: "dense 2048, relu, dense 2048, relu", batchSize: 512),
    Preset(
      name: "scvi",
      source: "scvi-tools 1.4.2 by default, after Lopez, Regier, Cole, Jordan and Yosef 2018",
      encoder: "log1p, dense 128, batch-norm momentum 0.01 epsilon 0.001, relu, dropout 0.1", latentCount: 10,
      decoder: "dense 128, batch-norm momentum 0.01 epsilon 0.001, relu", posterior: "gaussian floor 0.0001",
      likelihood: "zinb", batchSize: 128, epochs: 400, epsilon: 0.01, outputBiasFromMean: false, l2Penalty: 1e-6,
      klWarmUp: KLWarmUp(epochs: 400, isByEpoch: true), initialization: .scvi, encoderIsTold: false,
      toldAtEveryLayer: true,
      rowsInAll: 8_000_000),

    Preset(
      name: "pytorch-example", source: "the VAE among PyTorch's examples, for as long as it trains",
      encoder: "dense 400, relu", latentCount: 20, decoder: "dense 400, relu", batchSize: 128, epochs: 10),
    Preset(
      name: "dense-2d", source: "a 2-D latent space as in many tutorials",
      encoder: "dense 200, relu", latentCount: 2, decoder: "dense 200, relu", batchSize: 100, epochs: 50),
    Preset(
      name: "autoencoder-32",
      source: "a single-layer autoencoder as in many tutorials, whose output bias starts at zero",
      encoder: "none", latentCount: 32, decoder: "none", posterior: "point relu", objective: "reconstruction",
      batchSize: 256, epochs: 50, outputBiasFromMean: false),
    Preset(
      name: "linear-ppca",
      source:
        "a linear model with a learned variance, whose optimum is known: Tipping and Bishop 1999; Lucas et al. 2019",
      encoder: "none", latentCount: 10, decoder: "none", likelihood: "gaussian-learned", batchSize: 100, epochs: 30,
      schedule: LearningRateSchedule(.cosine)),
    Preset(
      name: "iwae-mnist", source: "Burda, Grosse and Salakhutdinov 2015, section 5.1 and table 1, one stochastic layer",
      encoder: "dense 200, tanh, dense 200, tanh", latentCount: 50, decoder: "dense 200, tanh, dense 200, tanh",
      batchSize: 20, epochs: LearningRateSchedule.stagesOfBurda.epochs, epsilon: 1e-4,
      schedule: LearningRateSchedule.stagesOfBurda.schedule, binarization: .dynamic),
  ]
}

extension LearningRateSchedule {
  /// Stage i = 0 … 7 lasts 3ⁱ epochs at the base rate times 10^(−i/7): Burda, Grosse and Salakhutdinov 2015, section 5.
  public static let stagesOfBurda: (starts: [Int], epochs: Int, schedule: LearningRateSchedule) = {
    let count = 8
    let starts = (0...count).map { stage in (0..<stage).reduce(0) { sum, i in sum + Int(pow(3, Double(i))) } }
    return (
      starts, starts[count],
      LearningRateSchedule(
        .steps, milestones: (1..<count).map { .init(epoch: starts[$0], factor: Float(pow(10, -Double($0) / 7))) })
    )
  }()
}
