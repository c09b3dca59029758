import VAEKernels

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
  /// The data are those of the run, but the labels, which its model is told, are not.
  case otherLabels(path: String, expected: String, found: String?)
  /// More epochs were asked for of a run that its validation set stopped.
  case stoppedEarly(path: String, epochs: Int)
  /// Fewer epochs were asked for than have begun.
  case tooFewEpochs(asked: Int, begun: Int)
  /// A learning rate that does not depend on the number of epochs was to be kept or stretched.
  case scheduleWithoutLength(path: String, shape: LearningRateSchedule.Shape)
  /// A file of the run is not what it should be.
  case damaged(path: String, expected: String, found: String)
  /// The held-out examples would leave none to train on.
  case validationCount(Int, of: Int)

  /// One line, for a person.
  public var description: String {
    switch self {
    case .exists(let path):
      "\(path): expected a folder without a run, found one; resume it, or choose another"
    case .inUse(let path):
      "\(path): expected a folder that no other process trains into, found one that is in use"
    case .noCheckpoint(let path):
      "\(path): expected a run's folder with a checkpoint.safetensors, found none"
    case .otherData(let path, let expected, let found):
      "\(path): expected the data that the run was started with (\(expected)), found others (\(found))"
    case .otherLabels(let path, let expected, let found):
      "\(path): expected the labels that the run was started with (\(expected)), which its model is told, found "
        + (found.map { "others (\($0))" } ?? "none")
    case .stoppedEarly(let path, let epochs):
      "\(path): expected a run that can go on, found one that its validation set stopped after epoch \(epochs)"
    case .tooFewEpochs(let asked, let begun):
      "epochs: expected at least the \(begun) that the run has begun, found \(asked)"
    case .scheduleWithoutLength(let path, let shape):
      "\(path): expected a run with the schedule \"cosine\", which depends on the number of epochs, found "
        + "\"\(shape.rawValue)\""
    case .damaged(let path, let expected, let found):
      "\(path): expected \(expected), found \(found)"
    case .validationCount(let count, let total):
      "validation: expected fewer than the \(total.counted("training example")), found \(count)"
    }
  }
}

extension RunError {
  /// Throws `damaged` where what a file says makes no sense.
  static func requireIntact(_ holds: Bool, path: String, _ expected: String, _ found: Any) throws {
    if !holds { throw damaged(path: path, expected: expected, found: "\(found)") }
  }
}
