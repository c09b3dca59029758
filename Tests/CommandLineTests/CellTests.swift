import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels

/// Cells by the command line.
@Suite struct CellTests {
  private static let options = [
    "--encoder", "log1p, dense 16, batch-norm, relu, dropout 0.2", "--decoder", "dense 12, batch-norm, relu",
    "--latent", "2", "--batch-size", "5", "--threads", "2", "--no-images",
  ]

  private func file(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "VAECellsTests/Fixtures/\(name)").path
  }

  private func weights(_ run: String, in folder: TemporaryFolder) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.path(of: "\(run)/model.safetensors")))
  }

  @Test(arguments: ["nb", "zinb dispersion decoder", "poisson exp"])
  func trainsAndGoesOnBitForBit(likelihood: String) throws {
    let folder = try TemporaryFolder()
    let options =
      ["--data", file("csr-gzip.h5ad"), "--batch-column", "type", "--likelihood", likelihood] + Self.options
    #expect(try Executable.run(options + ["--epochs", "4", "--output", "whole"], in: folder).status == 0)
    #expect(try Executable.run(options + ["--epochs", "2", "--output", "parts"], in: folder).status == 0)
    #expect(try Executable.run(["--resume", "parts", "--epochs", "4", "--no-images"], in: folder).status == 0)
    #expect(try weights("whole", in: folder) == weights("parts", in: folder))
    // The same genes in other order and another format, and cells that the model may be shown.
    for name in ["csr-gzip.h5ad", "csc-lzf.h5ad"] {
      let result = try Executable.run(["encode", "whole", "--data", file(name), "--output", "codes.csv"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let lines = try String(contentsOfFile: folder.path(of: "codes.csv"), encoding: .utf8).split(separator: "\n")
      #expect(lines.first?.hasPrefix("id,mean_0,mean_1") == true && lines.count > 5)
    }
    #expect(try Executable.run(["evaluate", "whole", "--importance-samples", "4"], in: folder).status == 0)
    #expect(try Executable.run(["sample", "whole", "--count", "3"], in: folder).status <= 64)
  }

  @Test func thePresetIsThePublishedSetting() throws {
    let folder = try TemporaryFolder()
    let result = try Executable.run(
      [
        "--data", file("csr-gzip.h5ad"), "--preset", "scvi", "--batch-column", "type", "--epochs", "1", "--output",
        "run",
      ],
      in: folder)
    #expect(result.status == 0, "\(result.errors)")
    // What is not said of the run's end: the weight of the KL term never comes to 1.
    #expect(result.errors.contains("KL weight") && result.errors.contains("not the ELBO"), "\(result.errors)")
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder.path(of: "run/config.json"))))
        as? [String: Any])
    let architecture = try #require(json["architecture"] as? [String: Any])
    #expect(
      architecture["encoder"] as? String
        == "log1p, dense 128, batch-norm momentum 0.01 epsilon 0.001, relu, dropout 0.1")
    #expect(architecture["likelihood"] as? String == "zinb" && architecture["latent_count"] as? Int == 10)
    #expect(architecture["encoder_is_told"] as? Bool == false && architecture["told_at_every_layer"] as? Bool == true)
  }

  @Test(arguments: [
    (["--matrix", "layers/none"], "layers/none"), (["--batch-column", "none"], "none"),
    (["--min-cells", "9999"], "--min-cells"), (["--min-counts", "99999999"], "--min-counts"),
    (["--feature-selection", "variance"], "--top-features"), (["--top-features", "0"], "--top-features"),
    (["--gene-column", "size"], "size"), (["--likelihood", "bernoulli"], "0 to 1"), (["--header", "yes"], "--header"),
  ])
  func whatCannotBeIsNamed(options: [String], word: String) throws {
    let folder = try TemporaryFolder()
    let result = try Executable.run(
      ["--data", file("csr-gzip.h5ad"), "--epochs", "1", "--output", "run"] + Self.options + options, in: folder)
    #expect(result.status != 0 && result.errors.contains(word), "\(result.errors)")
    #expect(result.errors.split(separator: "\n").count <= 4, "\(result.errors)")
  }

  @Test func numbersThatAreNoCountsAreNamed() throws {
    let folder = try TemporaryFolder()
    let result = try Executable.run(["--data", file("logged.h5ad"), "--epochs", "1", "--output", "run"], in: folder)
    #expect(
      result.status != 0 && result.errors.contains("whole number") && result.errors.contains("layers/"),
      "\(result.errors)")
  }

  @Test func columnsOfCellsAreClassesAndNames() throws {
    let folder = try TemporaryFolder()
    // One of them has no type.
    let result = try Executable.run(
      ["--data", file("csr-gzip.h5ad"), "--label-column", "type", "--epochs", "1", "--output", "run"] + Self.options,
      in: folder)
    #expect(result.status != 0 && result.errors.contains("type"), "\(result.errors)")
    let other = try Executable.run(
      ["--data", file("csr-gzip.h5ad"), "--id-column", "size", "--epochs", "1", "--output", "run"] + Self.options,
      in: folder)
    #expect(other.status == 0, "\(other.errors)")
  }

  /// Converted, in memory or in its file, it is the same data: with genes, classes and what the model is told.
  @Test func convertedCellsTrainTheSameModel() throws {
    let folder = try TemporaryFolder()
    let options = ["--epochs", "2", "--likelihood", "nb"] + Self.options
    let cells = ["--data", file("csr-gzip.h5ad"), "--batch-column", "type"]
    let converted = try Executable.run(
      ["convert", file("csr-gzip.h5ad"), "--batch-column", "type", "--output", "c.npz"], in: folder)
    #expect(converted.status == 0 && converted.output.contains("stored"), "\(converted.errors)")
    var models: [Data] = []
    for data in [cells, ["--data", "c.npz"], ["--data", "c.npz", "--storage", "file"]] {
      let result = try Executable.run(data + options + ["--output", "run\(models.count)"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      models.append(try weights("run\(models.count)", in: folder))
    }
    #expect(models[0] == models[1] && models[1] == models[2])
    // Cells for a model of the archive, whose own name for what it is told is in the model.
    let encoded = try Executable.run(
      ["encode", "run1", "--data", file("csr-gzip.h5ad"), "--output", "e.csv"], in: folder)
    #expect(encoded.status == 0, "\(encoded.errors)")
  }

  @Test func theLatentGoesIntoACopyOrTheFileItself() throws {
    let folder = try TemporaryFolder()
    let cells = folder.path(of: "cells.h5ad")
    try FileManager.default.copyItem(atPath: file("csr-gzip.h5ad"), toPath: cells)
    let before = try Data(contentsOf: URL(fileURLWithPath: cells))
    let options = ["--data", "cells.h5ad", "--epochs", "1", "--output", "run"] + Self.options
    #expect(try Executable.run(options, in: folder).status == 0)
    let encode = ["encode", "run", "--data", "cells.h5ad"]
    let copied = try Executable.run(encode + ["--into", "copy.h5ad"], in: folder)
    #expect(copied.status == 0 && copied.output.contains("obsm/X_vae of 12 cells"), "\(copied.errors)")
    #expect(try Data(contentsOf: URL(fileURLWithPath: cells)) == before)
    // The counts are what they were.
    func codes(_ name: String) throws -> Data {
      let result = try Executable.run(["encode", "run", "--data", name, "--output", "codes.csv"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      return try Data(contentsOf: URL(fileURLWithPath: folder.path(of: "codes.csv")))
    }
    let expected = try codes("cells.h5ad")
    #expect(try codes("copy.h5ad") == expected)
    #expect(try Executable.run(encode + ["--in-place"], in: folder).status == 0)
    #expect(try codes("cells.h5ad") == expected)
    #expect(try Data(contentsOf: URL(fileURLWithPath: cells)) != before)
    for (wrong, word) in [
      (encode + ["--into", "cells.h5ad"], "--into"), (encode + ["--into", "copy.csv"], "--into"),
      (["encode", "run", "--into", "copy.h5ad"], "--data"), (["encode", "run"], "--output"),
      (encode + ["--in-place", "--into", "copy.h5ad"], "--in-place"),
      (["encode", "run", "--data", file("small.loom"), "--into", "copy.h5ad"], "AnnData"),
    ] {
      let result = try Executable.run(wrong, in: folder)
      #expect(result.status != 0 && result.errors.contains(word), "\(wrong): \(result.errors)")
    }
  }

  @Test func inspectSaysWhatThereIs() throws {
    let folder = try TemporaryFolder()
    let result = try Executable.run(["inspect", file("csr-gzip.h5ad"), "--json"], in: folder)
    let json = try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(json["kind"] as? String == "counts" && json["format"] as? String == "AnnData")
    #expect((json["stored"] as? Int ?? 0) > 0)
  }
}
