import CStandardLibrary
import VAEData
import VAEKernels

/// The pictures in a folder and in those in it, by name, before any is read.
///
/// What has a picture's first bytes is one, whatever it is called. What ends in .png, .jpg or .jpeg, in letters of either
/// case, is meant as one, and is found out not to be when it is read. All else is passed over and counted; what begins with
/// a dot is not looked at.
///
/// Names come in the order of their bytes, one folder after the other, so that the order is the same on every machine. A
/// folder is entered once, by the first way that leads to it: links may lead in circles.
struct PictureListing {
  /// A picture.
  struct File {
    /// Its path from the folder on.
    let name: String
    /// Which of `folders` it is in; nil at the top.
    let folder: Int?
  }

  /// Where it is.
  let path: String
  private(set) var files: [File] = []
  /// The names of the folders at the top, with pictures or without.
  private(set) var folders: [String] = []
  /// What is no picture: how many there are, and the first of them with what they are.
  private(set) var passedOver: (count: Int, examples: [String]) = (0, [])
  /// Links to folders that had been entered before.
  private(set) var repeatedFolders: [String] = []
  /// Folders that could not be listed.
  private(set) var unreadable: [FileError] = []
  private var entered: Set<FileIdentity> = []

  /// Lists the folder at `path`. Throws `DataError` where it is none, `FileError` where it cannot be listed.
  init(path: String) throws {
    self.path = path
    guard let status = SystemCall.status(path) else {
      if errno == ENOENT { throw DataError(path: path, expected: "a folder of pictures", found: "nothing") }
      throw FileError(path: path, action: "list the folder", code: errno)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw DataError(path: path, expected: "a folder of pictures", found: "a file")
    }
    entered = [FileIdentity(status)]
    try list("", folder: nil)
  }

  /// Adds what is in the folder called `parent` from the top on; `folder` is the one at the top that it is in.
  private mutating func list(_ parent: String, folder: Int?) throws(FileError) {
    let names = try Folder.names(in: Folder.path(of: parent, in: path)).map { (bytes: Path.bytes(of: $0), name: $0) }
    for (bytes, name) in names.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) })
    where bytes.first != UInt8(ascii: ".") {
      let name = Folder.path(of: name, in: parent)
      let path = Folder.path(of: name, in: path)
      let status = SystemCall.status(path)
      switch status.map({ $0.st_mode & S_IFMT }) {
      case S_IFDIR: enter(name, FileIdentity(status!), folder: folder)
      case S_IFREG where Self.hasPictureEnding(bytes) || Self.beginsAsPicture(path):
        files.append(File(name: name, folder: folder))
      case nil where Self.hasPictureEnding(bytes):
        // A link that leads nowhere: reading it will say so.
        files.append(File(name: name, folder: folder))
      default: passOver(name, at: path, status)
      }
    }
  }

  private mutating func enter(_ name: String, _ identity: FileIdentity, folder: Int?) {
    guard entered.insert(identity).inserted else { return repeatedFolders.append(name) }
    if folder == nil { folders.append(name) }
    // Its own error is thrown for the folder at the top alone.
    do throws(FileError) { try list(name, folder: folder ?? folders.count - 1) } catch { unreadable.append(error) }
  }

  private mutating func passOver(_ name: String, at path: String, _ status: stat?) {
    passedOver.count += 1
    guard passedOver.examples.count < 3 else { return }
    let kind =
      switch status.map({ $0.st_mode & S_IFMT }) {
      case S_IFREG: Self.kind(path)?.words ?? "a file that cannot be opened"
      case nil: "a link that leads nowhere"
      default: "no regular file"
      }
    passedOver.examples.append("\(name) (\(kind))")
  }

  /// "labels.csv (text), a.gif (a GIF picture) and 3 more".
  var passedOverWords: String {
    let more = passedOver.count - passedOver.examples.count
    return passedOver.examples.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  private static func hasPictureEnding(_ name: [UInt8]) -> Bool {
    let tail = name.suffix(5).map { $0 | 0x20 }
    return [".png", ".jpg", ".jpeg"].contains { tail.suffix($0.utf8.count).elementsEqual($0.utf8) }
  }

  private static func beginsAsPicture(_ path: String) -> Bool {
    switch kind(path) {
    case .png?, .jpeg?: true
    case .other?, nil: false
    }
  }

  private static func kind(_ path: String) -> FileKind? {
    guard let file = try? FileReader(path: path),
      let bytes = try? file.bytes(at: 0, count: min(file.count, FileKind.length))
    else { return nil }
    return FileKind(bytes[...])
  }
}
