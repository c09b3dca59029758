import Foundation
import TestSupport
import Testing

/// The `vae-train` that was built beside the tests, or the one that VAE_TRAIN names, run as a person would.
enum Executable {
  /// What a process left behind.
  struct Result {
    let status: Int32
    /// Whether it ended by itself, not by a signal.
    let hasExited: Bool
    let output: String
    let errors: String

    var outputLines: [String] { lines(output) }
    var errorLines: [String] { lines(errors) }

    private func lines(_ text: String) -> [String] {
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if lines.last == "" { lines.removeLast() }
      return lines
    }
  }

  /// Much longer than any of these commands takes: a process that reaches it hangs.
  private static let timeLimit = 60.0

  private static let namedPath = ProcessInfo.processInfo.environment["VAE_TRAIN"]
  /// Whether it is of the same build as the tests.
  static var isBesideTests: Bool { namedPath == nil }

  static let path: String = {
    if let namedPath { return namedPath }
    #if os(macOS)
      let products = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }!.bundleURL
    #else
      let products = URL(fileURLWithPath: CommandLine.arguments[0])
    #endif
    return products.resolvingSymlinksInPath().deletingLastPathComponent().appending(path: "vae-train").path
  }()

  /// Runs `vae-train` in `folder` to its end.
  @discardableResult
  static func run(_ arguments: [String], in folder: TemporaryFolder) throws -> Result {
    try start(path, arguments, in: folder).finish()
  }

  /// Runs a line of bash, in which $VAE_TRAIN is the executable.
  static func shell(_ line: String, in folder: TemporaryFolder) throws -> Result {
    try start("/bin/bash", ["-c", line], in: folder).finish()
  }

  /// Starts `vae-train` and returns at once.
  static func start(_ arguments: [String], in folder: TemporaryFolder) throws -> Running {
    try start(path, arguments, in: folder)
  }

  private static func start(_ path: String, _ arguments: [String], in folder: TemporaryFolder) throws -> Running {
    try Running(path, arguments, in: folder)
  }

  /// A process under way. Its output goes to files, which unlike pipes never fill up.
  final class Running {
    private let process = Process()
    private let ended = DispatchSemaphore(value: 0)
    private let scratch: TemporaryFolder

    fileprivate init(_ path: String, _ arguments: [String], in folder: TemporaryFolder) throws {
      scratch = try TemporaryFolder()
      process.executableURL = URL(fileURLWithPath: path)
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
      var environment = ProcessInfo.processInfo.environment
      environment["VAE_TRAIN"] = Executable.path
      // With the address sanitizer: what a process still holds when it calls exit(), such as the error that it has just
      // printed, is no leak.
      environment["ASAN_OPTIONS"] = "detect_leaks=0"
      process.environment = environment
      process.standardInput = FileHandle.nullDevice
      let files = [try file("output"), try file("errors")]
      process.standardOutput = files[0]
      process.standardError = files[1]
      process.terminationHandler = { [ended] _ in ended.signal() }
      try process.run()
      // The child has its own; ours would stay open for as long as Foundation keeps the process, and with some 1,360 of
      // them `Process.run` reads past the end of the kernel's list of descriptors and crashes.
      for file in files { try file.close() }
    }

    private func file(_ name: String) throws -> FileHandle {
      try scratch.write([], to: name)
      return try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.path(of: name)))
    }

    /// What it has printed so far.
    var output: String { text("output") }

    /// What is no UTF-8, as a name may be, becomes U+FFFD.
    private func text(_ name: String) -> String {
      String(decoding: (try? scratch.read(name)) ?? Data(), as: UTF8.self)
    }

    var isRunning: Bool { process.isRunning }

    /// As Ctrl-C does.
    func interrupt() { send(SIGINT) }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    func finish() throws -> Result {
      if ended.wait(timeout: .now() + timeLimit) == .timedOut {
        kill(process.processIdentifier, SIGKILL)
        Issue.record("\(process.arguments ?? []) ran for more than \(timeLimit) s")
        ended.wait()
      }
      return Result(
        status: process.terminationStatus, hasExited: process.terminationReason == .exit, output: output,
        errors: text("errors"))
    }
  }
}
