import ArgumentParser
import VAEData

extension SavedModel {
  /// The places of the features whose names match one of some patterns. Throws for a pattern that none does.
  func features(_ patterns: [String], option: String) throws -> [Int] {
    guard let names = data.featureNames else {
      throw ValidationError("\(option): expected a model whose features have names, found \(path)")
    }
    var places: [Int] = []
    for pattern in patterns {
      let found = names.indices.filter { NamePattern(pattern).matches(names[$0]) }
      guard !found.isEmpty else {
        let nearest = NearestNames.words(to: pattern, among: names).map { "; \($0)" } ?? ""
        throw ValidationError(
          "\(option): expected names of the model's features, found \"\(pattern.onOneLine)\"\(nearest)")
      }
      places += found.filter { !places.contains($0) }
    }
    return places
  }
}
