import ArgumentParser
import VAEKernels
import VAETrainer

/// What the library says of a value, which it calls by what it is, is said of the option that gave it.
extension ValidationError {
  /// The error with the option in front, where there is one for it.
  init(ofOption error: any Error) {
    switch error {
    case let error as TrainingOptionsError:
      self.init("--\(error.optionName): expected \(error.expected), found \(error.found)")
    case let error as ObjectiveError:
      self.init("--\(error.optionName): \(Self.complaint(of: error))")
    case let error as PretrainingError:
      self.init("--initialize-from: \(Self.complaint(of: error))")
    default:
      self.init("\(error)")
    }
  }

  /// Whether the library's error is about an option.
  static func isOfOption(_ error: any Error) -> Bool {
    error is TrainingOptionsError || error is ObjectiveError || error is PretrainingError
  }

  /// What the library says of the quantity, without its name in front.
  private static func complaint(of error: any Error) -> Substring {
    "\(error)".split(separator: ": ", maxSplits: 1).last ?? ""
  }
}

extension TrainingOptionsError {
  /// The option for the quantity, without dashes in front: "KL warm-up steps" is of `--kl-warm-up-steps`.
  fileprivate var optionName: String {
    quantity == "frozen parts" ? "freeze" : quantity.lowercased().replacing(" ", with: "-")
  }
}

extension ObjectiveError {
  fileprivate var optionName: String {
    switch self {
    case .samples: "importance-samples"
    case .doublyReparameterizedELBO: "gradient-estimator"
    case .constraintWithoutClosedForm(let kind), .nats(let kind, _): kind.rawValue
    case .sparsityWeight: "sparsity-weight"
    case .sparsityTarget: "sparsity-target"
    case .sparsityOfUnboundedCode: "sparsity"
    case .needsPosterior, .needsPoint: "objective"
    }
  }
}

extension RunError {
  /// The option that the error is about, with its dashes and what goes between it and the rest, or nothing.
  private var option: String {
    switch self {
    case .exists: "--output "
    case .noCheckpoint, .stoppedEarly: "--resume "
    case .scheduleWithoutLength: "--resume-schedule: of "
    case .tooFewEpochs, .validationCount: "--"
    case .inUse, .otherData, .otherLabels, .damaged: ""
    }
  }

  /// The error as one of an option.
  var ofOption: any Error { RunOptionError(description: option + description) }
}

/// An error of a run with the option in front. Unlike a mistake in what was typed, it ends the program with 1.
private struct RunOptionError: Error, CustomStringConvertible {
  let description: String
}
