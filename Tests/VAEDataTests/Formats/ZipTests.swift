import Foundation
import TestSupport
import Testing

@testable import VAEData

struct ZipTests {
  private let text = Array("some text, some more text, and more of the same text".utf8)

  @Test(arguments: [false, true]) func entriesComeBack(deflated: Bool) throws {
    let long = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 7) }
    let zip = try open(
      TestArchive(entries: [
        .init("a", text, deflated: deflated), .init("ä/b", [], deflated: deflated),
        .init("c", long, deflated: deflated),
      ]))
    #expect(zip.entries.map(\.name) == ["a", "ä/b", "c"])
    #expect(try contents(zip, "a") == text && contents(zip, "ä/b") == [] && contents(zip, "c") == long)
    #expect(zip["d"] == nil)
    #expect(try open(TestArchive(entries: [])).entries.isEmpty)
  }

  /// Lies of one entry, and the end of the line that refuses it.
  private static let lies: [(String, @Sendable (inout TestArchive.Entry) -> Void, String)] = [
    ("encrypted", { $0.flags = 1 }, "expected contents that anyone can read, found encrypted ones"),
    ("another method", { $0.method = 93 }, "stored or deflated, found Zstandard: pack it again by zip"),
    ("an unknown method", { $0.method = 50 }, "stored or deflated, found method 50: pack it again by zip"),
    (
      "wrong checksum", { $0.checksum ^= 1 },
      "expected contents of the checksum that the archive has for it, found others"
    ),
    ("larger than it is", { $0.size += 1 }, "expected 53 bytes of contents, found 52"),
    ("smaller than it is", { $0.size -= 1 }, "expected 51 bytes of contents, found more"),
    ("empty", { ($0.size, $0.checksum) = (0, 0) }, "expected 0 bytes of contents, found more"),
    (
      "a bomb by its own word", { $0.size = 1 << 31 },
      "expected 2147483648 bytes of contents, found 36 compressed bytes, which cannot hold them"
    ),
    (
      "beyond the file", { $0.compressedSize = 1 << 30 },
      "where the next thing begins, found 1073741824 bytes from byte 0"
    ),
    ("over the directory", { $0.compressedSize += 1 }, "where the next thing begins, found 37 bytes from byte 0"),
    (
      "cut short", { $0.compressedSize -= 4 },
      "expected the rest of the compressed data, found the end of entry \"a\": it is cut short"
    ),
    (
      "more than its stream",
      {
        $0.data.append(0); $0.compressedSize += 1
      }, "expected 37 compressed bytes, found the end after 36"
    ),
    ("header elsewhere", { $0.offset = 3 }, "where the next thing begins, found 36 bytes from byte 3"),
    ("header outside", { $0.offset = 0xFFFF_FFF0 }, "where the next thing begins, found 36 bytes from byte 4294967280"),
    ("another name in its header", { $0.localName = "b" }, "found others in its own header"),
    ("another method in its header", { $0.localMethod = 0 }, "found others in its own header"),
    ("another size in its header", { $0.localSize = 51 }, "found others in its own header"),
    ("another checksum in its header", { $0.localChecksum = 7 }, "found others in its own header"),
    ("another flag in its header", { $0.localFlags = 1 }, "found others in its own header"),
    ("other sizes to come", { ($0.flags, $0.localFlags, $0.localSize) = (8, 8, 51) }, "found others in its own header"),
    (
      "a long name in its header", { $0.localNameCount = 99 },
      "found a header beyond which they do not fit"
    ),
    ("no header", { $0.localSignature = 0 }, "expected a header and 36 bytes at byte 0, found no header"),
    ("damaged data", { $0.data[3] ^= 0xFF }, ""),
  ]

  @Test(arguments: lies.indices) func lyingEntryIsRefused(index: Int) throws {
    let (name, lie, expected) = Self.lies[index]
    var archive = TestArchive(entries: [.init("a", text, deflated: true)])
    lie(&archive.entries[0])
    // The header's own word is that of the directory where nothing else is said.
    let folder = try TemporaryFolder()
    let path = try folder.write(archive.bytes, to: "a.zip")
    let message = errorDescription {
      let zip = try Zip(path: path)
      _ = try contents(zip, "a")
    }
    #expect(message.hasPrefix("\(path): ") && message.hasSuffix(expected), "\(name): \(message)")
    #expect(!message.contains("\n"))
  }

  @Test func storedEntryHasItsSize() throws {
    var archive = TestArchive(entries: [.init("a", text, deflated: false)])
    archive.entries[0].size = 51
    let zip = try open(archive)
    #expect(errorDescription { _ = try contents(zip, "a") }.hasSuffix("expected 51 bytes stored as they are, found 52"))
  }

  /// Nothing is set aside for what an entry says; what might be true, and hardly ever is, is counted first.
  @Test(arguments: [
    (67_108_864, "compressed bytes, which cannot hold them"), (1_049_600, "bytes of contents, found 1048704"),
  ]) func bombsAreRefused(claimed: Int, expected: String) throws {
    // The header of an array, and a mebibyte of zeros for it, which shrink a thousand times.
    var header = [UInt8](NPY.encode([0] as [UInt8], shape: [1]).dropLast())
    let place = try #require(header.indices.first { header[$0...].starts(with: "(1,)".utf8) })
    let shape = "(\(claimed),), }"
    header.replaceSubrange(place..<place + shape.utf8.count, with: shape.utf8)
    var entry = TestArchive.Entry("x.npy", header + [UInt8](repeating: 0, count: 1 << 20), deflated: true)
    entry.size = header.count + claimed
    let folder = try TemporaryFolder()
    let path = try folder.write(TestArchive(entries: [entry]).bytes, to: "x.npz")
    let message = errorDescription { _ = try NPZ.read(path: path) }
    #expect(message.hasPrefix("\(path): entry \"x.npy\": expected ") && message.hasSuffix(expected), "\(message)")
  }

  /// One stretch of data for two entries is how small files hold much.
  @Test func overlapsAreRefused() throws {
    var archive = TestArchive(entries: [.init("a", text, deflated: true), .init("b", text, deflated: true)])
    archive.entries[1].offset = 0
    let folder = try TemporaryFolder()
    let path = try folder.write(archive.bytes, to: "a.zip")
    let message = errorDescription { _ = try Zip(path: path) }
    #expect(message.contains("expected its end before byte 0, where the next thing begins"))
  }

  @Test func strangeDirectoriesAreRefused() throws {
    let folder = try TemporaryFolder()
    let archive = TestArchive(entries: [.init("a", text, deflated: true), .init("b", text, deflated: false)])
    func message(_ change: (inout TestArchive) -> Void) throws -> String {
      var archive = archive
      change(&archive)
      let path = try folder.write(archive.bytes, to: "a.zip")
      return errorDescription { _ = try Zip(path: path) }.replacing(path, with: "PATH")
    }
    #expect(try message { $0.entryCount = 1 }.hasSuffix("expected 1 entry, found 47 more bytes"))
    #expect(
      try message { $0.entryCount = 3 }.hasSuffix(
        "expected 3 entries in the 94 bytes before byte 244, found a beginning at byte 150"))
    #expect(try message { $0.entryCount = 0xFFFF }.contains("expected 65535 entries"))
    #expect(try message { $0.directoryOffset = 7 }.hasSuffix("before byte 244, found a beginning at byte 7"))
    #expect(try message { $0.directorySize = 1 << 31 }.contains("in the 2147483648 bytes before"))
    #expect(try message { $0.disk = 1 }.hasSuffix("expected an archive of one file, found one part of several"))
    #expect(try message { $0.entries[1].name = "a" }.hasSuffix("expected each name once, found two entries \"a\""))
    #expect(
      try message { $0.trailing = [1, 2, 3] }
        == "PATH: expected a zip archive, with a directory at its end, found none: it is cut short")
    #expect(try message { $0.leading = [0, 0] }.contains("found a beginning at byte 150"))
    for count in stride(from: 0, to: archive.bytes.count, by: 3) {
      let path = try folder.write(archive.bytes.prefix(count), to: "cut.zip")
      #expect(throws: DataError.self) { _ = try Zip(path: path) }
    }
  }

  private func open(_ archive: TestArchive) throws -> Zip {
    let folder = try TemporaryFolder()
    return try Zip(path: folder.write(archive.bytes, to: "a.zip"))
  }

  private func contents(_ zip: Zip, _ name: String) throws -> [UInt8] {
    let reader = try zip.open(#require(zip[name]))
    var bytes: [UInt8] = []
    while true {
      let part = try reader.read(atMost: 1000)
      if part.isEmpty { return bytes }
      bytes += part
    }
  }
}
