import VAEData

/// Which data a run was trained on, as its checkpoint says it.
public struct TrainedData: Sendable, Hashable {
  /// See `DataSplit.fingerprint`.
  let data: String
  /// Of their labels, where the model is told them; see `DataSplit.labelFingerprint`.
  let labels: String?

  /// Whether `split`, which was read as the run's configuration says, is still that.
  public func isSame(as split: DataSplit) -> Bool {
    split.fingerprint == data && (labels == nil || split.labelFingerprint == labels)
  }
}

extension RunDirectory {
  /// Which data the run was trained on; nil where there is no checkpoint. The weights are not read. Throws `FileError` or
  /// `SafetensorsError`.
  public func readTrainedData() throws -> TrainedData? {
    guard Path.exists(checkpoint) else { return nil }
    return try Checkpoint.readTrainedData(checkpoint)
  }
}
