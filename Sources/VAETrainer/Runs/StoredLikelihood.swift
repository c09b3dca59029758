import VAEData

/// −log p(x) of a run's test set, as a file of the run: `likelihood.json`.
public struct StoredLikelihood: Sendable, Hashable, Codable {
  /// The epochs that the model had been trained for.
  public var epoch: Int?
  /// K.
  public var importanceSamples: Int
  /// Nats per example.
  public var negativeLogLikelihood: Double
  /// Over the examples; nil of a single one.
  public var standardError: Double?

  /// An estimate of a model after `epoch` epochs.
  public init(_ estimate: LikelihoodEstimate, epoch: Int?) {
    self.epoch = epoch
    importanceSamples = estimate.samples
    negativeLogLikelihood = estimate.negativeLogLikelihood
    standardError = estimate.standardError
  }

  /// Reads what `write` wrote.
  public init(json: String) throws { self = try JSON.decode(Self.self, from: json) }

  /// Writes it to the run in `directory`. Throws `FileError`.
  public func write(to directory: RunDirectory) throws {
    try AtomicFile.write(try JSON.encode(self) + "\n", to: directory.likelihood)
  }
}
