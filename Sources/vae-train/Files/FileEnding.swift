import ArgumentParser

/// The ending of a file's name, by which some commands tell what to read or write: `.csv`, and as well `.CSV`.
enum FileEnding {
  /// The one of `endings`, in lower case, that the name at the end of `path` has; throws where it has none of them.
  ///
  /// - Parameters:
  ///   - option: What was given the path, for the message.
  ///   - mayBeCompressed: Whether `.gz` may stand behind it.
  static func of(
    _ path: String, among endings: [String], option: String, mayBeCompressed: Bool = false
  ) throws -> String {
    var name = (path.split(separator: "/", omittingEmptySubsequences: false).last ?? "").lowercased()
    if mayBeCompressed, name.hasSuffix(".gz") { name.removeLast(3) }
    // A name that is an ending alone is that of a hidden file.
    guard let ending = endings.first(where: { name.hasSuffix(".\($0)") && name.count > $0.count + 1 }) else {
      let expected = endings.map { ".\($0)" }.joined(separator: " or ")
      throw ValidationError(
        "\(option) \(path): expected a name that ends in \(expected), found \(name.hasPrefix(".") ? "an ending alone" : "another")"
      )
    }
    return ending
  }
}
