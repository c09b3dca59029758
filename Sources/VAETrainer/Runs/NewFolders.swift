import CStandardLibrary
import VAEData

/// The folders that a start makes, so that one that fails can take them away again.
struct NewFolders {
  /// Those that were not there, the innermost first.
  private let made: [String]

  /// Makes the folder at `path` and those above it, where they are not there yet.
  init(at path: String) throws {
    var missing: [String] = []
    var folder = path
    var status = stat()
    while !folder.isEmpty, stat(folder, &status) != 0 {
      missing.append(folder)
      folder = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
    }
    made = missing
    do { try Folder.create(at: path) } catch {
      remove(files: [])
      throw error
    }
  }

  /// Removes `files` and then the folders that this made, but for those in which there is something else.
  func remove(files: [String]) {
    // Of a folder that was there before, they may be somebody else's.
    if !made.isEmpty { for file in files { unlink(file) } }
    for folder in made { rmdir(folder) }
  }
}
