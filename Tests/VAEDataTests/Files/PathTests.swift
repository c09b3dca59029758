import Foundation
import TestSupport
import Testing

@testable import VAEData

@Suite struct PathTests {
  /// Each byte alone, each between two letters, valid characters of every length, the characters that stand for bytes, and
  /// what is cut off, too long or a surrogate.
  static let names: [[UInt8]] =
    (1...255).map { [$0] } + (1...255).map { [0x61, $0, 0x62] }
    + ["données", "数据", "🙂", "\u{EF80}", "a\u{EFFF}b", "e\u{301}", "\u{E9}"].map { Array($0.utf8) }
    + [[0xE2, 0x82], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x61, 0xFF, 0xC3, 0xA9, 0xFE]]

  @Test func everyPathComesBackAsItWas() {
    for name in Self.names { #expect(Path.bytes(of: Path.text(of: name)) == name) }
  }

  @Test func textThatIsUTF8IsItself() {
    for name in ["runs/a", "données", "数据", "🙂"] { #expect(Path.text(of: Array(name.utf8)) == name) }
  }

  /// Where the file system takes such names; some insist on UTF-8.
  @Test func aNameInLatin1IsCreatedListedAndRead() throws {
    let folder = try TemporaryFolder()
    let name = Path.text(of: [0x64, 0xE9])
    let path = Folder.path(of: name, in: folder.path)
    #if os(Linux)
      try AtomicFile.write("x", to: path)
      #expect(try Folder.names(in: folder.path) == [name])
      #expect(try FileReader.text(path: path) == "x")
      #expect(try Path.kind(path) == .file)
    #endif
  }

  @Test func aPathFromTheRootKeepsItsParts() throws {
    #expect(Path.absolute("/a/link/../b") == "/a/link/../b")
    let here = try #require(SystemCall.currentFolder())
    #expect(Path.absolute("link/../b") == here + "/link/../b")
    #expect(Path.absolute("~/b") == here + "/~/b")
  }

  @Test func namesOfFolders() throws {
    #expect(Path.name(of: "runs/run") == "run")
    #expect(Path.name(of: "runs/run//") == "run")
    #expect(Path.name(of: "/") == "/")
    let folder = try TemporaryFolder()
    try Folder.create(at: folder.path(of: "a/b"))
    #expect(Path.name(of: folder.path(of: "a/b/..")) == "a")
  }

  @Test func whatCannotBeLookedAtIsNotMissing() throws {
    let folder = try TemporaryFolder()
    #expect(try Path.kind(folder.path(of: "a")) == .nothing)
    #expect(throws: FileError.self) { try Path.kind(folder.path(of: String(repeating: "n", count: 300))) }
  }
}
