import VAEData
import VAEKernels

/// What a model of a table is and how it is trained unless told otherwise.
///
/// Tables come in every size, and a number of epochs that is right for a million rows does nothing for a thousand: the number
/// of steps is what counts, and it is the same for all tables but the largest.
public enum TableDefaults {
  /// The steps that are trained for, as far as whole epochs allow: so many for small tables, and at least three epochs of
  /// large ones.
  static let steps = 2500

  /// Adam's step size: on the tables that this was tried on, 2,500 steps of 0.002 lead where 4,000 of 0.001 do. Of counts the
  /// rate is the exponential of what the decoder puts out, which bears no more than 0.001 where they are many.
  public static func learningRate(for coding: TableCoding) -> Float {
    coding.modelled.contains { $0.kind == .count } ? 0.001 : 0.002
  }

  /// A model of `coding`'s features: a hidden layer, and a latent of half as many dimensions as there are columns, 2 to 32.
  public static func architecture(for coding: TableCoding) -> Architecture {
    var architecture = Architecture(
      inputCount: coding.featureCount, encoderHidden: [256], latentCount: latentCount(coding),
      likelihood: likelihood(for: coding))
    architecture.indicatorCount = coding.indicatorCount
    architecture.numericCovariateCount = coding.conditionCount
    return architecture
  }

  private static func latentCount(_ coding: TableCoding) -> Int {
    min(max((coding.modelled.count + 1) / 2, 2), 32)
  }

  /// Each column its own family.
  public static func likelihood(for coding: TableCoding) -> ByColumn {
    ByColumn(
      coding.modelled.flatMap { column -> [ColumnFamily] in
        switch column.kind {
        case .number: [.gaussian]
        case .inflated: [.bernoulli, .gaussian]
        case .count: [.poisson]
        case .yesNo: [.bernoulli]
        case .category, .constant: [.categorical(column.width)]
        }
      })
  }

  /// Epochs for so many training rows.
  public static func epochs(rows: Int, batchSize: Int) -> Int {
    min(max(steps * batchSize / max(rows, 1), 3), 1000)
  }
}
