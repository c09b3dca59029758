import CStandardLibrary

/// Folders: creating them, listing them, and the paths of what is in them.
public enum Folder {
  /// Creates the folder at `path` and those above it, where they are not there yet.
  public static func create(at path: String) throws(FileError) {
    guard !path.isEmpty else {
      throw FileError(path: "\"\"", action: "create the folder", reason: "the path is empty")
    }
    var prefix = path.hasPrefix("/") ? "/" : ""
    for component in path.split(separator: "/") {
      prefix = prefix.isEmpty || prefix == "/" ? prefix + component : "\(prefix)/\(component)"
      // Asking first would be one step behind another process; a failure is looked at instead. On a read-only file
      // system the code is EROFS even where the folder exists, hence the question whatever the code is.
      if SystemCall.makeFolder(prefix) == 0 { continue }
      let code = errno
      let status = SystemCall.status(prefix)
      if let status, status.st_mode & S_IFMT == S_IFDIR { continue }
      throw FileError(path: prefix, action: "create the folder", code: status == nil ? code : ENOTDIR)
    }
  }

  /// The names in the folder at `path`, sorted, without `.` and `..`.
  public static func names(in path: String) throws(FileError) -> [String] {
    guard let stream = SystemCall.openFolder(path) else {
      throw FileError(path: path, action: "list the folder", code: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) {
          Path.text(ofCString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The path of `name` in `folder`.
  public static func path(of name: String, in folder: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }

  /// The folder and the name that make up `path`; the folder of a bare name is ".".
  static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }
}
