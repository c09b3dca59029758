/// The distribution of one column of a table.
public enum ColumnFamily: Sendable, Hashable {
  /// A number; the decoder puts out its mean.
  case gaussian
  /// 0 or 1; the decoder puts out its logit.
  case bernoulli
  /// One of N levels, N features of which one is 1 and the others 0; the decoder puts out the logit of each.
  case categorical(Int)
  /// A count; the decoder puts out the logarithm of its rate.
  case poisson

  /// The numbers of levels that a column may have.
  public static let possibleLevels = 2...65_536

  /// The features that a column of it takes, and the numbers that the decoder puts out for it.
  public var width: Int { if case .categorical(let levels) = self { levels } else { 1 } }

  /// What a column of it has in a row, in words.
  public var valuesInWords: String {
    switch self {
    case .gaussian: "a finite number"
    case .bernoulli: "0 or 1"
    case .categorical(let levels): "\(levels) numbers, a 1 and else 0"
    case .poisson: "a whole number, 0 or more"
    }
  }

  /// Whether a column of it can have these `width` numbers in a row.
  public func isPossible(_ values: UnsafeBufferPointer<Float>) -> Bool {
    guard values.count == width else { return false }
    switch self {
    case .gaussian: return values[0].isFinite
    case .bernoulli: return values[0] == 0 || values[0] == 1
    case .poisson: return values[0] >= 0 && values[0].isFinite && values[0] == values[0].rounded()
    case .categorical:
      var ones = 0
      for value in values {
        guard value == 0 || value == 1 else { return false }
        if value == 1 { ones += 1 }
      }
      return ones == 1
    }
  }
}

/// Columns of one family, side by side.
struct ColumnRun: Sendable, Hashable {
  let family: ColumnFamily
  /// Among all columns.
  var columns: Range<Int>
  /// Among all features.
  var features: Range<Int>
  /// Where the first stands among the Gaussian columns, for a run of those.
  let firstGaussian: Int

  /// Those of its columns among the Gaussian ones.
  var gaussians: Range<Int> { firstGaussian..<firstGaussian + columns.count }

  /// "gaussian 6"; of each categorical column the number of its levels.
  var words: [String] {
    switch family {
    case .gaussian: ["gaussian", "\(columns.count)"]
    case .bernoulli: ["bernoulli", "\(columns.count)"]
    case .poisson: ["poisson", "\(columns.count)"]
    case .categorical(let levels): columns.flatMap { _ in ["categorical", "\(levels)"] }
    }
  }
}
