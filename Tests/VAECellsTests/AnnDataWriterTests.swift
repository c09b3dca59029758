import CStandardLibrary
import Foundation
import TestSupport
import Testing
import VAEData

@testable import VAECells

/// Embeddings and columns that are added to AnnData.
struct AnnDataWriterTests {
  private let folder: TemporaryFolder
  private let means = (0..<36).map { Float($0) / 4 }
  private let losses = (0..<12).map { Float($0) * 1.5 }

  init() throws { folder = try TemporaryFolder() }

  private var additions: CellAdditions {
    CellAdditions(
      embeddings: [CellAdditions.Embedding(name: "X_vae", width: 3, values: means)],
      columns: [CellAdditions.Column(name: "vae_loss", values: losses)])
  }

  private func copy(_ name: String) throws -> String {
    try folder.write(Data(contentsOf: URL(fileURLWithPath: CellFixture.path(name))), to: name)
  }

  private func expectAdded(_ path: String, _ name: String) throws {
    let file = try HDF5File(path: path)
    let embedding = try file.requiredDataset(at: "obsm/X_vae")
    #expect(embedding.shape == [12, 3])
    #expect(try embedding.read(Float.self, [0..<12, 0..<3]).withNumbers { Array($0) } == means)
    #expect(try file.attribute("encoding-type", of: "obsm/X_vae")?.text == "array")
    #expect(try file.attribute("encoding-version", of: "obsm/X_vae")?.text == "0.2.0")
    let cells = try CellFile(path: path)
    #expect(try cells.obsColumn("vae_loss").values == .numbers(losses.map { Double($0) }))
    #expect(cells.obsNames == (try CellFile(path: CellFixture.path(name)).obsNames + ["vae_loss"]))
    // And all the rest is as it was.
    #expect(try cells.collect().sink.dense(columns: 7) == CellFixture.expected.counts)
  }

  @Test(arguments: ["csr-gzip.h5ad", "dense.h5ad", "old-07-big-endian.h5ad"])
  func additionsAreInTheCopy(name: String) throws {
    let target = folder.path(of: "out.h5ad")
    try AnnDataWriter.write(additions, into: CellFixture.path(name), target: target)
    try expectAdded(target, name)
    #expect(try Folder.names(in: folder.path) == ["out.h5ad"])
  }

  @Test func inPlaceAndTwice() throws {
    let path = try copy("csr-gzip.h5ad")
    // Of one that was killed.
    try folder.write([1, 2, 3], to: ".csr-gzip.h5ad.1-1.vae-partial")
    for _ in 0..<2 { try AnnDataWriter.write(additions, into: path, target: path) }
    try expectAdded(path, "csr-gzip.h5ad")
    #expect(try Folder.names(in: folder.path) == ["csr-gzip.h5ad"])
  }

  @Test func whatMayOnlyBeReadStaysAsItIs() throws {
    let path = try copy("csr-gzip.h5ad")
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    #expect(throws: FileError.self) { try AnnDataWriter.write(additions, into: path, target: path) }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
  }

  @Test func aColumnTakesThePlaceOfOneOfItsName() throws {
    let path = try copy("csr-gzip.h5ad")
    let column = CellAdditions.Column(name: "type", values: losses)
    try AnnDataWriter.write(CellAdditions(columns: [column]), into: path, target: path)
    let file = try CellFile(path: path)
    #expect(file.obsNames.count { $0 == "type" } == 1)
    #expect(try file.obsColumn("type").values == .numbers(losses.map { Double($0) }))
  }

  @Test func oldTablesTakeEmbeddingsAndNoColumns() throws {
    let path = try copy("old-06.h5ad")
    let error = #expect(throws: DataError.self) { try AnnDataWriter.write(additions, into: path, target: path) }
    #expect(error?.found == "a table of an earlier one, to which none can be added")
    try AnnDataWriter.write(CellAdditions(embeddings: additions.embeddings), into: path, target: path)
    #expect(try HDF5File(path: path).dataset(at: "obsm/X_vae") != nil)
    #expect(try HDF5File(path: path).attribute("encoding-type", of: "obsm")?.text == "dict")
  }

  @Test func otherCellsAndNamesAreRefused() throws {
    let path = try copy("dense.h5ad")
    for bad in [
      CellAdditions(embeddings: [CellAdditions.Embedding(name: "X_vae", width: 3, values: [1, 2, 3])]),
      CellAdditions(columns: [CellAdditions.Column(name: "a/b", values: losses)]),
      CellAdditions(columns: [CellAdditions.Column(name: "_index", values: losses)]),
      CellAdditions(columns: [CellAdditions.Column(name: "", values: losses)]),
    ] {
      #expect(throws: DataError.self) { try AnnDataWriter.write(bad, into: path, target: path) }
    }
    #expect(throws: DataError.self) {
      try AnnDataWriter.write(additions, into: CellFixture.path("tenx-3.h5"), target: folder.path(of: "out.h5ad"))
    }
    #expect(try Folder.names(in: folder.path) == ["dense.h5ad"])
  }

  /// A copy that breaks at any place leaves the file as it was, and nothing beside it.
  @Test(arguments: (0..<16).map { 100 + 1700 * $0 }) func damageIsNotPutInPlace(place: Int) throws {
    let target = try folder.write(Array("as it was".utf8), to: "out.h5ad")
    var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: CellFixture.path("dense.h5ad"))))
    bytes.removeSubrange(place..<min(place + 900, bytes.count))
    let source = try folder.write(bytes, to: "damaged.h5ad")
    #expect(throws: (any Error).self) { try AnnDataWriter.write(additions, into: source, target: target) }
    #expect(try String(decoding: folder.read("out.h5ad"), as: UTF8.self) == "as it was")
    #expect(try Folder.names(in: folder.path).sorted() == ["damaged.h5ad", "out.h5ad"])
  }
}
