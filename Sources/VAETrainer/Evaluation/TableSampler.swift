import VAEData
import VAEKernels

/// Makes new rows of a table: z ~ p(z), x ~ p(x|z), in the columns, units and categories of the data.
///
/// A number or a count lies within the range that the data had, a number with as many digits behind its point.
public struct TableSampler {
  /// The model.
  public let model: VariationalAutoencoder
  /// How its features are made of a table's columns.
  public let coding: TableCoding
  /// The key of the draws.
  public let seed: UInt64
  /// The rows that are made at a time.
  static let blockRows = 4096

  /// A sampler of a model whose data were coded so.
  public init(_ model: VariationalAutoencoder, _ coding: TableCoding, seed: UInt64) {
    (self.model, self.coding, self.seed) = (model, coding, seed)
  }

  /// `count` raw rows, one after another, a number for each of the coding's columns.
  ///
  /// - Parameters:
  ///   - labels: The class of each, for a model that is told it.
  ///   - conditions: For each, raw values of the columns that the model is told; those of others are not looked at.
  public func rows(_ count: Int, labels: [UInt8]? = nil, conditions: [[Float]]? = nil) -> [Float] {
    var rows: [Float] = []
    rows.reserveCapacity(count * coding.columns.count)
    forEachBlock(
      of: count, labels: { block in labels.map { Array($0[block]) } },
      conditions: { block in conditions.map { Array($0[block]) } }
    ) { rows += $1 }
    return rows
  }

  /// The same rows, some at a time, so that they need not be in memory at once: which they are, and their numbers. Labels
  /// and conditions are asked for as they are needed, block after block.
  public func forEachBlock(
    of count: Int, labels: (Range<Int>) -> [UInt8]? = { _ in nil },
    conditions: (Range<Int>) -> [[Float]]? = { _ in nil }, _ body: (Range<Int>, [Float]) throws -> Void
  ) rethrows {
    for start in stride(from: 0, to: count, by: Self.blockRows) {
      let block = start..<min(start + Self.blockRows, count)
      try body(block, rows(block, labels(block), conditions(block)))
    }
  }

  /// The rows of one block.
  private func rows(_ block: Range<Int>, _ labels: [UInt8]?, _ conditions: [[Float]]?) -> [Float] {
    let index = UInt32(block.lowerBound / Self.blockRows)
    let latents = model.priorDraws(block.count, RandomStream(seed: seed, purpose: .priorSample, epoch: index))
    let features = model.draw(
      latents, labels: labels, told: conditions.map { $0.flatMap(coding.conditions(ofRaw:)) },
      RandomStream(seed: seed, purpose: .pixels, epoch: index))
    var rows: [Float] = []
    rows.reserveCapacity(block.count * coding.columns.count)
    features.withUnsafeBufferPointer { features in
      for row in 0..<block.count {
        var raw = coding.raw(ofFeatures: features.baseAddress! + row * coding.featureCount, isDraw: true)
        if let given = conditions?[row] {
          for (column, coded) in coding.columns.enumerated() where coded.role == .condition {
            raw[column] = given[column]
          }
        }
        rows += raw
      }
    }
    return rows
  }
}

extension TableSampler {
  /// What a model's `decode` puts out, [count, D], as raw rows: the likeliest of a category, the mean of a number. Columns
  /// that a model is told are as `given` by their places, and otherwise missing.
  public static func rows(
    ofDecoded features: [Float], _ coding: TableCoding, given: [Int: Float] = [:]
  ) -> [Float] {
    precondition(
      coding.featureCount > 0 && features.count % coding.featureCount == 0,
      "\(features.count) numbers for rows of \(coding.featureCount)")
    return features.withUnsafeBufferPointer { features in
      stride(from: 0, to: features.count, by: coding.featureCount).flatMap {
        var raw = coding.raw(ofFeatures: features.baseAddress! + $0, isDraw: false)
        for (column, value) in given { raw[column] = value }
        return raw
      }
    }
  }
}

extension TableCoding {
  /// Raw rows as the columns of a table that people read: texts where the file had texts, numbers with their decimals.
  public func cells(ofRaw rows: [Float]) -> [(name: String, cells: TableWriter.Cells)] {
    let width = columns.count
    return columns.enumerated().map { index, column in
      let values = stride(from: index, to: rows.count, by: width).map { rows[$0] }
      return (column.name, .texts(values.map(column.text(of:))))
    }
  }
}
