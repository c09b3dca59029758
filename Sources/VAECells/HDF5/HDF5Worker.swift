import CHDF5Worker
import CStandardLibrary
import VAEData

// The only file of this module that sees the C of the worker.

/// A process that has one HDF5 file open and does what it is asked to.
///
/// libhdf5 crashes on some damaged files, and runs for ever on others. Here that is an error like any other: the process is
/// gone, the next request says so. Requests may be sent ahead; see `HDF5Pieces`.
final class HDF5Worker {
  /// The file, for messages.
  let path: String
  /// The id of the process; 0 once it has ended.
  private(set) var process: pid_t = 0
  private let limits: HDF5Limits
  private let access: Access
  private var socket: Int32 = -1
  /// Of the requests whose answers are not read yet, what they are about; the oldest first.
  private var asked: [(ticket: Ticket, place: String)] = []
  private var answers: [Ticket: Result<[UInt8], DataError>] = [:]
  private var next: Ticket = 0
  /// Why there is no worker any more.
  private var ending: String?

  /// A request that was sent.
  typealias Ticket = Int

  /// How a file is opened.
  enum Access: UInt32 { case reading = 0, writing = 1 }

  /// Starts a process and has it open the file at `path`. `name` is what messages call it.
  init(path: String, access: Access = .reading, limits: HDF5Limits = HDF5Limits(), name: String? = nil) throws {
    self.path = name ?? path
    (self.limits, self.access) = (limits, access)
    var given = hdf5_limits(memory: UInt64(limits.memory), milliseconds: UInt32(limits.milliseconds))
    let code = hdf5_worker_start(&given, &socket, &process)
    guard code == 0 else { throw FileError(path: self.path, action: "start a process to read the file", code: code) }
    var request = HDF5Request()
    request.append(access.rawValue)
    request.append(Path.bytes(of: path))
    do {
      _ = try ask(.open, request, about: nil)
    } catch {
      end()
      throw error
    }
  }

  deinit { end() }

  /// Ends the process, which leaves nothing behind.
  func end() {
    guard process != 0 else { return }
    _ = hdf5_worker_end(socket, process, 0)
    process = 0
    ending = ending ?? "its reading has ended"
  }

  // MARK: Requests

  /// What it can be asked.
  enum Operation: UInt32 {
    case open = 1
    case list, describe, attributeNames, attribute, read
    case create = 10
    case write, setText, setTexts, createGroup, remove, finish
    case spin = 99
  }

  /// Asks, and waits for the answer.
  func ask(_ operation: Operation, _ request: HDF5Request, about place: String?) throws -> HDF5Answer {
    try answer(to: send(operation, request, about: place))
  }

  /// Asks. Few requests may be under way at once, so that both sides never wait for each other.
  func send(_ operation: Operation, _ request: HDF5Request, about place: String?) throws -> Ticket {
    next += 1
    let place = place ?? ""
    guard process != 0 else { throw error(place) }
    precondition(request.bytes.count <= HDF5_LARGEST_BODY, "\(request.bytes.count) bytes of a request")
    var header = hdf5_header(
      magic: HDF5_REQUEST_MAGIC, word: operation.rawValue, length: UInt64(request.bytes.count))
    var code = hdf5_worker_send(socket, &header, MemoryLayout<hdf5_header>.size)
    if code == 0 { code = request.bytes.withUnsafeBytes { hdf5_worker_send(socket, $0.baseAddress, $0.count) } }
    // One that has ended may have answered earlier requests, whose answers are still to be read.
    guard code == 0 || code == EPIPE else { throw stop(place, "the system says \(String(cString: strerror(code)))") }
    asked.append((next, place))
    return next
  }

  /// The answer to an earlier request.
  func answer(to ticket: Ticket) throws -> HDF5Answer {
    while answers[ticket] == nil {
      guard let oldest = asked.first else { throw error("") }
      asked.removeFirst()
      answers[oldest.ticket] = try receive(oldest.place)
    }
    return HDF5Answer(try answers.removeValue(forKey: ticket)!.get(), path: path)
  }

  /// The answer that comes next; a failed operation is one, too.
  private func receive(_ place: String) throws -> Result<[UInt8], DataError> {
    guard process != 0 else { throw error(place) }
    var header = hdf5_header()
    var code = hdf5_worker_receive(socket, &header, MemoryLayout<hdf5_header>.size, limits.silence)
    guard code == 0 else { throw ended(place, code) }
    guard header.magic == HDF5_ANSWER_MAGIC, header.length <= HDF5_LARGEST_BODY else {
      throw stop(place, "libhdf5 has answered nonsense")
    }
    let count = Int(header.length)
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { bytes, filled in
      code = hdf5_worker_receive(socket, bytes.baseAddress, count, limits.silence)
      filled = code == 0 ? count : 0
    }
    guard code == 0 else { throw ended(place, code) }
    if header.word == HDF5_DONE.rawValue { return .success(bytes) }
    return .failure(
      DataError(
        path: path, place: place.isEmpty ? nil : place, expected: expectation,
        found: "what libhdf5 refuses: \(String(decoding: bytes, as: UTF8.self).onOneLineInFull)"))
  }

  // MARK: Endings

  private func ended(_ place: String, _ code: Int32) -> DataError {
    guard code == EPIPE else {
      let reason =
        code == ETIMEDOUT ? "libhdf5 has not answered for \(limits.silence) s" : String(cString: strerror(code))
      return stop(place, reason)
    }
    let end = hdf5_worker_end(socket, process, 1)
    process = 0
    ending =
      end.was_out_of_time != 0
      ? "libhdf5 was not done after \(limits.milliseconds / 1000) s: the file is damaged"
      : "libhdf5 ended while \(access == .reading ? "reading" : "writing")\(place.isEmpty ? "" : " \(place)"): the file is damaged"
    return error(place)
  }

  private func stop(_ place: String, _ reason: String) -> DataError {
    ending = reason
    end()
    return error(place)
  }

  private var expectation: String { access == .reading ? "a whole HDF5 file" : "an HDF5 file that can be added to" }

  private func error(_ place: String) -> DataError {
    DataError(
      path: path, place: place.isEmpty ? nil : place, expected: expectation, found: ending ?? "nothing")
  }
}

/// What a worker may use.
struct HDF5Limits: Sendable {
  /// Address space beyond what the program has, in bytes; heeded on Linux.
  var memory = 3 << 30
  /// Processor time for one request. Four megabytes take some milliseconds, those of a very large chunk some seconds.
  var milliseconds = 30_000
  /// How many seconds there may be no answer at all: of a disk behind a slow network.
  var silence: Int32 = 600
}
