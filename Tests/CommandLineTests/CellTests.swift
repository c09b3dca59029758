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

  @Test(arguments: [
    ["nb"], ["zinb dispersion decoder"], ["poisson exp"], ["nb dispersion batch"], ["auto", "--exposure", "learned"],
    ["zinb dispersion batch exp", "--exposure", "learned", "--exposure-encoder", "log1p, dense 9, tanh"],
  ])
  func trainsAndGoesOnBitForBit(likelihood: [String]) throws {
    let folder = try TemporaryFolder()
    let options =
      ["--data", file("csr-gzip.h5ad"), "--batch-column", "type", "--likelihood"] + likelihood + Self.options
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
    let sample = try Executable.run(["sample", "whole", "--count", "3"], in: folder)
    #expect(sample.status != 0 && sample.errors.contains("counts"), "\(sample.errors)")
  }

  /// A column says the exposure, and the model's file which.
  @Test func theExposureOfAColumnIsKept() throws {
    let folder = try TemporaryFolder()
    let options = ["--data", file("exposed.h5ad"), "--likelihood", "nb"] + Self.options
    let exposed = options + ["--exposure-column", "depth"]
    #expect(try Executable.run(options + ["--epochs", "4", "--output", "sums"], in: folder).status == 0)
    #expect(try Executable.run(exposed + ["--epochs", "4", "--output", "whole"], in: folder).status == 0)
    #expect(try Executable.run(exposed + ["--epochs", "2", "--output", "parts"], in: folder).status == 0)
    #expect(try Executable.run(["--resume", "parts", "--epochs", "4", "--no-images"], in: folder).status == 0)
    #expect(try weights("whole", in: folder) == weights("parts", in: folder))
    #expect(try weights("whole", in: folder) != weights("sums", in: folder))
    // A model file alone.
    try FileManager.default.copyItem(
      atPath: folder.path(of: "whole/model.safetensors"), toPath: folder.path(of: "model.safetensors"))
    let score = ["score", "model.safetensors"]
    let known = try Executable.run(score + [file("exposed.h5ad"), "--output", "scores.csv"], in: folder)
    #expect(known.status == 0, "\(known.errors)")
    let unknown = try Executable.run(score + [file("csr-gzip.h5ad"), "--output", "scores.csv"], in: folder)
    #expect(unknown.status != 0 && unknown.errors.contains("depth"), "\(unknown.errors)")
    let both = try Executable.run(
      exposed + ["--exposure", "learned", "--epochs", "1", "--output", "both"], in: folder)
    #expect(both.status != 0 && both.errors.contains("--exposure-column"), "\(both.errors)")
    let missing = try Executable.run(
      options + ["--exposure-column", "gap", "--epochs", "1", "--output", "gap"], in: folder)
    #expect(missing.status != 0 && missing.errors.contains("cell-7"), "\(missing.errors)")
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

  /// Unless something is said of it, the KL weight rises, over as many epochs whatever the run is asked for.
  @Test(
    arguments: [
      ([], 50), (["--kl-warm-up-epochs", "0"], 0), (["--kl-warm-up-epochs", "2"], 2), (["--kl-weight", "0"], 0),
      (["--model", "autoencoder"], 0),
    ] as [([String], Double)])
  func countsHaveAWarmUp(options: [String], epochs: Double) throws {
    let folder = try TemporaryFolder()
    let result = try Executable.run(
      ["--data", file("csr-gzip.h5ad"), "--epochs", "7", "--output", "run"] + Self.options + options, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: folder.path(of: "run/config.json"))))
        as? [String: Any])
    let warmUp = (json["training"] as? [String: Any])?["kl_warm_up"] as? [String: Any]
    #expect(warmUp?["epochs"] as? Double == epochs, "\(json)")
  }

  @Test(arguments: [
    (["--matrix", "layers/none"], "layers/none"), (["--batch-column", "none"], "none"),
    (["--min-cells", "9999"], "--min-cells"), (["--min-counts", "99999999"], "--min-counts"),
    (["--feature-selection", "variance"], "--top-features"), (["--top-features", "0"], "--top-features"),
    (["--gene-column", "size"], "size"), (["--exposure-column", "none"], "none"),
    (["--exposure-encoder", "dense 5"], "--exposure learned"),
    (["--likelihood", "nb dispersion batch"], "--batch-column"),
    (["--likelihood", "gaussian", "--exposure", "learned"], "--exposure"),
    (["--likelihood", "bernoulli"], "0 to 1"), (["--header", "yes"], "--header"),
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

  @Test func decodesForWhatTheModelIsTold() throws {
    let folder = try TemporaryFolder()
    let options =
      ["--data", file("dense.h5ad"), "--covariates", "size", "--epochs", "1", "--output", "run"] + Self.options
    #expect(try Executable.run(options, in: folder).status == 0)
    #expect(try Executable.run(["encode", "run", "--output", "codes.csv"], in: folder).status == 0)
    let decode = ["decode", "run", "--latents", "codes.csv"]
    for (wrong, word) in [
      (decode + ["--output", "rows.csv"], "size"), (decode + ["--given", "size=2"], ".csv"),
      (decode + ["--given", "none=2", "--output", "rows.csv"], "size"),
      (decode + ["--given", "size=2", "--output", "rows.png"], ".csv"),
    ] {
      let result = try Executable.run(wrong, in: folder)
      #expect(result.status != 0 && result.errors.contains(word), "\(wrong): \(result.errors)")
    }
    func rows(_ size: String) throws -> [[Double]] {
      let result = try Executable.run(decode + ["--given", "size=\(size)", "--output", "rows.csv"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
      let lines = try String(contentsOfFile: folder.path(of: "rows.csv"), encoding: .utf8).split(separator: "\n")
      return lines.dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    }
    // Shares of what is counted in all, which depend on what is told.
    let (few, many) = (try rows("1"), try rows("5"))
    #expect(few != many && few.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 } && !few.isEmpty)
  }

  @Test func answersWhatABiologistAsksNext() throws {
    let folder = try TemporaryFolder()
    let options =
      ["--data", file("csr-gzip.h5ad"), "--covariates", "type", "--epochs", "2", "--output", "run"] + Self.options
    #expect(try Executable.run(options, in: folder).status == 0)
    func lines(_ name: String) throws -> [[Substring]] {
      try String(contentsOfFile: folder.path(of: name), encoding: .utf8).split(separator: "\n")
        .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
    }
    let denoised = try Executable.run(
      [
        "denoise", "run", "--set", "all", "--library-size", "1", "--average-over", "type", "--output", "means.csv",
      ], in: folder)
    #expect(denoised.status == 0, "\(denoised.errors)")
    let means = try lines("means.csv")
    #expect(means.count == 13 && means[0][0] == "id")
    for row in means.dropFirst() {
      #expect(abs(row.dropFirst().compactMap { Double($0) }.reduce(0, +) - 1) < 1e-4)
    }
    let found = try Executable.run(
      ["differential-expression", "run", "--group", "type", "--draws", "200", "--output", "genes.csv"], in: folder)
    #expect(found.status == 0, "\(found.errors)")
    let genes = try lines("genes.csv")
    let (features, groups) = (means[0].count - 1, Set(genes.dropFirst().map { $0[0] }))
    #expect(genes.count == 1 + features * groups.count && groups.count > 1)
    #expect(Set(genes.dropFirst().map { $0[2] }) == Set(means[0].dropFirst()))
    #expect(genes.dropFirst().allSatisfy { (0...1).contains(Double($0[3])!) && Double($0[5])!.isFinite })
    let figures = try Executable.run(["evaluate", "run", "--set", "all", "--integration", "--json"], in: folder)
    let json = try #require(JSONSerialization.jsonObject(with: Data(figures.output.utf8)) as? [String: Any])
    #expect(json["batch_silhouette"] is Double && json["neighbors_of_other_batches"] is Double)
    for (wrong, word) in [
      (["differential-expression", "run", "--group", "nothing"], "nothing"),
      (["differential-expression", "run", "--group", "size"], "categories"),
      (["differential-expression", "run", "--group", "type", "--compare", "nobody"], "--compare"),
      (["differential-expression", "run", "--group", "type", "--against", "B"], "--compare"),
      (["denoise", "run", "--average-over", "size", "--output", "x.csv"], "type"),
      (["denoise", "run", "--library-size", "0", "--output", "x.csv"], "--library-size"),
      (["denoise", "run", "--features", "nothing", "--output", "x.csv"], "--features"),
      (["evaluate", "run", "--batches-by", "type"], "--integration"),
    ] {
      let result = try Executable.run(wrong, in: folder)
      #expect(result.status != 0 && result.errors.contains(word), "\(wrong): \(result.errors)")
    }
  }

  @Test(arguments: [
    (["--genome", "hg19"], "--genome"), (["--encoder-covariates"], "--encoder-covariates"),
    (["--covariates-at-every-layer"], "--covariates-at-every-layer"), (["--binarize", "dynamic"], "--binarize"),
    (["--unseen", "other"], "--unseen"), (["--batch-column", "tipe"], "\"type\""),
  ])
  func whatWouldDoNothingIsRefused(options: [String], word: String) throws {
    let folder = try TemporaryFolder()
    let result = try Executable.run(
      ["--data", file("csr-gzip.h5ad"), "--epochs", "1", "--output", "run"] + Self.options + options, in: folder)
    #expect(result.status != 0 && result.errors.contains(word), "\(result.errors)")
  }

  @Test func whatConvertWritesAreCountsHoweverFewAreZero() throws {
    let folder = try TemporaryFolder()
    let matrix = "%%MatrixMarket matrix coordinate integer general\n2 3 5\n1 1 4\n1 2 1\n2 1 2\n2 2 7\n2 3 1\n"
    try matrix.write(toFile: folder.path(of: "full.mtx"), atomically: true, encoding: .utf8)
    func areCounts(_ name: String) throws -> Bool {
      try Executable.run(["inspect", name], in: folder).output.contains("likelihood  nb")
    }
    #expect(try !areCounts("full.mtx"))
    try FileManager.default.createDirectory(atPath: folder.path(of: "cells"), withIntermediateDirectories: true)
    try matrix.write(toFile: folder.path(of: "cells/matrix.mtx"), atomically: true, encoding: .utf8)
    try "a\tA\nb\tB\n".write(toFile: folder.path(of: "cells/genes.tsv"), atomically: true, encoding: .utf8)
    try "x\ny\nz\n".write(toFile: folder.path(of: "cells/barcodes.tsv"), atomically: true, encoding: .utf8)
    let result = try Executable.run(["convert", "cells", "--output", "cells.npz"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(try areCounts("cells") && areCounts("cells.npz"))
  }

  /// By every command that is shown others than the run's own.
  @Test func genesThatAreNotThereAreSaid() throws {
    let folder = try TemporaryFolder()
    let genes = (0..<8).map { "g\($0)" }
    func table(_ genes: ArraySlice<String>) -> String {
      genes.joined(separator: ",") + "\n"
        + (0..<60).map { row in genes.indices.map { "\(row * ($0 + 3) % 7 / 5)" }.joined(separator: ",") + "\n" }
        .joined()
    }
    try folder.write(table(genes[...]).utf8, to: "all.csv")
    try folder.write(table(genes[2...]).utf8, to: "fewer.csv")
    let options = ["--data", "all.csv", "--likelihood", "nb", "--epochs", "1", "--output", "run"]
    #expect(try Executable.run(options + Self.options, in: folder).status == 0)
    for command in [
      ["encode", "run", "--data", "fewer.csv", "--output", "z.csv"], ["evaluate", "run", "--data", "fewer.csv"],
      ["evaluate", "run", "--data", "fewer.csv", "--set", "all"], ["score", "run", "fewer.csv"],
      ["denoise", "run", "--data", "fewer.csv", "--output", "m.csv"],
    ] {
      let result = try Executable.run(command, in: folder)
      #expect(result.status == 0 && result.errors.contains("2 of the model's 8"), "\(command): \(result.errors)")
    }
  }

  /// A batch that is all held out, and columns of which nothing is known.
  @Test func whatNothingIsLearnedOfIsSaid() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<60).map {
      "\($0 < 58 ? $0 % 2 == 0 ? "a" : "b" : "lone"),\($0 < 58 ? "train" : "test"),\($0 % 3),\($0 % 5)\n"
    }
    try folder.write(("batch,part,g1,g2\n" + rows.joined()).utf8, to: "cells.csv")
    let result = try Executable.run(
      [
        "--data", "cells.csv", "--likelihood", "nb", "--conditions", "batch", "--split-column", "part", "--epochs", "1",
        "--output", "run",
      ] + Self.options, in: folder)
    #expect(
      result.status == 0
        && result.errors.contains("batch: no row to train on is lone, of which the model so learns nothing"),
      "\(result.errors)")
    for option in ["--batches-by", "--labels-by"] {
      let other = try Executable.run(["evaluate", "run", "--integration", option, "nonsense"], in: folder)
      #expect(other.status != 0 && other.errors.contains(option), "\(other.errors)")
    }
  }

  @Test func cellsWithoutWhatTheModelIsToldAreRefused() throws {
    let folder = try TemporaryFolder()
    let options = ["--data", file("csr-gzip.h5ad"), "--batch-column", "type", "--epochs", "1", "--output", "run"]
    #expect(try Executable.run(options + Self.options, in: folder).status == 0)
    #expect(try Executable.run(["convert", file("csr-gzip.h5ad"), "--output", "cells.npz"], in: folder).status == 0)
    let result = try Executable.run(["encode", "run", "--data", "cells.npz", "--output", "codes.csv"], in: folder)
    #expect(result.status != 0 && result.errors.contains("told") && result.errors.contains("type"), "\(result.errors)")
  }

  @Test func anEncoderThatIsShownCountsAsTheyAreIsWarnedOf() throws {
    let folder = try TemporaryFolder()
    for (encoder, isWarned) in [("dense 8, relu", true), ("log1p, dense 8, relu", false)] {
      let result = try Executable.run(
        [
          "--data", file("csr-gzip.h5ad"), "--encoder", encoder, "--epochs", "1", "--no-images", "--output",
          "run \(isWarned)",
        ], in: folder)
      #expect(result.errors.contains("\"log1p\"") == isWarned, "\(result.errors)")
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
