import VAEData
import VAEKernels
import VAETrainer

extension Train {
  /// What was asked for and would come to pass only if `run` were longer, a sentence each.
  ///
  /// It may be resumed with more epochs, so that this is no mistake; but nobody should wait for it in vain.
  func beyondTheEnd(of run: TrainingRun) -> [String] {
    let epochs = run.trainer.options.epochs
    var sentences: [String] = []
    func add(_ option: String, _ what: String, if isBeyond: Bool) {
      if isBeyond {
        sentences.append("--\(option): \(what) the end of a run of \(epochs.counted("epoch")), and has no effect in it")
      }
    }
    for milestone in optimization.learningRateSteps ?? [] {
      add("learning-rate-steps", "epoch \(milestone.epoch) is not before", if: milestone.epoch >= epochs)
    }
    if let patience = optimization.patience {
      add("patience", "\(patience) without a better result are not before", if: patience >= epochs)
    }
    if let checkpointSteps {
      add(
        "checkpoint-steps", "step \(checkpointSteps) is beyond",
        if: checkpointSteps > epochs * run.trainer.stepsPerEpoch)
    }
    if let imageEpochs { add("image-epochs", "epoch \(imageEpochs) is beyond", if: imageEpochs > epochs) }
    if let advice = CountDefaults.advice(on: run.trainer.model.architecture) { sentences.append(advice) }
    let warmUp = run.trainer.options.klWarmUp
    if warmUp.steps == nil, warmUp.epochs > Double(epochs) {
      let share = (Double(epochs) / warmUp.epochs * 100).rounded()
      sentences.append(
        "the KL weight rises over \(DecimalText.short(Float(warmUp.epochs))) epochs, and comes to \(Int(share)) % of itself in a run "
          + "of \(epochs.counted("epoch")): what is trained is not the ELBO")
    }
    return sentences
  }
}
