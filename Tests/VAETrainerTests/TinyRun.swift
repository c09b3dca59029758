import TestSupport
import VAEData
import VAEKernels
import VAETrainer

/// A run on a file of its own, a tenth of which is held out as the test set.
struct TinyRun {
  let folder: TemporaryFolder
  let configuration: RunConfiguration

  init(
    validationCount: Int = 6, checkpointSteps: Int? = nil, examples: Int = 60, architecture: Architecture = .tiny,
    _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws {
    folder = try TemporaryFolder()
    let data = folder.path(of: "data.idx")
    try TinyData.writeIDX(count: examples, to: data)
    configuration = RunConfiguration(
      data: .init(path: data, validationCount: validationCount), architecture: architecture, training: .tiny(change),
      checkpointSteps: checkpointSteps)
  }

  func start(_ name: String = "run") throws -> TrainingRun {
    try TrainingRun.start(
      configuration, data: configuration.data.load(seed: configuration.training.seed), in: path(name))
  }

  func path(_ name: String = "run") -> String { folder.path(of: name) }
}
