import Foundation
import VAEKernels

@testable import VAEData

/// A table of three numbers and a model of which everything is known: x = b + w z + noise of variances d, z ~ N(0, 1), with
/// the very posterior of whole rows as its encoder.
///
///     p(z|x) = N(m, 1/P),   P = 1 + Σ w²/d,   m = Σ w (x − b)/d / P       both sums over the columns that are known
///     log p(x) = −½ (Σ (log 2π d + (x − b)²/d) + log P − P m²)
///     p(x_i|the others) = N(b_i + w_i m, d_i + w_i²/P)
struct LinearTable {
  static let w = [1.0, -0.8, 1.2]
  static let b = [0.3, -0.5, 1.0]
  static let d = [0.5, 0.8, 0.6]

  let model: VariationalAutoencoder
  let coding: TableCoding

  /// What the encoder says of a row.
  enum Encoder {
    /// The posterior of the whole row; it takes 0 for a number where there is none.
    case posterior
    /// Nothing: N(0, 1) of every row.
    case prior
  }

  /// `mayBeMissing` says of the columns whether there were training rows without them.
  init(_ encoder: Encoder = .posterior, mayBeMissing: Bool = false) throws {
    var columns = ["a", "b", "c"].map { CodedColumn(name: $0, kind: .number) }
    for index in columns.indices {
      (columns[index].lowest, columns[index].highest, columns[index].mayBeMissing) = (-1000, 1000, mayBeMissing)
      columns[index].decimals = 3
    }
    coding = TableCoding(columns: columns)
    var architecture = Architecture(
      inputCount: 3, encoderHidden: [], latentCount: 1, decoderHidden: [],
      likelihood: ByColumn([.gaussian, .gaussian, .gaussian]))
    architecture.indicatorCount = coding.indicatorCount
    model = try VariationalAutoencoder(architecture)
    let precision = Self.posterior([0, 0, 0]).precision
    let gain = (0..<3).map { Self.w[$0] / Self.d[$0] / precision }
    // Of the indicators nothing.
    if encoder == .posterior {
      set("encoder.mean.weight", gain + Array(repeating: 0, count: coding.indicatorCount))
      set("encoder.mean.bias", [-zip(gain, Self.b).reduce(0.0) { $0 + $1.0 * $1.1 }])
      set("encoder.log_variance.bias", [-log(precision)])
    }
    set("decoder.output.weight", Self.w)
    set("decoder.output.bias", Self.b)
    model.setLogVariances(Self.d.map(log))
  }

  private func set(_ name: String, _ values: [Double]) { model.set(name, values) }

  /// The rows, NaN where they have gaps.
  func dataset(_ rows: [[Float]]) -> Dataset {
    let table = Table(path: "t.csv", columns: coding.columns.map(\.source), values: rows.flatMap { $0 })
    return Dataset(table).coded(by: coding)
  }

  /// Of z, given what is known.
  static func posterior(_ row: [Float]) -> (mean: Double, precision: Double) {
    let known = row.indices.filter { !row[$0].isNaN }
    let precision: Double = 1 + known.reduce(0.0) { $0 + w[$1] * w[$1] / d[$1] }
    let sum: Double = known.reduce(0.0) { $0 + w[$1] * (Double(row[$1]) - b[$1]) / d[$1] }
    return (sum / precision, precision)
  }

  /// log p of what is known.
  static func logLikelihood(_ row: [Float]) -> Double {
    let (mean, precision) = posterior(row)
    let squares = row.indices.filter { !row[$0].isNaN }.reduce(0.0) {
      let deviation = Double(row[$1]) - b[$1]
      return $0 + log(2 * .pi * d[$1]) + deviation * deviation / d[$1]
    }
    return -0.5 * (squares + log(precision) - precision * mean * mean)
  }

  /// Mean and variance of a column, given what is known of the others.
  static func missing(_ column: Int, of row: [Float]) -> (mean: Double, variance: Double) {
    let (mean, precision) = posterior(row)
    return (b[column] + w[column] * mean, d[column] + w[column] * w[column] / precision)
  }
}

extension VariationalAutoencoder {
  /// Sets a tensor.
  func set(_ name: String, _ values: [Double]) {
    weights.setElements(values.map { Float($0) }, of: layout.tensors.first { $0.name == name }!)
  }

  /// Sets what the likelihood has learned to be these log-variances: v = v₀ + log(1 + exp(b − v₀)).
  func setLogVariances(_ values: [Double]) {
    let floor = Double(ByColumn.logVarianceFloor)
    set("decoder.log_variance", values.map { floor + log(expm1($0 - floor)) })
  }
}
