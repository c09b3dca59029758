import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels
import VAETrainer

/// Training on rows that are read where they lie is training on the same rows in memory, to the last bit.
@Suite struct FileStorageTests {
  /// A file of 60 rows.
  enum Kind: String, CaseIterable {
    case table, tableOfShorts, bytes, bytesInColour, doubles, bigFloats, idx, idxOfFloats, idxOfShorts

    /// Writes it to `folder`, and returns its path.
    func write(to folder: TemporaryFolder, count: Int = 60) throws -> String {
      var random = RandomSequence(RandomStream(seed: 7, purpose: .user))
      func numbers(_ width: Int, _ number: (Int) -> Double) -> [Double] {
        (0..<count * width).map { number($0 % width) }
      }
      /// Numbers of any size, some missing, a yes/no, a category, counts and a constant.
      func cell(_ column: Int, isWhole: Bool) -> Double {
        switch column {
        case 0: Double(random.integer(below: 2))
        case 1: Double(random.integer(below: 4) * 5)
        case 2: isWhole || random.integer(below: 5) > 0 ? Double(random.integer(below: 3000)) : .nan
        case 3: 4
        default: isWhole ? Double(random.integer(below: 30_000)) - 15_000 : Double(random.uniform(-1, 1))
        }
      }
      let name = self == .idx || self == .idxOfFloats || self == .idxOfShorts ? "x.idx" : "x.npy"
      let pixels = 6 * 6
      let file =
        switch self {
        case .table: TestArrays.npy(numbers(7) { cell($0, isWhole: false) }, as: "<f4", shape: [count, 7])
        case .tableOfShorts: TestArrays.npy(numbers(7) { cell($0, isWhole: true) }, as: ">i2", shape: [count, 7])
        case .bytes:
          TestArrays.npy(numbers(pixels) { _ in Double(random.integer(below: 256)) }, as: "|u1", shape: [count, 6, 6])
        case .bytesInColour:
          TestArrays.npy(numbers(27) { _ in Double(random.integer(below: 256)) }, as: "|u1", shape: [count, 3, 3, 3])
        case .doubles:
          TestArrays.npy(numbers(pixels) { _ in Double(random.uniform()) }, as: "<f8", shape: [count, 6, 6])
        case .bigFloats:
          TestArrays.npy(numbers(pixels) { _ in Double(random.uniform(-3, 3)) }, as: ">f4", shape: [count, 6, 6])
        case .idx:
          TestArrays.idx(
            numbers(pixels) { _ in Double(random.integer(below: 256)) }, as: ">u1", code: 8, shape: [count, 6, 6])
        case .idxOfFloats:
          TestArrays.idx(numbers(pixels) { _ in Double(random.uniform()) }, as: ">f4", code: 13, shape: [count, 6, 6])
        case .idxOfShorts:
          TestArrays.idx(
            numbers(pixels) { _ in Double(random.integer(below: 7)) - 3 }, as: ">i2", code: 11,
            shape: [count, 6, 6])
        }
      return try folder.write(file, to: name)
    }

    /// A model of what is in it, and how it is trained.
    func configuration(
      _ data: RunConfiguration.Data, _ split: DataSplit, _ change: (inout TrainingOptions) -> Void
    ) -> RunConfiguration {
      let inputs = split.train.featureCount
      var architecture =
        split.train.coding.map(TableDefaults.architecture)
        ?? Architecture(inputCount: inputs, encoderHidden: [9], latentCount: 2)
      if self == .bigFloats || self == .idxOfShorts { architecture.likelihood = LearnedGaussian() }
      let options = TrainingOptions.tiny {
        $0.epochs = 2
        if self == .bytes || self == .idxOfFloats { $0.binarization = .dynamic }
        change(&$0)
      }
      return RunConfiguration(data: data, architecture: architecture, training: options)
    }
  }

  private func start(
    _ kind: Kind, _ storage: DataReading.Storage, _ folder: TemporaryFolder, _ name: String, validation: Int = 0,
    _ change: (inout TrainingOptions) -> Void = { _ in }
  ) throws -> TrainingRun {
    var data = RunConfiguration.Data(path: try kind.write(to: folder), validationCount: validation)
    data.reading.storage = storage
    let split = try data.load(seed: 5)
    return try TrainingRun.start(
      kind.configuration(data, split, change), data: split, in: folder.path(of: name))
  }

  /// The bytes of the model, and the figures but for times.
  private func result(_ run: TrainingRun) throws -> [String] {
    let metrics = try run.directory.readMetrics().map { epoch in
      var epoch = epoch
      (epoch.seconds, epoch.examplesPerSecond) = (0, 0)
      return "\(epoch)"
    }
    return try [Data(contentsOf: URL(filePath: run.directory.model)).base64EncodedString()] + metrics
  }

  @Test(arguments: Kind.allCases, [0, 7]) func aFileIsAsGoodAsMemory(kind: Kind, validation: Int) throws {
    let folder = try TemporaryFolder()
    let inMemory = try start(kind, .memory, folder, "memory", validation: validation) { $0.threads = 2 }
    #expect(try inMemory.train() == .completed)
    let inFile = try start(kind, .file, folder, "file", validation: validation) { $0.threads = 2 }
    #expect(inFile.data.train.isInFile && !inMemory.data.train.isInFile)
    #expect(try inFile.train() == .completed)
    #expect(try result(inFile) == result(inMemory))
  }

  @Test(arguments: [Kind.table, .bytes, .doubles], [1, 6, 9]) func aStoppedRunGoesOn(kind: Kind, step: Int) throws {
    let folder = try TemporaryFolder()
    let whole = try start(kind, .memory, folder, "whole")
    _ = try whole.train()
    let stopped = try start(kind, .file, folder, "run")
    #expect(try stopped.train(shouldStop: { stopped.trainer.state.step >= step }) == .interrupted)
    let resumed = try TrainingRun.resume(stopped.directory.path)
    #expect(resumed.data.train.isInFile && resumed.trainer.state.step == step)
    _ = try resumed.train()
    #expect(try result(resumed) == result(whole))
  }

  // MARK: Files that change

  private func shorten(_ path: String, by share: Double) throws -> Data {
    let whole = try Data(contentsOf: URL(filePath: path))
    #expect(truncate(path, off_t(Double(whole.count) * share)) == 0)
    return whole
  }

  /// The error of the first step that wants a row that is gone, which leaves weights and checkpoint as they were.
  @Test(arguments: [1, 2], [Kind.bytes, .table]) func aFileThatShrinksEndsTheRun(threads: Int, kind: Kind) throws {
    let folder = try TemporaryFolder()
    let whole = try start(kind, .file, folder, "whole") { $0.threads = threads }
    _ = try whole.train()
    let run = try start(kind, .file, folder, "run") { $0.threads = threads }
    let path = try #require(run.configuration.data.path)
    var contents = Data()
    var weights: [String: [UInt32]] = [:]
    let error = #expect(throws: FileError.self) {
      _ = try run.train(
        onStep: { trainer in
          if trainer.state.step == 3 { contents = (try? shorten(path, by: 0.2)) ?? Data() }
          weights = trainer.model.weights.bits
        })
    }
    let message = try #require(error).description
    #expect(message.hasPrefix("\(path): cannot read the file: it ended at byte "), "\(message)")
    #expect(message.hasSuffix(" although it had \(contents.count) bytes") && !message.contains("\n"))
    #expect(run.trainer.model.weights.bits == weights)
    // Short, it is refused; whole again, the run goes on from its checkpoint, to the same result.
    #expect(throws: DataError.self) { try TrainingRun.resume(run.directory.path) }
    try contents.write(to: URL(filePath: path))
    let resumed = try TrainingRun.resume(run.directory.path)
    _ = try resumed.train()
    #expect(try result(resumed) == result(whole))
  }

  /// Between a step and a checkpoint: what is written of the file is what it was at the start.
  @Test func aCheckpointRemembersTheFileOfTheStart() throws {
    let folder = try TemporaryFolder()
    let run = try start(.bytes, .file, folder, "run")
    let path = try #require(run.configuration.data.path)
    var contents = Data()
    let outcome = try run.train(shouldStop: {
      guard run.trainer.state.step == 2 else { return false }
      contents = (try? shorten(path, by: 0.1)) ?? Data()
      return true
    })
    #expect(outcome == .interrupted)
    try contents.write(to: URL(filePath: path))
    #expect(try TrainingRun.resume(run.directory.path).trainer.state.step == 2)
  }

  /// The file that was opened stays the one that is read.
  @Test func aFileInItsPlaceChangesNothing() throws {
    let folder = try TemporaryFolder()
    let whole = try start(.bytes, .file, folder, "whole")
    _ = try whole.train()
    let run = try start(.bytes, .file, folder, "run")
    let path = try #require(run.configuration.data.path)
    try AtomicFile.write([UInt8](repeating: 0, count: 10), to: path)
    _ = try run.train()
    #expect(try result(run) == result(whole))
  }

  /// Of another length, or of the same with other rows.
  @Test(arguments: [true, false]) func anotherFileIsNotResumed(isLonger: Bool) throws {
    let folder = try TemporaryFolder()
    let run = try start(.bytes, .file, folder, "run")
    let path = try #require(run.configuration.data.path)
    #expect(try run.train(shouldStop: { run.trainer.state.step >= 2 }) == .interrupted)
    if isLonger {
      _ = try Kind.bytes.write(to: folder, count: 61)
    } else {
      var contents = [UInt8](try Data(contentsOf: URL(filePath: path)))
      contents[contents.count - 1] ^= 1
      try folder.write(contents, to: "x.npy")
    }
    let error = #expect(throws: RunError.self) { try TrainingRun.resume(run.directory.path) }
    guard case .otherData = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
