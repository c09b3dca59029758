import VAEData

/// A folder of PNG and JPEG files: any folder but one with the IDX files of a set like MNIST.
public struct PictureFolderFormat: DataFormat {
  /// "a folder of pictures".
  public let name = "a folder of pictures"
  /// How its pictures become examples.
  public let heeded: ReadingAspects = .pictures

  /// The one member.
  public init() {}

  /// Whether it is a folder with something in it, and no IDX files.
  public func recognizes(_ probe: DataProbe) -> Bool {
    guard probe.isFolder, let names = try? Folder.names(in: probe.path), !names.isEmpty else { return false }
    return !IDXFolderFormat.hasFiles(names, in: probe.path)
  }

  /// Reads the pictures, their classes and names.
  public func read(_ paths: [String], _ reading: DataReading, known: DataDescription) throws -> DataContents {
    var pictures = try PictureFolder.read(path: paths[0], options: PictureOptions(reading.pictures))
    if let path = reading.pictures.labelTable {
      let table = LabelTable(path: path, idColumn: reading.idColumn, labelColumn: reading.labelColumn)
      let classes = try table.classes(format: reading.format, of: pictures)
      do { pictures = try pictures.labelled(from: classes) } catch {
        let expected = error.expected.replacing("the table", with: "the table \(path)")
        throw DataError(path: error.path, expected: expected, found: error.found)
      }
    }
    return DataContents(pictures.dataset(), format: "pictures", remarks: pictures.remarks)
  }
}

extension PictureOptions {
  /// Those of a run's configuration.
  init(_ reading: PictureReading) {
    self.init()
    if let width = reading.width, let height = reading.height { imageSize = (width, height) }
    (fit, channels, onUnreadable) = (reading.fit, reading.channels, reading.unreadable)
    let parts = reading.background
    if parts.count == 3 { background = PictureColor(red: parts[0], green: parts[1], blue: parts[2]) }
  }
}
