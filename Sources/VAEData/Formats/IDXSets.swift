import VAEKernels

/// The IDX sets in a folder, such as MNIST, or those of EMNIST, by the names of their files.
///
/// Where there is a folder of a file's name, as some archives unpack to, the file may be in it.
struct IDXSets {
  /// The files of a part of a set.
  struct Files {
    let images: String
    /// Where they are known.
    let labels: String?
  }

  private struct Entry {
    let path: String
    let name: IDXFileName
  }

  let folder: String
  private let isEmpty: Bool
  private let entries: [Entry]

  init(in folder: String) throws {
    self.folder = folder
    let names = try Folder.names(in: folder)
    isEmpty = names.isEmpty
    entries = Self.entries(names, in: folder)
  }

  private static func entries(_ names: [String], in folder: String) -> [Entry] {
    names.compactMap { name in IDXFileName(name).map { Entry(path: Folder.path(of: name, in: folder), name: $0) } }
  }

  /// The names of the sets of which there are images, sorted; an empty one first, if there are images without a set's
  /// name.
  var names: [String] { Set(entries.filter { $0.name.content == .images }.map(\.name.set)).sorted() }

  /// The images to train on of the set of this name, and those to test with; nil where it has nothing to test with. All names
  /// are looked up before the first byte is read, so that a missing file, such as images of which there are labels, is told at
  /// once.
  func files(of set: String) throws -> (train: Files, test: Files?) {
    let parts: [IDXFileName.Part] = set.isEmpty ? [.t10k, .test] : [.test, .t10k]
    let hasTest = entries.contains { $0.name.set == set && parts.contains($0.name.part) }
    return (try files(of: set, as: [.train]), hasTest ? try files(of: set, as: parts) : nil)
  }

  /// The labels that belong to the images of this name, if they are there.
  func labels(of images: IDXFileName) throws -> String? { try find(images.set, images.part, .labels) }

  /// The files of the first part that there are images of; of a missing one its usual name is told, which is the first.
  private func files(of set: String, as parts: [IDXFileName.Part]) throws -> Files {
    for part in parts {
      guard let images = try find(set, part, .images) else { continue }
      return Files(images: images, labels: try find(set, part, .labels))
    }
    let wanted = IDXFileName.usual(set: set, part: parts[0], content: .images)
    throw DataError(
      path: folder, expected: "a file \(wanted) or \(wanted).gz", found: isEmpty ? "an empty folder" : "none")
  }

  /// The first of the possible names that is a file, or else the first that is a folder with one of them in it.
  private func find(_ set: String, _ part: IDXFileName.Part, _ content: IDXHeader.Kind) throws -> String? {
    func matching(_ entries: [Entry]) -> [String] {
      entries.filter { $0.name.set == set && $0.name.part == part && $0.name.content == content }
        .sorted { ($0.name.precedence, $0.path) < ($1.name.precedence, $1.path) }.map(\.path)
    }
    let found = matching(entries)
    if let file = try found.first(where: { try Path.kind($0) == .file }) { return file }
    for folder in try found.filter({ try Path.kind($0) == .folder }) {
      let files = matching(Self.entries(try Folder.names(in: folder), in: folder))
      if let file = try files.first(where: { try Path.kind($0) == .file }) { return file }
    }
    return found.first
  }

  /// Names of sets in words, no more than fit on a line.
  static func words(_ names: [String]) -> String {
    let shown = names.prefix(8)
    let rest = names.count - shown.count
    if rest > 0 { return shown.joined(separator: ", ") + " and \(rest.counted("other"))" }
    return names.count < 2
      ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}
