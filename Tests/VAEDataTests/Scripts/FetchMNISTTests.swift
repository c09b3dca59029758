import Foundation
import TestSupport
import Testing

@testable import VAEData

private let curl = "/usr/bin/curl"

/// The download script, with mirrors that are folders: no network.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: curl), "there is no \(curl)"))
struct FetchMNISTTests {
  private func fetch(into folder: String, mirrors: [String]) throws -> (status: Int32, output: String, errors: String) {
    // Tests/VAEDataTests/Scripts/<this file>, four up.
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["bash", root.appending(path: "Scripts/fetch-mnist.sh").path, folder]
    process.environment = ProcessInfo.processInfo.environment.merging([
      "MNIST_MIRRORS": mirrors.map { "file://" + $0 }.joined(separator: " ")
    ]) { $1 }
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    // Both are shorter than a pipe holds, so neither order of reading can block.
    let texts = [output, errors].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
    process.waitUntilExit()
    return (process.terminationStatus, texts[0], texts[1])
  }

  @Test func wrongContentsNeverGetTheName() throws {
    let mirror = try TemporaryFolder()
    _ = try mirror.write(Gzip.compress([1, 2, 3]), to: "train-images-idx3-ubyte.gz")
    let folder = try TemporaryFolder()
    let result = try fetch(into: folder.path, mirrors: [mirror.path(of: "nowhere"), mirror.path])
    #expect(result.status == 1)
    #expect(result.errors.contains("train-images-idx3-ubyte.gz: expected contents with SHA-256 ba8910"))
    #expect(result.errors.hasSuffix("no mirror had it intact; MNIST_MIRRORS names others to try\n"))
    #expect(try Folder.names(in: folder.path) == [])
  }

  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["VAE_MNIST"] != nil, "VAE_MNIST names no folder with MNIST"))
  func theSecondRunFetchesNothing() throws {
    let mnist = URL(fileURLWithPath: ProcessInfo.processInfo.environment["VAE_MNIST"] ?? "").path
    let bad = try TemporaryFolder()
    _ = try bad.write([1, 2, 3], to: "t10k-labels-idx1-ubyte.gz")
    let folder = try TemporaryFolder()
    let first = try fetch(into: folder.path, mirrors: [bad.path, mnist])
    #expect(first.status == 0, "\(first.errors)")
    #expect(try Folder.names(in: folder.path).count == 4)
    let second = try fetch(into: folder.path, mirrors: [bad.path])
    #expect(second.status == 0)
    #expect(second.output == "MNIST is all there, in \(folder.path)\n")
    #expect(second.errors == "")
  }
}
