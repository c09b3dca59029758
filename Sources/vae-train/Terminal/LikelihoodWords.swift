import VAEKernels

/// A likelihood as the head of a run and `inspect` tell it: that of a table by its families, however many columns it has.
struct LikelihoodWords {
  /// "by column: 6 gaussian, 2 bernoulli, 7 categorical", or what the options call it.
  let text: String

  init(_ likelihood: any Likelihood) {
    guard let likelihood = likelihood as? ByColumn else {
      text = "\(likelihood)"
      return
    }
    var counts: [(name: String, count: Int)] = []
    for family in likelihood.families {
      let name =
        switch family {
        case .gaussian: "gaussian"
        case .bernoulli: "bernoulli"
        case .categorical: "categorical"
        case .poisson: "poisson"
        }
      if let place = counts.firstIndex(where: { $0.name == name }) {
        counts[place].count += 1
      } else {
        counts.append((name, 1))
      }
    }
    text = "by column: " + counts.map { "\($0.count) \($0.name)" }.joined(separator: ", ")
  }
}
