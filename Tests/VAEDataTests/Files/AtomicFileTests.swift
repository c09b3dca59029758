import Foundation
import TestSupport
import Testing

@testable import VAEData

@Suite struct AtomicFileTests {
  @Test func aFileHoldsWhatWasAppended() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "a.bin")
    let floats: [Float] = [1, -2, .pi]
    try AtomicFile.write(to: path) { writer in
      try writer.append("head\n")
      try writer.append(floats)
      try floats.withUnsafeBufferPointer { try writer.append($0) }
      try writer.append(UnsafeRawBufferPointer(start: nil, count: 0))
      #expect(writer.count == 5 + 2 * 12)
    }
    let expected = Data("head\n".utf8) + (floats + floats).withUnsafeBytes { Data($0) }
    #expect(try Data(contentsOf: URL(filePath: path)) == expected)
    #expect(try Folder.names(in: folder.path) == ["a.bin"])
  }

  @Test func aLaterFileReplacesAnEarlierOneThatStaysReadable() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "a.txt")
    try AtomicFile.write("old", to: path)
    let reader = try FileReader(path: path)
    try AtomicFile.write("a longer new one", to: path)
    #expect(try reader.bytes(at: 0, count: reader.count) == Array("old".utf8))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a longer new one")
  }

  @Test func aFailureInTheMiddleLeavesTheEarlierFileAndNothingElse() throws {
    struct Stop: Error {}
    let folder = try TemporaryFolder()
    let path = folder.path(of: "a.txt")
    try AtomicFile.write("old", to: path)
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: path) { writer in
        try writer.append("half")
        throw Stop()
      }
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try Folder.names(in: folder.path) == ["a.txt"])
  }

  #if os(Linux)
    @Test func aFullDiskIsNamed() throws {
      let file = try #require(FileHandle(forWritingAtPath: "/dev/full"))
      let error = #expect(throws: FileError.self) {
        var writer = AtomicFile.Writer(descriptor: file.fileDescriptor, path: "run/model.safetensors")
        try writer.append("bytes")
      }
      #expect(error?.description == "run/model.safetensors: cannot write the file: no space left on device")
    }
  #endif

  @Test(arguments: [
    ("missing/a.txt", "cannot create the file: no such file or directory"),
    ("file/a.txt", "cannot create the file: not a directory"),
    ("folder", "cannot write the file: there is already something there, a folder"),
  ])
  func aPlaceThatCannotBeWrittenIsNamed(name: String, message: String) throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("", to: folder.path(of: "file"))
    try Folder.create(at: folder.path(of: "folder"))
    let path = folder.path(of: name)
    let error = #expect(throws: FileError.self) { try AtomicFile.write("x", to: path) }
    #expect(error?.description == "\(path): \(message)")
  }

  @Test func aPipeOrDeviceIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path(of: "pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let error = #expect(throws: FileError.self) { try AtomicFile.write("x", to: pipe) }
    #expect(error?.reason == "there is already something there, not a regular file")
  }

  // MARK: As if it were written in place

  @Test(arguments: ["target", "folder/target"])
  func aLinkStaysALinkAndItsTargetIsWritten(target: String) throws {
    let folder = try TemporaryFolder()
    try Folder.create(at: folder.path(of: "folder"))
    let link = folder.path(of: "link")
    #expect(symlink(target, link) == 0)
    // At first there is no target.
    for text in ["first", "second"] {
      try AtomicFile.write(text, to: link)
      #expect(SystemCall.target(ofLink: link) == target)
      #expect(try FileReader.text(path: folder.path(of: target)) == text)
    }
    #expect(try Folder.names(in: folder.path).allSatisfy { !$0.hasPrefix(".") })
  }

  @Test func aLinkToALinkInAnotherFolderIsFollowed() throws {
    let folder = try TemporaryFolder()
    try Folder.create(at: folder.path(of: "a"))
    #expect(symlink("a/second", folder.path(of: "first")) == 0)
    #expect(symlink("third", folder.path(of: "a/second")) == 0)
    try AtomicFile.write("x", to: folder.path(of: "first"))
    #expect(try FileReader.text(path: folder.path(of: "a/third")) == "x")
    #expect(try Folder.names(in: folder.path(of: "a")) == ["second", "third"])
  }

  @Test func linksInACircleAreAnError() throws {
    let folder = try TemporaryFolder()
    #expect(symlink("b", folder.path(of: "a")) == 0)
    #expect(symlink("a", folder.path(of: "b")) == 0)
    let error = #expect(throws: FileError.self) { try AtomicFile.write("x", to: folder.path(of: "a")) }
    #expect(error?.reason == "too many levels of symbolic links")
  }

  @Test(arguments: [0o600, 0o640, 0o664, 0o755] as [mode_t])
  func aFileThatIsThereKeepsItsPermissions(mode: mode_t) throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "a")
    try AtomicFile.write("old", to: path)
    #expect(chmod(path, mode) == 0)
    try AtomicFile.write("new", to: path)
    #expect(try #require(SystemCall.status(path)).st_mode & 0o7777 == mode)
    #expect(try FileReader.text(path: path) == "new")
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everything"))
  func aFileThatMayNotBeWrittenIsNotReplaced() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "a")
    try AtomicFile.write("old", to: path)
    #expect(chmod(path, 0o444) == 0)
    let error = #expect(throws: FileError.self) { try AtomicFile.write("new", to: path) }
    #expect(error?.description == "\(path): cannot write the file: permission denied")
    #expect(try FileReader.text(path: path) == "old")
  }

  /// One may write into it, but not open it, which a sync needs.
  @Test func aFolderThatCannotBeReadTakesAFile() throws {
    let folder = try TemporaryFolder()
    let inner = folder.path(of: "inner")
    try Folder.create(at: inner)
    #expect(chmod(inner, 0o300) == 0)
    try AtomicFile.write("x", to: inner + "/a")
    #expect(chmod(inner, 0o700) == 0)
    #expect(try Folder.names(in: inner) == ["a"])
  }

  @Test func leftoversAreSweptAndFilesBeingWrittenAreNot() throws {
    let folder = try TemporaryFolder()
    for name in [".model.safetensors.1-1.vae-partial", ".model.safetensors.\(getpid())-1.vae-partial"] {
      #expect(FileManager.default.createFile(atPath: folder.path(of: name), contents: Data("half".utf8)))
    }
    try AtomicFile.write("kept", to: folder.path(of: "a.txt"))
    try AtomicFile.write(to: folder.path(of: "b.txt")) { writer in
      try writer.append("be")
      #expect(try AtomicFile.sweepLeftovers(in: folder.path) == 2)
      try writer.append("ing written")
    }
    #expect(try Folder.names(in: folder.path) == ["a.txt", "b.txt"])
    #expect(try AtomicFile.sweepLeftovers(in: folder.path) == 0)
  }

  @Test func aVeryLongNameStillHasRoomForATemporary() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "n", count: 255)
    try AtomicFile.write("x", to: folder.path(of: name))
    #expect(try Folder.names(in: folder.path) == [name])
  }
}

@Suite struct FolderTests {
  @Test func foldersAreCreatedWithThoseAboveThem() throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "a/b//c/")
    try Folder.create(at: path)
    try Folder.create(at: path)
    #expect(try Folder.names(in: folder.path(of: "a/b")) == ["c"])
  }

  /// Many at once, and none gets what another got.
  @Test func everyCallerGetsAFolderOfItsOwn() async throws {
    let folder = try TemporaryFolder()
    let path = folder.path(of: "runs/now")
    let made = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<20 { group.addTask { try NewFolders(numberedAt: path).path } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(made).count == 20)
    #expect(try Folder.names(in: folder.path(of: "runs")).count == 20)
  }

  @Test func aFileInTheWayIsNamed() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("", to: folder.path(of: "file"))
    let error = #expect(throws: FileError.self) { try Folder.create(at: folder.path(of: "file/run")) }
    #expect(error?.description == "\(folder.path(of: "file")): cannot create the folder: not a directory")
    #expect(throws: FileError.self) { try Folder.create(at: "") }
  }
}

@Suite struct FileReaderTests {
  @Test func onlyRegularFilesAreRead() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileError.self) { try FileReader(path: folder.path) }
    #expect(throws: FileError.self) { try FileReader(path: folder.path(of: "missing")) }
    let pipe = folder.path(of: "pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect(throws: FileError.self) { try FileReader(path: pipe) }
  }

  @Test func readingPastTheEndIsAnError() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write("12345", to: folder.path(of: "a"))
    let reader = try FileReader(path: folder.path(of: "a"))
    #expect(try reader.bytes(at: 2, count: 3) == Array("345".utf8))
    #expect(throws: FileError.self) { try reader.bytes(at: 3, count: 3) }
  }
}
