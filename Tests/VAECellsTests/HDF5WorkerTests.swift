import CStandardLibrary
import Foundation
import TestSupport
import Testing
import VAEData

@testable import VAECells

/// The process that libhdf5 runs in.
@Suite(.serialized) struct HDF5WorkerTests {
  private let path = CellFixture.path("csr-gzip.h5ad")

  @Test func aWorkerThatEndsIsAnError() throws {
    let file = try HDF5File(path: path)
    #expect(try file.root.children().map(\.name).contains("X"))
    kill(file.worker.process, SIGSEGV)
    let error = #expect(throws: DataError.self) { _ = try file.dataset(at: "X/data") }
    #expect(
      error?.description == "\(path): X/data: expected a whole HDF5 file, found "
        + "libhdf5 ended while reading X/data: the file is damaged")
    // And so is whatever comes behind it.
    #expect(throws: DataError.self) { _ = try file.root.children() }
    #expect(file.worker.process == 0)
  }

  @Test func whatComputesForEverIsStopped() throws {
    let file = try HDF5File(path: path, limits: HDF5Limits(milliseconds: 200))
    let error = #expect(throws: DataError.self) { _ = try file.worker.ask(.spin, HDF5Request(), about: "X") }
    #expect(error?.found.hasPrefix("libhdf5 was not done after") == true)
  }

  @Test func whatSaysNothingIsStopped() throws {
    let file = try HDF5File(path: path, limits: HDF5Limits(silence: 1))
    kill(file.worker.process, SIGSTOP)
    let error = #expect(throws: DataError.self) { _ = try file.root.children() }
    #expect(error?.found == "libhdf5 has not answered for 1 s")
  }

  @Test func noWorkerStaysBehind() throws {
    var process: pid_t = 0
    do {
      let file = try HDF5File(path: path)
      process = file.worker.process
      #expect(kill(process, 0) == 0)
    }
    #expect(kill(process, 0) != 0 && errno == ESRCH)
  }

  /// Requests that are none, as no reader of this module makes them.
  @Test func badRequestsAreRefused() throws {
    let file = try HDF5File(path: path)
    let data = try file.requiredDataset(at: "X/data")
    #expect(throws: DataError.self) { _ = try data.read(Float.self, [0..<data.count + 1]) }
    #expect(throws: DataError.self) { _ = try data.read(Float.self, [0..<1, 0..<1]) }
    #expect(throws: DataError.self) { _ = try data.read(Float.self, [0..<1 << 40]) }
    #expect(throws: DataError.self) { _ = try file.worker.ask(.read, HDF5Request(), about: nil) }
    #expect(throws: DataError.self) { _ = try file.dataset(at: "X\0data") }
    #expect(try file.dataset(at: "X/nothing") == nil)
    #expect(try data.read(Float.self, [0..<1]).count == 1)
  }

  @Test(arguments: CellFixture.files) func theFirstBytesTell(name: String) {
    #expect(CellFile.recognizes(CellFixture.path(name)))
  }

  @Test func otherFilesAreNone() throws {
    let folder = try TemporaryFolder()
    #expect(!CellFile.recognizes(CellFixture.path("expected.json")))
    #expect(!CellFile.recognizes(folder.path))
    #expect(CellFile.recognizes(CellFixture.path("tenx-folder-2")))
    // What lacks a part is one that is to be refused with words.
    try folder.write([], to: "alone/matrix.mtx")
    #expect(CellFile.recognizes(folder.path(of: "alone")))
    #expect(throws: DataError.self) { _ = try CellFile(path: folder.path(of: "alone")) }
    let path = try folder.write((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 3) }, to: "random.h5ad")
    let error = #expect(throws: DataError.self) { _ = try CellFile(path: path) }
    #expect(error?.description.contains("cannot open the file") == true)
  }
}
