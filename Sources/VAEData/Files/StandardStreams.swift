@preconcurrency import CStandardLibrary
import Synchronization

/// Standard input, output and error, as a program needs them that must not die of a reader who is gone.
///
/// Figures go to standard output, and that they could not be written is an error, which `finishOutput` throws. Messages go
/// to standard error, and that they could not be written is none: whoever closed it, or filled its disk, wants no messages,
/// but still wants the model.
package enum StandardStreams {
  /// To be called before any file is opened.
  ///
  /// Descriptors 0, 1 and 2 that are closed are opened on `/dev/null`: the next file to be opened would get such a number,
  /// and with it all that is printed. A write to a pipe without a reader fails from now on, instead of ending the process.
  package static func prepare() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
      // The lowest number that is free, which is this one.
      _ = open("/dev/null", descriptor == STDIN_FILENO ? O_RDONLY : O_WRONLY)
    }
    signal(SIGPIPE, SIG_IGN)
  }

  /// Writes what has been printed so far, so that a reader of a pipe sees it now. A failure is `finishOutput`'s to tell.
  package static func flushOutput() {
    if fflush(stdout) != 0 { _ = firstFailure.compareExchange(expected: 0, desired: errno, ordering: .relaxed) }
  }

  /// Writes the rest of what has been printed. Throws `FileError` where that, or any of it before, could not be written.
  package static func finishOutput() throws(FileError) {
    flushOutput()
    let code = firstFailure.load(ordering: .relaxed)
    if code != 0 { throw FileError(path: "standard output", action: "write", code: code) }
    // A full buffer was written in the middle of a `print`, which does not say that it failed.
    if ferror(stdout) != 0 {
      if outputHasNoReader {
        firstFailure.store(EPIPE, ordering: .relaxed)
        throw FileError(path: "standard output", action: "write", code: EPIPE)
      }
      throw FileError(path: "standard output", action: "write", reason: "some of it could not be written")
    }
  }

  /// Whether standard output is a pipe that nobody reads from any more.
  private static var outputHasNoReader: Bool {
    var state = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    return poll(&state, 1, 0) > 0 && state.revents & Int16(POLLERR) != 0
  }

  /// Whether the program that read the output has seen enough: nothing to complain of to a person.
  package static var readerIsGone: Bool { firstFailure.load(ordering: .relaxed) == EPIPE }

  /// Writes `text` to standard error, or as much of it as can be.
  package static func writeMessage(_ text: String) {
    var bytes = Path.bytes(of: text)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
      if written > 0 {
        bytes = bytes.dropFirst(written)
      } else if errno == EAGAIN {
        // Somebody else's setting of a terminal or pipe that is shared; a second is long enough for its reader.
        var wait = pollfd(fd: STDERR_FILENO, events: Int16(POLLOUT), revents: 0)
        if poll(&wait, 1, 1000) <= 0 { return }
      } else if errno != EINTR {
        return
      }
    }
  }

  /// The `errno` of the first flush that failed, or 0.
  private static let firstFailure = Atomic<Int32>(0)
}
