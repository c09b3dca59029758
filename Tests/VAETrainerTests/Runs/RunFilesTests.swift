import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// The contract of the run directory: what is in its files, and under which names.
@Suite struct RunFilesTests {
  private let folder: TemporaryFolder
  private let run: TrainingRun

  init() throws {
    folder = try TemporaryFolder()
    let data = folder.path(of: "data.idx")
    try TinyData.writeIDX(count: 40, to: data)
    let configuration = RunConfiguration(
      data: .init(path: data, validationCount: 6), architecture: .tiny,
      training: .tiny {
        $0.epochs = 2
        $0.schedule = LearningRateSchedule(.steps, milestones: [.init(epoch: 1, factor: 0.5)])
        $0.klWeight = 0.5
      }, checkpointSteps: 3)
    run = try TrainingRun.start(
      configuration, data: configuration.data.load(seed: configuration.training.seed), in: folder.path(of: "run"))
  }

  private func object(_ text: some StringProtocol) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func metricsLines() throws {
    guard case .completed = try run.train() else {
      Issue.record("the run did not complete")
      return
    }
    let text = try FileBytes(run.directory.metrics).text
    #expect(text.hasSuffix("}\n"))
    let lines = try text.split(separator: "\n").map { try object($0) }
    #expect(lines.count == 2)
    for (index, line) in lines.enumerated() {
      #expect(
        Set(line.keys) == [
          "epoch", "train_negative_elbo", "train_reconstruction", "train_kl", "test_negative_elbo",
          "test_reconstruction", "test_kl", "validation_negative_elbo", "validation_reconstruction", "validation_kl",
          "objective", "kl_weight", "learning_rate", "seconds", "examples_per_second", "kl_per_dimension",
          "active_units", "gradient_norm",
        ])
      #expect(line["epoch"] as? Int == index + 1)
      let numbers = line.compactMapValues { $0 as? Double }
      #expect(numbers.count == line.count - 1)
      let perDimension = try #require(line["kl_per_dimension"] as? [Double])
      #expect(abs(perDimension.reduce(0, +) - numbers["test_kl"]!) < 1e-5 * numbers["test_kl"]!)
      #expect(numbers["gradient_norm"]! > 0)
      #expect((0...Double(perDimension.count)).contains(numbers["active_units"]!))
      for set in ["train", "test", "validation"] {
        #expect(
          abs(numbers["\(set)_negative_elbo"]! - numbers["\(set)_reconstruction"]! - numbers["\(set)_kl"]!) < 1e-9)
        #expect((10..<40).contains(numbers["\(set)_negative_elbo"]!))
      }
      #expect(abs(numbers["objective"]! - numbers["train_reconstruction"]! - 0.5 * numbers["train_kl"]!) < 1e-9)
      #expect(abs(numbers["learning_rate"]! - (index == 0 ? 1e-3 : 5e-4)) < 1e-9)
      // 40 examples, 4 of them held out for the test and 6 for validation.
      #expect(abs(numbers["examples_per_second"]! * numbers["seconds"]! - 30) < 1e-6)
    }
    #expect(try run.directory.readMetrics() == run.metrics)
    // As an editor on Windows leaves it.
    let written = String(decoding: try Data(contentsOf: URL(filePath: run.directory.metrics)), as: UTF8.self)
    let edited = "\u{FEFF}\r\n" + written.replacing("\n", with: "\r\n") + " \r\n"
    try Data(edited.utf8).write(to: URL(filePath: run.directory.metrics))
    #expect(try run.directory.readMetrics() == run.metrics)
    try Data((edited + "{").utf8).write(to: URL(filePath: run.directory.metrics))
    let error = #expect(throws: RunError.self) { try run.directory.readMetrics() }
    #expect("\(error!)".contains("metrics.jsonl, line \(run.metrics.count + 3)"))
  }

  /// Without a validation set, the names of the contract and no more.
  @Test func metricsNamesOfTheContract() throws {
    let data = TinyData.split(train: 8, test: 2)
    let trainer = try Trainer(.tiny, train: data.train, test: data.test, options: .tiny())
    #expect(
      try object(trainer.runEpoch().jsonLine()).keys.sorted() == [
        "active_units", "epoch", "examples_per_second", "gradient_norm", "kl_per_dimension", "kl_weight",
        "learning_rate", "objective", "seconds", "test_kl", "test_negative_elbo", "test_reconstruction", "train_kl",
        "train_negative_elbo", "train_reconstruction",
      ])
  }

  @Test func configurationHoldsEverythingInForce() throws {
    let read = try run.directory.readConfiguration()
    #expect(read == run.configuration)
    let text = try object(FileBytes(run.directory.configuration).text)
    #expect(Set(text.keys) == ["architecture", "checkpoint_steps", "data", "environment", "image_shape", "training"])
    let environment = try #require(text["environment"] as? [String: Any])
    #expect(
      Set(environment.keys) == [
        "build", "instruction_set", "openblas", "openblas_core", "products", "system", "threads", "version",
      ])
    #expect(environment["threads"] as? Int == 1)
    #expect(environment["version"] as? String == PackageVersion.current)
    let training = try #require(text["training"] as? [String: Any])
    for option in [
      "optimizer", "batch_size", "binarization", "epochs", "initialization", "kl_weight", "schedule", "seed",
    ] {
      #expect(training[option] != nil, "\(option)")
    }
    let architecture = try #require(text["architecture"] as? [String: Any])
    #expect(architecture["encoder"] as? String == "dense 12, relu")
    #expect(architecture["likelihood"] as? String == "bernoulli")
  }

  /// A validation set is taken from the training set, and from nothing else.
  @Test func theSetsAreDisjoint() throws {
    func rows(_ dataset: Dataset) -> [[UInt8]] {
      guard let bytes = dataset.ownBytes else { return [] }
      return stride(from: 0, to: bytes.count, by: 36).map { Array(bytes[$0..<$0 + 36]) }
    }
    let validation = try #require(run.trainer.validation)
    let (kept, heldOut, test) = (Set(rows(run.trainer.train)), Set(rows(validation)), Set(rows(run.trainer.test)))
    // No two pictures are the same: their noise is too fine.
    #expect(kept.count == 30 && heldOut.count == 6 && test.count == 4)
    #expect(kept.isDisjoint(with: heldOut) && kept.isDisjoint(with: test) && heldOut.isDisjoint(with: test))
    #expect(kept.union(heldOut) == Set(rows(run.data.train)))
  }

  @Test func theBestModelIsThatOfTheBestEpoch() throws {
    var models: [FileBytes] = []
    _ = try run.train(onEpoch: { _ in models.append(try FileBytes(run.directory.model)) })
    let best = try #require(run.trainer.state.best)
    #expect(best.loss == run.metrics.compactMap { $0.validation?.negativeELBO }.min())
    #expect(try FileBytes(run.directory.bestModel) == models[best.epoch - 1])
  }

  @Test func aFolderWithARunIsNotOverwritten() throws {
    let before = try FileBytes(run.directory.configuration)
    #expect(throws: RunError.exists(path: run.directory.path)) {
      try TrainingRun.start(run.configuration, data: run.data, in: run.directory.path)
    }
    #expect(try FileBytes(run.directory.configuration) == before)
  }

  @Test func aValidationSetMustLeaveSomethingToTrainOn() throws {
    for count in [36, 1000, -1] {
      var configuration = run.configuration
      configuration.data.validationCount = count
      let path = folder.path(of: "other")
      #expect(throws: RunError.validationCount(count, of: 36)) {
        try TrainingRun.start(configuration, data: run.data, in: path)
      }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }
}
