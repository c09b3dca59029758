import Foundation
import TestSupport
import Testing
import VAEKernels

@testable import VAEData

/// Sparse counts in an archive, from where they are read again.
struct ConvertedCountsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let columns = 9

  /// Counts of 120 rows, of which every eleventh is empty, with names and a column to be told; none beyond `most`.
  private func text(most: Int = 40) -> String {
    var random = RandomSequence(RandomStream(seed: 5, purpose: .user))
    var text = "id,batch,kind," + (0..<Self.columns).map { "gene \($0)" }.joined(separator: ",") + "\n"
    for row in 0..<120 {
      let numbers = (0..<Self.columns).map { column in
        row % 11 == 3 || random.integer(below: 4) > 0 ? 0 : row == 17 ? most : 1 + Int(random.integer(below: 9))
      }
      text += "cell \(row),\(row % 3 == 0 ? "x" : "y"),\(row % 2 == 0 ? "B" : "T"),"
      text += numbers.map { "\($0)" }.joined(separator: ",") + "\n"
    }
    return text
  }

  private func source(_ text: String) throws -> DataSource {
    var reading = DataReading()
    (reading.rows, reading.idColumn, reading.labelColumn) = (.counts, "id", "kind")
    reading.modelling.conditions = ["batch"]
    return DataSource(path: try folder.write(text.utf8, to: "t.csv"), reading: reading, seed: 1)
  }

  /// What is read of the archive at a path.
  private func read(
    _ name: String = "c.npz", _ storage: DataReading.Storage = .automatic,
    _ change: (inout DataReading) -> Void = { _ in }
  ) throws -> Dataset {
    var reading = DataReading()
    reading.storage = storage
    change(&reading)
    return try DataSource(path: folder.path(of: name), reading: reading, seed: 1).contents().examples
  }

  @Test(arguments: [(40, "uint8", 3), (256, "uint16", 4), (70_000, "uint32", 6)])
  func whatIsWrittenIsReadAsTheSame(most: Int, type: String, bytes: Int) throws {
    let source = try source(text(most: most))
    let converted = try source.convert(to: folder.path(of: "c.npz"), as: .npz)
    let expected = try source.contents().examples
    #expect(converted.type == type && converted.shape == [120, Self.columns] && converted.remarks == [])
    #expect(converted.stored == expected.allNumbers.count { $0 != 0 })
    for storage in [DataReading.Storage.memory, .file] {
      let found = try read("c.npz", storage)
      #expect(found.isInFile == (storage == .file) && found.isSparse && found.isOfCounts)
      guard case .compressed(let rows) = found.storage else { return }
      #expect(rows.bytesOfAnEntry == bytes)
      #expect(found.fingerprint == expected.fingerprint && found.labelFingerprint == expected.labelFingerprint)
      #expect(found.allNumbers == expected.allNumbers && found.featureNames == expected.featureNames)
      #expect(found.ids == expected.ids && found.labels == expected.labels && found.classNames == ["B", "T"])
      #expect(found.told?.allNumbers == expected.told?.allNumbers && found.told?.columns == expected.told?.columns)
      #expect(found.mean() == expected.mean() && found.density == expected.density && found.failure == nil)
      let some = [8, 0, 119, 2, 2, 5]
      #expect(found.subset(some).allNumbers == expected.subset(some).allNumbers)
    }
  }

  @Test func whatIsToldIsChosen() throws {
    _ = try source(text()).convert(to: folder.path(of: "c.npz"), as: .npz)
    #expect(try read { $0.cells.told = ["batch"] }.told?.columns.map(\.name) == ["batch"])
    #expect(errorDescription { _ = try read { $0.cells.told = ["none"] } }.contains("none"))
    // What it is told may be its classes instead.
    #expect(try read { $0.labelColumn = "batch" }.classNames == ["x", "y"])
    #expect(try read { $0.labelColumn = "kind" }.classNames == ["B", "T"])
    #expect(errorDescription { _ = try read { $0.labelColumn = "nothing" } }.contains("nothing"))
    #expect(errorDescription { _ = try read { $0.cells.topGenes = 3 } }.contains("--top-features"))
    // And converted again it is the same file.
    _ = try DataSource(path: folder.path(of: "c.npz"), seed: 1).convert(to: folder.path(of: "d.npz"), as: .npz)
    #expect(try folder.read("d.npz") == folder.read("c.npz"))
    let some = try read { $0.columns = ["gene 3", "gene 7"] }
    #expect(some.featureNames == ["gene 3", "gene 7"] && some.isSparse)
  }

  /// A minibatch of rows in a file is that of the same rows in memory.
  @Test func minibatchesAreThoseOfMemory() throws {
    _ = try source(text()).convert(to: folder.path(of: "c.npz"), as: .npz)
    let model = try VariationalAutoencoder(
      Architecture(inputCount: Self.columns, encoderHidden: [16], likelihood: NegativeBinomial()))
    let minibatches = try [DataReading.Storage.memory, .file].map { storage in
      let data = try read("c.npz", storage)
      let ahead = ReadAhead(data)
      let workspace = Workspace(for: model, capacity: 30, gradients: false, form: data.form(for: model))
      let examples = (0..<30).map { UInt32($0 * 37 % 120) }
      ahead.advance(to: 0..<30, of: 30) { Int(examples[$0]) }
      let minibatch = workspace.minibatch(0..<30)
      examples.withUnsafeBufferPointer {
        data.gather($0, .none, RandomStream(seed: 0, purpose: .user), into: minibatch)
      }
      let full = AlignedBuffer(count: 30 * Self.columns)
      let matrix = Matrix(full.base, rows: 30, columns: Self.columns)
      try #require(minibatch.entries).write(into: matrix)
      #expect(matrix.copyElements() == data.subset(examples.map { Int($0) }).allNumbers)
      return try (matrix.copyElements(), #require(minibatch.exposure).copyElements())
    }
    #expect(minibatches[0].0 == minibatches[1].0 && minibatches[0].1 == minibatches[1].1)
  }

  /// A file that changes under a reader is a failure that is told, and nothing worse.
  @Test func aFileThatChangesIsAFailure() throws {
    _ = try source(text()).convert(to: folder.path(of: "c.npz"), as: .npz)
    let path = folder.path(of: "c.npz")
    let whole = try folder.read("c.npz")
    for change in ["shortened", "of other columns"] {
      try folder.write(whole, to: "c.npz")
      let data = try read("c.npz", .file)
      #expect(data.allNumbers.contains { $0 > 0 } && data.failure == nil)
      let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      if change == "shortened" {
        try handle.truncate(atOffset: 600)
      } else {
        try handle.write(contentsOf: [UInt8](repeating: 0xFF, count: whole.count))
      }
      try handle.close()
      #expect(data.allNumbers.allSatisfy { $0 == 0 })
      #expect(data.failure?.path == path, "\(change)")
    }
  }

  @Test func aTestSetIsBehindTheTrainingSet() throws {
    let source = try source(text())
    _ = try source.convert(to: folder.path(of: "c.npz"), as: .npz)
    var both = DataSource(path: folder.path(of: "c.npz"), seed: 1)
    both.reading.testPath = folder.path(of: "c.npz")
    let converted = try both.convert(to: folder.path(of: "d.npz"), as: .npz)
    let (once, twice) = (try read(), try read("d.npz"))
    #expect(converted.shape == [240, Self.columns])
    #expect(twice.allNumbers == once.allNumbers + once.allNumbers && twice.ids == once.ids! + once.ids!)
    #expect(twice.told?.allNumbers == once.told!.allNumbers + once.told!.allNumbers)
  }

  /// Where the rows are written as a table, their names are too.
  @Test func otherFormatsHaveTheNames() throws {
    let source = try source(text())
    _ = try source.convert(to: folder.path(of: "c.npz"), as: .npz)
    let archive = DataSource(path: folder.path(of: "c.npz"), seed: 1)
    let array = try archive.convert(to: folder.path(of: "d.npy"), as: .npy)
    #expect(array.remarks == ["what a model is told is left out, for which .npz and .csv have room"])
    #expect(array.beside.map(\.content) == ["columns", "classes", "names"])
    #expect(try read("d.npy").columns.map(\.name) == (0..<Self.columns).map { "gene \($0)" })
    _ = try archive.convert(to: folder.path(of: "d.csv"), as: .csv)
    let lines = try String(decoding: folder.read("d.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines[0].hasPrefix("id,label,batch,gene 0,") && lines[1].hasPrefix("cell 0,B,x,"))
  }

  // MARK: Bad files

  /// An archive of compressed rows by hand: 3 × 4.
  private func archive(
    indptr: [Int] = [0, 2, 2, 3], indices: [Double] = [0, 3, 1], data: [Double] = [5, 1, 2], type: String = "|u1",
    indexType: String = "<i2", told: [Float]? = nil
  ) throws {
    var entries: [(String, [UInt8])] = [
      ("format", Array(NPY.header(type: "|S3", shape: [], count: 1)) + Array("csr".utf8)),
      ("shape", Array(NPY.encode([3, 4], shape: [2]))),
      ("indptr", Array(NPY.encode(indptr, shape: [indptr.count]))),
      ("indices", TestArrays.npy(indices, as: indexType, shape: [indices.count])),
      ("data", TestArrays.npy(data, as: type, shape: [data.count])),
    ]
    if let told { entries.append(("told", Array(NPY.encode(told, shape: [told.count, 1])))) }
    let columns = #"{"columns": [], "told": [{"name": "age"}], "areCounts": true}"#
    try AtomicFile.write(to: folder.path(of: "c.npz")) { file in
      var zip = ZipWriter()
      for (name, bytes) in entries { try zip.append(name + ".npy", bytes, to: &file) }
      if told != nil { try zip.append("columns.json", Array(columns.utf8), to: &file) }
      try zip.finish(&file)
    }
  }

  private func refusal(_ storage: DataReading.Storage) -> String {
    errorDescription { _ = try read("c.npz", storage) { $0.rows = .counts } }
      .replacing(folder.path(of: "c.npz"), with: "PATH")
  }

  @Test(arguments: [DataReading.Storage.memory, .file]) func whatIsWrongIsNamed(storage: DataReading.Storage) throws {
    try archive()
    #expect(try read("c.npz", storage).allNumbers == [5, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0])
    try archive(indices: [0, 4, 1])
    #expect(refusal(storage) == "PATH: indices, row 0 from 0: expected columns from 0 to 3, found 4")
    try archive(indices: [0, -1, 1], indexType: "<i4")
    #expect(refusal(storage) == "PATH: indices, row 0 from 0: expected columns from 0 to 3, found another")
    try archive(indptr: [0, 2, 1, 3])
    #expect(refusal(storage) == "PATH: indptr: expected starts of rows that rise, found 1 after 2")
    try archive(indptr: [0, 2, 2, 4])
    #expect(refusal(storage) == "PATH: indptr: expected 4 starts of rows, from 0 to 3, found 4, from 0 to 4")
    try archive(indptr: [0, 2, 3])
    #expect(refusal(storage).hasPrefix("PATH: indptr: expected 4 starts of rows"))
    try archive(data: [5, 1])
    #expect(refusal(storage).hasPrefix("PATH: indices: expected the number of a column for each of 2 numbers"))
    try archive(indexType: "<f4")
    #expect(refusal(storage).hasSuffix("found floats"))
    try archive(data: [5, 1, 2.5], type: "<f4")
    #expect(refusal(storage).contains("row 3, column \"column 2\": expected a whole number from 0 up"))
    try archive(told: [40, 30, 20])
    #expect(try read("c.npz", storage).told?.count == 3)
    try archive(told: [40, 30])
    #expect(refusal(storage) == "PATH: told: expected a number for each of 3 rows and 1 column, found [2, 1]")
    try archive(data: [5, -1, 2], type: "<f4")
    #expect(refusal(storage).contains("row 1, column \"column 4\": expected a whole number"))
  }

  /// Other programs write columns in any order, and a place several times.
  @Test func otherOrdersAreReadIntoMemory() throws {
    try archive(indices: [3, 0, 1])
    #expect(try read().allNumbers == [1, 0, 0, 5, 0, 0, 0, 0, 0, 2, 0, 0])
    #expect(refusal(.file).contains("for --storage file (vae-train convert makes such a file), found"))
    try archive(indices: [3, 3, 1])
    #expect(try read().allNumbers == [0, 0, 0, 6, 0, 0, 0, 0, 0, 2, 0, 0])
    try archive(data: [5, 0, 2])
    #expect(try read().allNumbers == [5, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0])
    #expect(refusal(.file).contains("convert"))
    try archive(type: "<f8", indexType: ">i4")
    #expect(try read().isSparse && read().allNumbers == [5, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0, 0])
  }

  @Test func truncatedAndDamagedArchivesAreRefused() throws {
    _ = try source(text()).convert(to: folder.path(of: "c.npz"), as: .npz)
    let whole = [UInt8](try folder.read("c.npz"))
    for length in stride(from: 4, to: whole.count, by: whole.count / 40) {
      try folder.write(whole[..<length], to: "c.npz")
      let message = errorDescription { _ = try read("c.npz", .file) }
      #expect(message.contains("c.npz: ") && !message.contains("\n"), "\(length): \(message)")
    }
    var random = RandomSequence(RandomStream(seed: 8, purpose: .user))
    var refused = 0
    for index in 0..<400 {
      var bytes = whole
      for _ in 0...random.integer(below: 3) {
        bytes[Int(random.integer(below: UInt32(bytes.count)))] = UInt8(random.integer(below: 256))
      }
      try folder.write(bytes, to: "c.npz")
      let message = errorDescription { _ = try read("c.npz", index % 2 == 0 ? .file : .memory).allNumbers }
      #expect(!message.contains("\n"), "\(message)")
      if !message.isEmpty { refused += 1 }
    }
    // Nearly every byte is under a checksum.
    #expect(refused > 350, "\(refused)")
  }
}
