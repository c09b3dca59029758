/// The parts of a training step, in order, for whoever times them.
public enum StepPhase: String, CaseIterable, Sendable {
  case gather, encode, sample, decode, loss, backwardDecoder, backwardSample, backwardEncoder, weightGradients
  case optimizer, finish
}
