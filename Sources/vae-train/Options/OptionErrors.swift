import ArgumentParser
import VAETrainer

extension ValidationError {
  /// What the library says of a value, with the option that gave it in front where the library names a quantity.
  init(ofOption error: any Error) {
    guard let error = error as? TrainingOptionsError else {
      self.init("\(error)")
      return
    }
    self.init("--\(error.optionName): expected \(error.expected), found \(error.found)")
  }
}

extension TrainingOptionsError {
  /// The option for the quantity, without dashes in front: "KL warm-up steps" is of `--kl-warm-up-steps`.
  var optionName: String {
    quantity == "frozen parts" ? "freeze" : quantity.lowercased().replacing(" ", with: "-")
  }
}
