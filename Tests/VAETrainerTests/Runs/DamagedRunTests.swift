import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// Resuming what should not be: an error that says what is wrong in one line, never a trap, and nothing written.
@Suite struct DamagedRunTests {
  private let test: TinyRun
  private let directory: RunDirectory

  init() throws {
    test = try TinyRun(checkpointSteps: 1)
    let run = try test.start()
    _ = try run.train(shouldStop: { run.trainer.state.step == 8 })
    directory = run.directory
  }

  /// The error of resuming; every file must stay as it is.
  private func resumeError(_ sourceLocation: SourceLocation = #_sourceLocation) throws -> any Error {
    let files = [directory.configuration, directory.metrics, directory.model, directory.checkpoint]
    let before = try files.map { try FileBytes($0) }
    let error = try #require(throws: (any Error).self, sourceLocation: sourceLocation) {
      try TrainingRun.resume(directory.path)
    }
    #expect(!"\(error)".contains("\n"), sourceLocation: sourceLocation)
    #expect(try files.map { try FileBytes($0) } == before, sourceLocation: sourceLocation)
    return error
  }

  /// Writes the checkpoint again with one number of its state changed.
  private func changeState(_ key: String, to value: Any) throws {
    let file = try SafetensorsFile(path: directory.checkpoint)
    var metadata = file.metadata
    var state = try #require(
      try JSONSerialization.jsonObject(with: Data(metadata["training_state"]!.utf8)) as? [String: Any])
    #expect(state[key] != nil || key == "best", "\(key)")
    state[key] = value
    metadata["training_state"] = String(decoding: try JSONSerialization.data(withJSONObject: state), as: UTF8.self)
    var writer = SafetensorsWriter(metadata: metadata)
    for tensor in file.tensors {
      writer.add(tensor.name, try file.floats(tensor.name, shape: tensor.shape), shape: tensor.shape)
    }
    try writer.write(to: directory.checkpoint)
  }

  private func changeConfiguration(_ change: (inout RunConfiguration) -> Void) throws {
    var configuration = try directory.readConfiguration()
    change(&configuration)
    try directory.write(configuration)
  }

  @Test func untouchedItResumes() throws {
    try changeState("step", to: 8)
    let run = try TrainingRun.resume(directory.path)
    #expect(run.trainer.state.step == 8 && run.trainer.state.epoch == 2 && run.trainer.state.stepInEpoch == 2)
  }

  @Test(arguments: [
    ("step", -1), ("step", 7), ("step", Int.max), ("epoch", 0), ("epoch", -3), ("epoch", 3), ("epoch", Int.max),
    ("step_in_epoch", -1), ("step_in_epoch", 3), ("step_in_epoch", 100), ("step_in_epoch", Int.max), ("examples", -1),
    ("examples", 1_000_000), ("seconds", -1),
  ])
  func countersThatCannotBe(key: String, value: Int) throws {
    try changeState(key, to: value)
    let error = try resumeError()
    guard case RunError.damaged(let path, _, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(path == directory.checkpoint)
  }

  @Test func countersThatAreNoNumbers() throws {
    for value: Any in ["8", 1.5, NSNull()] {
      try changeState("step", to: value)
      #expect(try resumeError() is SafetensorsError)
    }
  }

  @Test func aBestEpochThatHasNotBeen() throws {
    for epoch in [-1, 0, 2, Int.max] {
      try changeState("best", to: ["epoch": epoch, "loss": 20.0] as [String: Any])
      #expect(try resumeError() is RunError)
    }
  }

  @Test func otherData() throws {
    try TinyData.writeIDX(count: 60, seed: 2, to: test.configuration.data.path!)
    let error = try resumeError()
    guard case RunError.otherData = error else {
      Issue.record("\(error)")
      return
    }
    // The same data elsewhere are fine.
    let elsewhere = test.folder.path(of: "moved.idx")
    try TinyData.writeIDX(count: 60, to: elsewhere)
    #expect(try TrainingRun.resume(directory.path, dataPath: elsewhere).configuration.data.path == elsewhere)
  }

  @Test func missingData() throws {
    try FileManager.default.removeItem(atPath: test.configuration.data.path!)
    #expect(try "\(resumeError())".contains(test.configuration.data.path!))
  }

  @Test func anotherArchitecture() throws {
    try changeConfiguration { $0.architecture.latentCount = 3 }
    let error = try #require(try resumeError() as? SafetensorsError)
    #expect(error.expected.contains("\"latent_count\":3") && error.found.contains("\"latent_count\":2"))
  }

  /// Numbers that an option would refuse, in the file that holds the options.
  @Test func optionsThatCannotBe() throws {
    let good = try directory.readConfiguration()
    let mistakes: [(inout RunConfiguration) -> Void] = [
      { $0.training.batchSize = 0 }, { $0.training.batchSize = 7 }, { $0.training.epochs = -1 },
      { $0.training.optimizer.learningRate = -1 }, { $0.training.threads = 0 }, { $0.training.threads = 1_000_000 },
      { $0.data.testFraction = 0 }, { $0.data.testFraction = 2 }, { $0.data.validationCount = -1 },
      { $0.data.validationCount = 54 }, { $0.checkpointSteps = 0 },
      { $0.checkpointSteps = -5 }, { $0.training.schedule.shape = .steps },
    ]
    for (index, mistake) in mistakes.enumerated() {
      try changeConfiguration { configuration in
        configuration = good
        mistake(&configuration)
      }
      let error = try resumeError()
      #expect(error is RunError, "mistake \(index): \(error)")
    }
  }

  @Test func filesCutShort() throws {
    for path in [directory.configuration, directory.checkpoint] {
      let whole = try Data(contentsOf: URL(filePath: path))
      for part in [0, 5, whole.count / 2, whole.count - 2] {
        try whole.prefix(part).write(to: URL(filePath: path))
        let error = try resumeError()
        #expect("\(error)".contains(path), "\(part) bytes: \(error)")
      }
      try whole.write(to: URL(filePath: path))
    }
    try "{\"epoch\": 1}\n".write(toFile: directory.metrics, atomically: true, encoding: .utf8)
    #expect(try "\(resumeError())".contains("metrics.jsonl, line 1"))
  }

  @Test func nothingToResume() throws {
    let path = test.folder.path(of: "nothing")
    #expect(throws: RunError.noCheckpoint(path: path)) { try TrainingRun.resume(path) }
  }

  @Test func numbersThatAreNotFinite() throws {
    let file = try SafetensorsFile(path: directory.checkpoint)
    var writer = SafetensorsWriter(metadata: file.metadata)
    for tensor in file.tensors {
      var values = try file.floats(tensor.name, shape: tensor.shape)
      if tensor.name == "optimizer.second_moment.decoder.output.bias" { values[3] = .nan }
      writer.add(tensor.name, values, shape: tensor.shape)
    }
    try writer.write(to: directory.checkpoint)
    let error = try #require(try resumeError() as? SafetensorsError)
    #expect(error.place.contains("optimizer.second_moment.decoder.output.bias") && error.place.contains("element 3"))
  }
}
