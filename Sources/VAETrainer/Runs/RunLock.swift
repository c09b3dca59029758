import CStandardLibrary
import VAEData

/// Keeps two runs out of one folder: an advisory lock (`flock`) on the file `.lock` in it.
///
/// The system releases it when its process ends, however it ends, so a killed run can be resumed at once. The file stays:
/// what counts is the lock on it. Only a start that fails takes it away again, hence the second look.
final class RunLock {
  private let descriptor: Int32

  /// Takes the lock on a folder that is there. Throws `RunError.inUse` where another has it, `FileError` where the file
  /// cannot be made.
  init(_ directory: RunDirectory) throws {
    // For writing, although nothing is written: over NFS, Linux gives this kind of lock to writers alone.
    while true {
      let descriptor = SystemCall.open(directory.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o666)
      guard descriptor >= 0 else { throw FileError(path: directory.path, action: "lock the folder", code: errno) }
      // As for temporary files: on a file system that knows no locks, one does without.
      if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
        close(descriptor)
        throw RunError.inUse(path: directory.path)
      }
      if Self.isStillThere(descriptor, directory.lock) {
        self.descriptor = descriptor
        return
      }
      close(descriptor)
    }
  }

  /// Whether the open file is the one that another process would find.
  private static func isStillThere(_ descriptor: Int32, _ path: String) -> Bool {
    var open = stat()
    guard fstat(descriptor, &open) == 0, let found = SystemCall.status(path) else { return false }
    return found.st_ino == open.st_ino && found.st_dev == open.st_dev
  }

  deinit {
    close(descriptor)
  }
}
