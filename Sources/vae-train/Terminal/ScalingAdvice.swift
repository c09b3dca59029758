import VAEData
import VAETrainer

/// What to try where a run on a table goes wrong whose numbers are not scaled by their quantiles: under a Gaussian
/// likelihood one far from the others costs the square of its distance, and the scaling is likelier the reason than the
/// learning rate.
struct ScalingAdvice {
  private let scaling: String
  private let featureCount: Int
  /// Nats a feature beyond which a loss is no density of numbers as they are found: even one that is known to 10⁻³⁰⁰ of
  /// its deviation has fewer.
  private static let hugePerFeature = 1000.0

  /// nil where the data are no table, where numbers are scaled by quantiles, and where they are to stay between 0 and 1.
  init?(_ configuration: RunConfiguration, train: Dataset) {
    guard let coding = train.coding, configuration.architecture.likelihood.domain != 0...1 else { return nil }
    let scaling = configuration.data.reading.modelling.scaling
    guard ![.automatic, .quantile].contains(scaling) else { return nil }
    (self.scaling, featureCount) = (scaling.rawValue, coding.featureCount)
  }

  /// Does something of which a loss that is not finite may come, and is thrown with the advice behind.
  static func advising<Result>(_ advice: ScalingAdvice?, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as NonFiniteError { throw advice?.error(error) ?? error }
  }

  /// What is said of a loss that is not finite, with the advice behind.
  private func error(_ error: NonFiniteError) -> any Error {
    Advised(description: "\(error); or a new run with --scaling auto, in place of \(scaling)")
  }

  /// A sentence where the loss of an epoch is huge.
  func warning(_ epoch: EpochMetrics) -> String? {
    let largest = max(epoch.train.negativeELBO, epoch.test.negativeELBO)
    guard largest > Self.hugePerFeature * Double(featureCount) else { return nil }
    return
      "the loss is huge: some numbers are far from the rest of their column, even scaled (--scaling \(scaling)); try "
      + "--scaling auto, which takes quantiles"
  }

  /// An error of training, with what to try.
  private struct Advised: Error, CustomStringConvertible {
    let description: String
  }
}
