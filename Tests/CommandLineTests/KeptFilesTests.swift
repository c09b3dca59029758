import Foundation
import TestSupport
import Testing
import VAEReport

/// What a command reads it does not write over, by whatever name it is called.
struct KeptFilesTests {
  /// A model of a table, "run", beside the table, which a link and a second name lead to as well.
  private func makeRun() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try TinyTable.train(["--data", "t.csv", "--output", "run"], in: folder)
    let made = try Executable.shell("cp t.csv new.csv; ln -s new.csv link.csv; ln new.csv second.csv", in: folder)
    #expect(made.status == 0)
    return folder
  }

  @Test func dataAreNotWrittenOver() throws {
    let folder = try makeRun()
    let name = folder.path.split(separator: "/").last.map(String.init) ?? ""
    for output in ["new.csv", "./new.csv", "run/../new.csv", "../\(name)/new.csv", "link.csv", "second.csv"] {
      try expectRefusal(
        ["convert", "new.csv", "--output", output], in: folder,
        naming: ["--output \(output): expected", "found the input new.csv"])
    }
    for command in [
      ["score", "run", "new.csv"], ["impute", "run", "new.csv"], ["encode", "run", "--data", "new.csv"],
      ["reconstruct", "run", "--data", "new.csv"], ["decode", "run", "--latents", "new.csv"],
    ] {
      try expectRefusal(
        command + ["--output", "link.csv"], in: folder,
        naming: ["--output link.csv: expected", "found the input new.csv"])
    }
    // Nor is one file of several, nor what a link that is named leads to.
    try expectRefusal(
      ["score", "run", "n*.csv", "--output", "link.csv"], in: folder, naming: ["--output link.csv", "input new.csv"])
    try expectRefusal(
      ["score", "run", "link.csv", "--output", "new.csv"], in: folder, naming: ["--output new.csv", "input link.csv"])
  }

  /// Whether it is named or not: a run without its data cannot be told from another.
  @Test func aRunsOwnDataAreNotWrittenOver() throws {
    let folder = try makeRun()
    for command in [
      ["encode", "run"], ["reconstruct", "run"], ["sample", "run"], ["score", "run", "new.csv"],
    ] {
      try expectRefusal(command + ["--output", "t.csv"], in: folder, naming: ["--output t.csv: expected", "input /"])
    }
    #expect(try Executable.shell("ln -s run/model.safetensors model.csv", in: folder).status == 0)
    try expectRefusal(
      ["sample", "run", "--output", "model.csv"], in: folder, naming: ["model.csv: expected", "run/model.safetensors"])
    // Data that are gone keep nothing.
    try FileManager.default.removeItem(atPath: folder.path(of: "t.csv"))
    #expect(try Executable.run(["sample", "run", "--output", "t.csv"], in: folder).status == 0)
  }

  /// What lies beside an array is read with it.
  @Test func whatIsReadBesideAnArrayIsKept() throws {
    let folder = try makeRun()
    let columns = ["--id-column", "age", "--label-column", "city"]
    let made = try Executable.run(["convert", "t.csv", "--output", "k.npy"] + columns, in: folder)
    #expect(made.status == 0, "\(made.errors)")
    try TinyTable.train(["--data", "k.npy", "--output", "rk"], in: folder)
    for command in [
      ["convert", "k.npy"], ["encode", "rk", "--data", "k.npy"], ["encode", "rk", "--data", "new.csv"],
    ] {
      try expectRefusal(
        command + ["--output", "k.labels.npy"], in: folder, naming: ["--output k.labels.npy: expected", "k.labels.npy"])
    }
  }

  @Test func whatStandsBesideAnArrayIsChecked() throws {
    let folder = try Tiny.makeRun(["--no-images"])
    #expect(try Executable.run(["encode", "run", "--output", "a.npy"], in: folder).status == 0)
    try expectRefusal(
      ["decode", "run", "--latents", "a.npy", "--output", "a.labels.npy"], in: folder, naming: ["input a.labels.npy"])
    let table = try makeRun()
    let options = ["--data", "t.csv", "--label-column", "city", "--output", "labelled"]
    try TinyTable.train(options, in: table)
    #expect(try Executable.shell("ln new.csv codes.labels.npy", in: table).status == 0)
    try expectRefusal(
      ["encode", "labelled", "--data", "new.csv", "--output", "codes.npy"], in: table,
      naming: ["codes.labels.npy: expected", "input new.csv"])
  }

  @Test func twoOutputsAreTwoFiles() throws {
    let folder = try makeRun()
    let impute = ["impute", "run", "new.csv", "--output", "filled.csv"]
    try expectRefusal(
      impute + ["--spread", "./filled.csv"], in: folder, naming: ["--spread ./filled.csv", "--output"])
    try expectRefusal(
      impute + ["--draws", "2", "--spread", "filled.2.csv"], in: folder, naming: ["--spread filled.2.csv", "--draws"])
    try expectRefusal(impute + ["--spread", "link.csv"], in: folder, naming: ["--spread link.csv", "input new.csv"])
    // The second draw would be what is filled in.
    #expect(try Executable.shell("cp new.csv f.2.csv", in: folder).status == 0)
    try expectRefusal(
      ["impute", "run", "f.2.csv", "--output", "f.csv", "--draws", "2"], in: folder,
      naming: ["--draws f.2.csv: expected", "input f.2.csv"])
    let result = try Executable.run(impute + ["--draws", "1", "--spread", "filled.2.csv"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    // A file of an earlier time is no input.
    #expect(try Executable.run(impute, in: folder).status == 0)
  }

  /// Nor is one added, which would be one of the data from then on.
  @Test func aPictureOfAFolderIsNotDrawnOver() throws {
    let folder = try TemporaryFolder()
    for index in 0..<6 {
      let image = PNGImage(width: 3, height: 2, channels: 1, bytes: (0..<6).map { UInt8(40 * $0 + index) })
      try folder.write(image.encoded(), to: "p/\(index).png")
    }
    try TinyTable.train(["--data", "p", "--output", "run"], in: folder)
    for output in ["p/3.png", "p/../p/3.png", "p/r.png"] {
      try expectRefusal(
        ["reconstruct", "run", "--data", "p", "--output", output], in: folder,
        naming: [output, "among the pictures of the input p"])
      try expectRefusal(["sample", "run", "--output", output], in: folder, naming: [output, "among the pictures"])
    }
    #expect(try Executable.run(["reconstruct", "run", "--output", "r.png"], in: folder).status == 0)
    #expect(
      try Executable.shell("mkdir p/empty && ln -s \"$PWD/p/empty\" link && ln -s p/new.png out.png", in: folder).status
        == 0)
    try expectRefusal(["sample", "run", "--output", "out.png"], in: folder, naming: ["out.png", "among the pictures"])
    for output in ["p/run", "./p/new/run", "p/../p/run", "p", "p/", "link", "missing/../p/run"] {
      try expectRefusal(
        ["--data", "p", "--output", output] + TinyTable.options, in: folder,
        naming: ["--output: expected a place outside of the pictures in", "found \(output)"])
    }
    // Of IDX files a folder may have pictures beside them.
    let digits = try Tiny.makeRun(["--no-images"])
    #expect(try Executable.run(["sample", "run", "--output", "data/samples.png"], in: digits).status == 0)
  }
}
