import Foundation

/// How far two divisions of the same points into groups agree, whatever the groups are called: clusters and labels, say.
///
/// With n_ij the points in group i of the one and j of the other, a_i and b_j its sums, and pairs(n) = n (n − 1)/2:
///
///     adjusted Rand index = (Σ pairs(n_ij) − E) / (½ (Σ pairs(a_i) + Σ pairs(b_j)) − E),
///     E = Σ pairs(a_i) Σ pairs(b_j) / pairs(n)
///
/// (Hubert and Arabie 1985, equation 5): 1 where they are the same, 0 on average where they have nothing to do with each
/// other. And with H the entropy of a division and I their mutual information,
///
///     normalised mutual information = I / (½ (H(a) + H(b)))
///
/// 0 to 1, not adjusted for chance: many small groups score above 0. Divisions without choice, all points in one group or each
/// in its own in both, have 1 of either, as scikit-learn says of them.
public struct ClusterComparison: Sendable, Hashable {
  /// From −½ to 1.
  public let adjustedRandIndex: Double
  /// From 0 to 1; entropies averaged by the arithmetic mean.
  public let normalizedMutualInformation: Double

  /// Of two divisions: the group of each point, the points in the same order. At least one point.
  public init<First: Hashable, Second: Hashable>(_ first: [First], _ second: [Second]) {
    precondition(
      first.count == second.count && !first.isEmpty, "divisions of \(first.count) and \(second.count) points")
    let (a, b) = (GroupNumbers(first), GroupNumbers(second))
    // Summed in the order in which groups appear, so that rounding is the same each time.
    var table = [Double](repeating: 0, count: a.count * b.count)
    for point in first.indices { table[a.numbers[point] * b.count + b.numbers[point]] += 1 }
    let aSizes = a.sizes.map(Double.init)
    let bSizes = b.sizes.map(Double.init)
    adjustedRandIndex = Self.randIndex(table, aSizes, bSizes, count: Double(first.count))
    normalizedMutualInformation = Self.mutualInformation(table, aSizes, bSizes, count: Double(first.count))
  }

  private static func randIndex(_ table: [Double], _ a: [Double], _ b: [Double], count: Double) -> Double {
    func pairs(_ sizes: [Double]) -> Double { sizes.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }
    let (both, ofA, ofB) = (pairs(table), pairs(a), pairs(b))
    let expected = count > 1 ? ofA * ofB / (count * (count - 1) / 2) : 0
    let most = (ofA + ofB) / 2
    return both == most ? 1 : (both - expected) / (most - expected)
  }

  private static func mutualInformation(_ table: [Double], _ a: [Double], _ b: [Double], count: Double) -> Double {
    func entropy(_ sizes: [Double]) -> Double {
      sizes.reduce(0) { $1 > 0 ? $0 - $1 / count * log($1 / count) : $0 }
    }
    let (ofA, ofB) = (entropy(a), entropy(b))
    guard ofA + ofB > 0 else { return 1 }
    return min(1, max(0, (ofA + ofB - entropy(table)) / ((ofA + ofB) / 2)))
  }
}

/// Groups by number, in the order in which they first appear.
struct GroupNumbers: Sendable {
  /// Of each point.
  let numbers: [Int]
  /// Of each group, its points.
  let sizes: [Int]
  var count: Int { sizes.count }

  init<Group: Hashable>(_ groups: [Group]) {
    var known: [Group: Int] = [:]
    var sizes: [Int] = []
    numbers = groups.map { group in
      let number = known[group] ?? sizes.count
      if number == sizes.count {
        known[group] = number
        sizes.append(0)
      }
      sizes[number] += 1
      return number
    }
    self.sizes = sizes
  }
}
