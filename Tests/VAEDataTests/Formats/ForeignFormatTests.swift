import Foundation
import TestSupport
import Testing

@testable import VAEData

struct ForeignFormatTests {
  private static let hdf5: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]
  private static let files: [(bytes: [UInt8], path: String, expected: String)] = [
    (
      Array("PAR1abc".utf8), "a.parquet",
      """
      a Parquet file; to convert it: python3 -c "import pandas; \
      pandas.read_parquet('a.parquet').to_csv('a.parquet.csv', index=False)"
      """
    ),
    (hdf5, "a.h5ad", "an AnnData file; to convert it: python3 -c \"import anndata"),
    (hdf5, "b.h5", "an HDF5 file; to convert it: python3 -c \"import h5py"),
    ([0x80, 4, 0x95], "a.pkl", "a Python pickle, which runs code of the file's where it is read; to convert it: "),
    (Array("ARROW1".utf8), "a.feather", "an Arrow or Feather file; "),
    ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "a.xls", "an Excel file; to convert it: python3 -c \"import pandas; "),
    (Array("BZh9".utf8), "a.mtx.bz2", "compressed by bzip2; to convert it: python3 -c \"import bz2, shutil; "),
  ]

  @Test(arguments: files.indices) func othersAreNamed(index: Int) throws {
    let (bytes, path, expected) = Self.files[index]
    let hint = try #require(ForeignFormat.hint(firstBytes: bytes, path: path))
    #expect(hint.hasPrefix(expected) && !hint.contains("\n"), "\(hint)")
  }

  @Test func archivesAreLookedInto() throws {
    let folder = try TemporaryFolder()
    func hint(_ name: String) throws -> String? {
      let fixture = try #require(MatrixFixture.all[name])
      return ForeignFormat.hint(firstBytes: fixture.file.prefix(16), path: try fixture.write(to: folder))
    }
    #expect(try hint("zip: spreadsheet")?.hasPrefix("an Excel file; ") == true)
    #expect(try hint("zip: weights")?.hasPrefix("a PyTorch file; ") == true)
    #expect(try hint("npz: stored") == nil)
    let cut = try folder.write(Zip.magic + [1, 2, 3], to: "cut.zip")
    #expect(ForeignFormat.hint(firstBytes: Zip.magic, path: cut) == nil)
  }

  @Test func othersAreNotKnown() {
    for bytes in [[], Array("1,2\n".utf8), [0x80], [0x80, 0x90], [0x1F, 0x8B], [0x93] + Array("NUMPY".utf8)]
      as [[UInt8]]
    {
      #expect(ForeignFormat.hint(firstBytes: bytes, path: "a") == nil)
    }
  }

  /// A line is copied out of a message: a name must not become a part of the program.
  @Test(arguments: ["a'); import os; ('", "$(reboot).csv", "a`b`", "a\"b", "a\\b", "a\nb", "a!b", ""])
  func strangeNamesStandInNoCommand(path: String) {
    #expect(PythonCommand(path: path) { "open('\($0)')" }.description == "python3 -c \"open('FILE')\"")
  }

  @Test(arguments: ["a b.csv", "Größe/データ_1-2.npy", "/a/b.c@d~=:+,"]) func otherNamesDo(path: String) {
    #expect(PythonCommand(path: path) { "open('\($0)')" }.description == "python3 -c \"open('\(path)')\"")
  }
}
