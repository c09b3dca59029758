import Foundation
import TestSupport
import Testing

@testable import VAEData

struct ZipWriterTests {
  @Test func whatIsWrittenIsRead() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "a.zip")
    let long = (0..<70_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }
    try AtomicFile.write(to: path) { file in
      var zip = ZipWriter()
      try zip.append("a.npy", [1, 2, 3], to: &file)
      try zip.append("ä/b", [], to: &file)
      try zip.append("c", count: long.count, to: &file) { append in
        for start in stride(from: 0, to: long.count, by: 1000) {
          try long[start..<start + 1000].withUnsafeBytes { try append($0) }
        }
      }
      try zip.finish(&file)
    }
    let zip = try Zip(path: path)
    #expect(zip.entries.map(\.name) == ["a.npy", "ä/b", "c"])
    #expect(try zip.open(zip.entries[0]).read(atMost: 10) == [1, 2, 3])
    #expect(try zip.open(zip.entries[1]).read(atMost: 10) == [])
    let reader = try zip.open(zip.entries[2])
    #expect(try reader.read(atMost: 100_000) == long && reader.read(atMost: 1) == [])
  }

  @Test func anEmptyArchiveIsOne() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "a.zip")
    try AtomicFile.write(to: path) { try ZipWriter().finish(&$0) }
    #expect(try Zip(path: path).entries.isEmpty)
  }
}
