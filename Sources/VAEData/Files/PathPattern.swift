/// Paths with "*" and "?" in their last part, as a shell would expand them; for those in quotes.
package enum PathPattern {
  /// The paths that `path` stands for, sorted: itself where there is something of that name, or no star in it.
  package static func expand(_ path: String) throws -> [String] {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard name.contains(where: { $0 == "*" || $0 == "?" }), !Path.exists(path) else { return [path] }
    let folder = Path.folder(of: path)
    let patterns = NamePatterns([name])
    return try Folder.names(in: folder).filter { !$0.hasPrefix(".") && patterns.match($0) }
      .map { path.contains("/") ? Folder.path(of: $0, in: folder) : $0 }
  }
}
