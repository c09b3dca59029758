import Foundation
import TestSupport
import Testing
import VAEData

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
