import CStandardLibrary

/// The folder that something is to be written into, and those above it: made where they are not there, and taken away again
/// where the writing fails.
package struct NewFolders {
  /// The innermost.
  package let path: String
  /// Those that were not there, the innermost first.
  private let made: [String]

  /// Makes the folder at `path` and those above it, where they are not there yet.
  package init(at path: String) throws(FileError) {
    var missing: [String] = []
    var folder = path
    while SystemCall.status(folder) == nil, !missing.contains(folder) {
      missing.append(folder)
      folder = Path.folder(of: folder)
    }
    (self.path, made) = (path, missing)
    do { try Folder.create(at: path) } catch {
      remove(files: [])
      throw error
    }
  }

  /// Makes a folder of its own for the caller: at `path`, or at "\(path)-2" and so on where that is taken. The name is taken
  /// by making the folder, so that no two processes get the same.
  package init(numberedAt path: String) throws(FileError) {
    let above = try NewFolders(at: Path.folder(of: path))
    var number = 1
    while true {
      let candidate = number == 1 ? path : "\(path)-\(number)"
      if SystemCall.makeFolder(candidate) == 0 {
        (self.path, made) = (candidate, [candidate] + above.made)
        return
      }
      let code = errno
      guard code == EEXIST else {
        above.remove(files: [])
        throw FileError(path: candidate, action: "create the folder", code: code)
      }
      number += 1
    }
  }

  /// Removes `files`, where they are, and then the folders that this made, but for those in which there is something else.
  package func remove(files: [String]) {
    for file in files { _ = SystemCall.removeFile(file) }
    for folder in made { _ = SystemCall.removeFolder(folder) }
  }
}
