import Foundation
import VAEData
import VAEKernels

/// The folder of a run and the names of the files in it.
///
/// Every file is written to a temporary name, synced and renamed, so that a reader never sees half of one.
public struct RunDirectory: Sendable, Hashable {
  /// The folder.
  public let path: String

  /// The run in the folder `path`, which need not be there yet.
  public init(_ path: String) {
    self.path = path
  }

  /// Every option in force: `RunConfiguration`.
  public var configuration: String { file("config.json") }
  /// One JSON object a line, one line an epoch: `EpochMetrics`.
  public var metrics: String { file("metrics.jsonl") }
  /// The weights at the last checkpoint: `ModelFile`.
  public var model: String { file("model.safetensors") }
  /// The weights at the end of the epoch that was best by the validation set, where there is one.
  public var bestModel: String { file("best.safetensors") }
  /// All that a resumed run needs.
  public var checkpoint: String { file("checkpoint.safetensors") }
  /// Pictures.
  public var images: String { file("images") }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

  /// Whether there are weights that a new run would overwrite. A run that died before its first checkpoint, when it had
  /// only written its options, left nothing to keep.
  public var holdsRun: Bool {
    [model, bestModel, checkpoint].contains { FileManager.default.fileExists(atPath: $0) }
  }

  /// Reads `config.json`. Throws `FileError` or `RunError`.
  public func readConfiguration() throws -> RunConfiguration {
    let text = try readText(configuration)
    do {
      return try JSON.decode(RunConfiguration.self, from: text)
    } catch {
      throw RunError.damaged(path: configuration, expected: "a run's options", found: JSON.describe(error))
    }
  }

  /// Writes `config.json`.
  public func write(_ configuration: RunConfiguration) throws {
    try AtomicFile.write(try JSON.encode(configuration, pretty: true) + "\n", to: self.configuration)
  }

  /// How far training had come at the last checkpoint; nil where there is none. Throws `FileError` or
  /// `SafetensorsError`.
  public func readState() throws -> TrainingState? {
    guard FileManager.default.fileExists(atPath: checkpoint) else { return nil }
    return try Checkpoint.readState(checkpoint)
  }

  /// Reads `metrics.jsonl`, in order of epoch; nothing where there is no such file. Throws `FileError` or `RunError`.
  public func readMetrics() throws -> [EpochMetrics] {
    guard FileManager.default.fileExists(atPath: metrics) else { return [] }
    return try readText(metrics).split(separator: "\n").enumerated().map { index, line in
      do {
        return try JSON.decode(EpochMetrics.self, from: String(line))
      } catch {
        throw RunError.damaged(
          path: "\(metrics), line \(index + 1)", expected: "the figures of an epoch", found: JSON.describe(error))
      }
    }
  }

  /// Writes `metrics.jsonl`.
  public func write(_ metrics: [EpochMetrics]) throws {
    try AtomicFile.write(try metrics.map { try $0.jsonLine() + "\n" }.joined(), to: self.metrics)
  }

  private func readText(_ path: String) throws -> String {
    let file = try FileReader(path: path)
    return String(decoding: try file.bytes(at: 0, count: file.count), as: UTF8.self)
  }
}

/// Why a run cannot be started, resumed or read.
public enum RunError: Error, Equatable, CustomStringConvertible {
  /// The output folder holds a run already.
  case exists(path: String)
  /// Another run is training into the folder.
  case inUse(path: String)
  /// There is nothing to resume.
  case noCheckpoint(path: String)
  /// The data are not those that the run was started with.
  case otherData(path: String, expected: String, found: String)
  /// All epochs are done.
  case finished(path: String, epochs: Int)
  /// It stopped early, by its validation set.
  case stoppedEarly(path: String, epochs: Int)
  /// Fewer epochs were asked for than are done.
  case tooFewEpochs(asked: Int, done: Int)
  /// A file of the run is not what it should be.
  case damaged(path: String, expected: String, found: String)
  /// The held-out examples would leave none to train on.
  case validationCount(Int, of: Int)

  /// One line, for a person.
  public var description: String {
    switch self {
    case .exists(let path):
      "--output \(path): expected a folder without a run, found one; continue it with --resume, or choose another"
    case .inUse(let path):
      "\(path): expected a folder that no other process trains into, found one that is in use"
    case .noCheckpoint(let path):
      "--resume \(path): expected a run's folder with a checkpoint.safetensors, found none"
    case .otherData(let path, let expected, let found):
      "\(path): expected the data that the run was started with (\(expected)), found others (\(found))"
    case .finished(let path, let epochs):
      "--resume \(path): expected a run with epochs left, found all \(epochs) done; ask for more with --epochs"
    case .stoppedEarly(let path, let epochs):
      "--resume \(path): expected a run that can go on, found one that its validation set stopped after epoch \(epochs)"
    case .tooFewEpochs(let asked, let done):
      "--epochs: expected more than the \(done) that are done, found \(asked)"
    case .damaged(let path, let expected, let found):
      "\(path): expected \(expected), found \(found)"
    case .validationCount(let count, let total):
      "--validation: expected fewer than the \(total) training examples, found \(count)"
    }
  }
}
