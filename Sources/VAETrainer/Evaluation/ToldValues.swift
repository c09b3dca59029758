import VAEData
import VAEKernels

/// What a model is told of examples in the place of what they are: one column of what is known of them, one value after the
/// other, or some columns fixed. So a cell is decoded as if it were of another batch.
public struct ToldValues: Sendable {
  /// Values of columns by their places, a variant each; a variant without values leaves all as it is.
  public var variants: [[Int: Float]]

  /// Some values, one way.
  public init(fixed: [Int: Float] = [:]) { variants = [fixed] }

  /// The values that are fixed, and each value in turn of a column of categories.
  public init(fixed: [Int: Float], each column: Int, of coding: TableCoding) {
    let levels = coding.columns[column].levels
    variants = levels.map { level in fixed.merging([column: level]) { _, each in each } }
  }

  /// Whether everything stays as it is.
  var isAsIs: Bool { variants.allSatisfy(\.isEmpty) }

  /// Writes what some examples are told under a variant, of data that have a table of it.
  func write(_ variant: Int, of examples: Range<Int>, in dataset: Dataset, into minibatch: Minibatch) {
    guard !isAsIs, let told = dataset.told, let coding = told.coding, let numbers = minibatch.numericCovariates else {
      return
    }
    for (row, example) in examples.enumerated() {
      var raw = told.raw(example)
      for (column, value) in variants[variant] { raw[column] = value }
      let values = coding.conditions(ofRaw: raw)
      for (column, value) in values.enumerated() { numbers[row, column] = value }
    }
  }
}
