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
  /// −log p(x) of the test set as `evaluate` last found it: `StoredLikelihood`.
  public var likelihood: String { file("likelihood.json") }
  /// One page about the run.
  public var report: String { file("report.html") }
  /// Pictures.
  public var images: String { file("images") }

  /// What `RunLock` locks.
  var lock: String { file(".lock") }

  /// The path of a file in the folder.
  public func file(_ name: String) -> String { path.hasSuffix("/") ? path + name : path + "/" + name }

  /// Whether there are weights that a new run would overwrite. A run that died before its first checkpoint, when it had
  /// only written its options, left nothing to keep.
  public var holdsRun: Bool {
    [model, bestModel, checkpoint].contains { Path.exists($0) }
  }

  /// Reads `config.json`, which names types of `vocabulary` and `optimizers`. Throws `FileError` or `RunError`.
  public func readConfiguration(
    vocabulary: Vocabulary = .standard, optimizers: [any Optimizer.Type] = Optimizers.standard
  ) throws -> RunConfiguration {
    let text = try FileReader.text(path: configuration)
    do {
      return try JSON.decode(
        RunConfiguration.self, from: text, vocabulary: vocabulary, optimizers: optimizers
      ).inPresentForm
    } catch {
      throw RunError.damaged(path: configuration, expected: "a run's options", found: JSON.describe(error))
    }
  }

  /// Whether there is a `config.json`.
  var holdsConfiguration: Bool { Path.exists(configuration) }

  /// What `config.json` says of the model alone: its other options may name types that the caller does not know.
  func readModelDescription(vocabulary: Vocabulary) throws -> ModelDescription.Written {
    let text = try FileReader.text(path: configuration)
    do {
      return try JSON.decode(ModelDescription.Written.self, from: text, vocabulary: vocabulary)
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
    guard Path.exists(checkpoint) else { return nil }
    return try Checkpoint.readState(checkpoint)
  }

  /// Reads `metrics.jsonl`, in order of epoch; nothing where there is no such file. Throws `FileError` or `RunError`.
  public func readMetrics() throws -> [EpochMetrics] {
    guard Path.exists(metrics) else { return [] }
    return try FileReader.lines(path: metrics).enumerated().compactMap { index, line in
      if line.allSatisfy(\.isWhitespace) { return nil }
      do {
        return try JSON.decode(EpochMetrics.self, from: line)
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
}
