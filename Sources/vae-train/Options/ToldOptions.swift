import ArgumentParser
import VAEData
import VAETrainer

/// What a model is told of examples that are decoded, in the place of what they are.
struct ToldOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Values of columns that the model is told, for all examples: 'sample=a' (default: what each is).",
      valueName: "values"))
  var given: String?

  @Option(
    name: .long,
    help: ArgumentHelp("A column that the model is told, over whose categories to average.", valueName: "name"))
  var averageOver: String?

  /// The values, for a model. Throws where it is not told such.
  func values(for saved: SavedModel) throws -> ToldValues {
    guard given != nil || averageOver != nil else { return ToldValues() }
    guard let coding = saved.data.told else {
      throw ValidationError(
        "--\(given == nil ? "average-over" : "given"): expected with a model that is told columns beside its features, found "
          + "one of \(saved.kind.rawValue) that is told none")
    }
    let fixed = try GivenValues(given ?? "", coding).values
    guard let averageOver else { return ToldValues(fixed: fixed) }
    guard let column = coding.columns.firstIndex(where: { $0.name == averageOver }),
      coding.columns[column].levels.count > 1
    else {
      let known = coding.columns.filter { $0.levels.count > 1 }.map(\.name.onOneLine)
      throw ValidationError(
        "--average-over: expected a column of categories that the model is told, "
          + "\(known.isEmpty ? "of which it has none" : known.joined(separator: ", ")), found \"\(averageOver.onOneLine)\""
      )
    }
    guard fixed[column] == nil else {
      throw ValidationError(
        "--average-over: expected a column that --given does not fix, found \(averageOver.onOneLine)")
    }
    return ToldValues(fixed: fixed, each: column, of: coding)
  }
}
