import ArgumentParser
import VAEData

/// The files that a command reads, which it must not write over: a person's data have no second copy.
struct KeptFiles {
  private var paths: [FileIdentity: String] = [:]
  /// Folders, of which every picture may be read.
  private var folders: [String] = []

  /// What is at `paths`, each a file, a folder of pictures, or a pattern of several; nil and standard input are none, and
  /// what is not there, as a run's data may be, is not written over. What lies beside an array is read with it.
  init(_ paths: [String?]) {
    for path in paths.compactMap({ $0 }) where path != "-" {
      let named = (try? PathPattern.expand(path)) ?? []
      for path in named + named.filter({ $0.lowercased().hasSuffix(".npy") }).flatMap(DataSource.pathsBeside) {
        if case .folder? = try? Path.kind(path) {
          if SavedModel.isPictureFolder(path) { folders.append(path) }
        } else if Path.exists(path), let identity = FileIdentity(path) {
          self.paths[identity] = self.paths[identity] ?? path
        }
      }
    }
  }

  /// Throws where one of `outputs`, which need not be there yet, is one of these files, or another of the outputs.
  func check(_ outputs: [(option: String, path: String)]) throws {
    var seen: [FileIdentity: (option: String, path: String)] = [:]
    for output in outputs {
      guard let identity = FileIdentity(output.path) else { continue }
      if let path = paths[identity] {
        throw ValidationError(
          "\(output.option) \(output.path): expected a file that is not read, found the input \(path)")
      }
      if let folder = folders.first(where: { holds($0, output.path) }) {
        throw ValidationError(
          "\(output.option) \(output.path): expected a file that is not read, found one among the pictures of the input \(folder)"
        )
      }
      if let other = seen.updateValue(output, forKey: identity) {
        throw ValidationError(
          "\(output.option) \(output.path): expected a file of its own, found that of \(other.option), \(other.path)")
      }
    }
  }

  /// Whether a picture at `path` is one of those in `folder`, or would be from now on.
  private func holds(_ folder: String, _ path: String) -> Bool {
    path.lowercased().hasSuffix(".png") && Path.isInside(path, folder)
  }
}

extension OutputFile {
  /// Throws where writing it would replace what the model `saved` or its run was read from, or one of `others`.
  func check(keeping others: [String?] = [], of saved: SavedModel, option: String = "--output") throws {
    try KeptFiles(others + saved.inputs).check([(option, path)])
  }
}

extension SavedModel {
  /// The model's file, and the run's own data.
  var inputs: [String?] {
    let data = configuration?.data
    return [path, data?.path, data?.reading.testPath, data?.reading.pictures.labelTable]
  }
}
