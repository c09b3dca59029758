import CStandardLibrary

/// Which file a path leads to, whatever its spelling and whatever links are on the way: the numbers that the system gives
/// it; of one that is not there yet, those of its folder, with its name.
package struct FileIdentity: Hashable {
  private let device, number: UInt64
  private let name: String?

  /// Of what `path` leads to; nil where there is no folder for it either.
  package init?(_ path: String) {
    if let status = SystemCall.status(path) {
      self.init(status, name: nil)
      return
    }
    guard let end = try? Path.endOfLinks(path), let folder = SystemCall.status(Path.folder(of: end)) else { return nil }
    self.init(folder, name: Path.name(of: end))
  }

  /// Of what has this status.
  package init(_ status: stat) { self.init(status, name: nil) }

  private init(_ status: stat, name: String?) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    number = UInt64(truncatingIfNeeded: status.st_ino)
    self.name = name
  }
}
