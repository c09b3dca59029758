import Foundation
import TestSupport
import Testing
import VAEData

/// Tables, arrays, archives and folders of pictures that are not as they should be: one line, an exit code, nothing written.
struct BadTableTests {
  /// A kind of damage: the files to write, the options to give, and what the message must name.
  struct Damage: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var files: [String: [UInt8]] = [:]
    var options: [String] = []
    var naming: [String] = []

    init(_ name: String, _ files: [String: [UInt8]], _ options: [String] = [], naming: [String]) {
      (testDescription, self.files, self.options, self.naming) = (name, files, options, naming)
    }

    /// Of a table.
    init(_ name: String, csv text: String, _ options: [String] = [], naming: [String]) {
      self.init(name, ["t.csv": Array(text.utf8)], ["--data", "t.csv"] + options, naming: ["t.csv"] + naming)
    }

    /// Of an array.
    init(_ name: String, npy bytes: [UInt8], naming: [String]) {
      self.init(name, ["a.npy": bytes], ["--data", "a.npy"], naming: ["a.npy"] + naming)
    }
  }

  private static let rows = "1,2\n3,5\n2,2\n4,1\n"

  /// Numbers and, in row 19,990 of 20,000, a text.
  private static var late: String {
    var text = "n,m\n"
    for row in 1...20_000 { text += row == 19_990 ? "1.5,oops\n" : "\(row % 7).5,\(row % 11)\n" }
    return text
  }

  static let tables = [
    Damage("ragged rows", csv: "a,b\n1,2\n3\n", naming: ["line 3", "expected 2 columns", "found 1"]),
    Damage("a quote that never closes", csv: "a,b\n1,2\n\"x,3\n4,5\n", naming: ["line 3", "\"a\"", "quote"]),
    Damage(
      "text late in a column of numbers", csv: late,
      naming: ["line 19991", "column 2 \"m\"", "\"oops\"", "--categories m"]),
    Damage("no rows", csv: "a,b\n", naming: ["rows", "a header alone"]),
    Damage("an empty file", csv: "", naming: ["an empty file"]),
    Damage("one row", csv: "a,b\n1,2\n", naming: ["two examples", "found 1"]),
    Damage("constant columns", csv: "a,b\n" + String(repeating: "1,x\n", count: 9), naming: ["differs", "2 columns"]),
    Damage("an infinity", csv: "a,b\n\(rows)inf,1\n", naming: ["line 6", "\"a\"", "finite", "\"inf\""]),
    Damage("a number beyond Float", csv: "a,b\n\(rows)1,1e39\n", naming: ["line 6", "\"b\"", "finite", "\"1e39\""]),
    Damage("two columns of one name", csv: "a,b,a\n1,2,3\n", naming: ["\"a\" in columns 1 and 3", "--exclude a"]),
    Damage("dates", csv: "when,b\n2024-01-31,1\n2024-02-01,2\n", naming: ["line 2", "\"when\"", "--exclude when"]),
    Damage(
      "names of rows", csv: "name,b\n" + (0..<40).map { "n\($0),\($0 % 7)\n" }.joined(),
      naming: ["\"name\"", "--id-column name", "--exclude name"]),
    Damage(
      "more than 1000 texts", csv: "word,b\n" + (0..<2400).map { "w\($0 / 2),\($0 % 7)\n" }.joined(),
      naming: ["\"word\"", "at most 1000", "--id-column word", "--exclude word", "found 1200"]),
    Damage(
      "thousands with commas", csv: "a,b\n" + String(repeating: "\"1,000\",2\n\"12,000\",3\n", count: 9),
      naming: ["line 2", "without a comma, as in 1000", "--decimal-comma if 1,000 is 1.000"]),
    Damage(
      "a picture", ["a": [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0]], ["--data", "a"],
      naming: ["a: ", "a picture, of which a folder"]),
    Damage(
      "a column of two kinds", csv: "n,m\n" + rows, ["--numbers", "n", "--counts", "*"],
      naming: ["column \"n\"", "expected one kind", "--counts and --numbers"]),
    Damage(
      "a name in half quotes", ["t.csv": Array(rows.utf8)], ["--data", "t.csv", "--columns", "\"n,m"],
      naming: ["--columns", "in quotes"]),
  ]

  static let options = [
    ["--label-column", "ctiy"], ["--id-column", "citty"], ["--columns", "ctiy"], ["--exclude", "city?x"],
    ["--split-column", "ctiy"], ["--group-column", "cty"], ["--categories", "ctiy"], ["--counts", "ctiy"],
    ["--numbers", "ctiy"], ["--conditions", "ctiy"],
  ]

  private static let archive = TestArchive(entries: [
    .init("x.npy", TinyTable.npy([1, 2, 3, 4], [2, 2]), deflated: true)
  ])

  private static func zip(_ change: (inout TestArchive) -> Void) -> [String: [UInt8]] {
    var archive = archive
    change(&archive)
    return ["a.npz": archive.bytes]
  }

  /// A mebibyte of zeros that claims to be two gigabytes.
  private static var bomb: [String: [UInt8]] {
    var header = TinyTable.npy([1], [1]).dropLast(4)
    let place = header.indices.first { header[$0...].starts(with: "(1,)".utf8) }!
    header.replaceSubrange(place..<place + 14, with: "(536870912,), ".utf8)
    var entry = TestArchive.Entry("x.npy", Array(header) + [UInt8](repeating: 0, count: 1 << 20), deflated: true)
    entry.size = header.count + 1 << 31
    return ["a.npz": TestArchive(entries: [entry]).bytes]
  }

  private static func header(_ old: String, _ new: String) -> [UInt8] {
    let bytes = TinyTable.npy([1, 2, 3, 4], [2, 2])
    let place = bytes.indices.first { bytes[$0...].starts(with: old.utf8) }!
    return Array(bytes[..<place]) + Array(new.utf8) + Array(bytes[(place + new.utf8.count)...])
  }

  static let arrays = [
    Damage(
      "an encrypted zip", zip { $0.entries[0].flags = 1 }, ["--data", "a.npz"], naming: ["a.npz", "x.npy", "encrypted"]),
    Damage(
      "a lying zip", zip { $0.entries[0].size += 9 }, ["--data", "a.npz"], naming: ["a.npz", "x", "bytes"]),
    Damage("a zip that is cut short", zip { $0.trailing = [7] }, ["--data", "a.npz"], naming: ["a.npz", "cut short"]),
    Damage("a zip bomb", bomb, ["--data", "a.npz"], naming: ["a.npz", "x.npy", "cannot hold"]),
    Damage(
      "two arrays",
      [
        "a.npz": TestArchive(
          entries: ["b", "c"].map { .init("\($0).npy", TinyTable.npy([1, 2], [2, 1]), deflated: false) }
        ).bytes
      ],
      ["--data", "a.npz"], naming: ["--array", "b, c"]),
    Damage(
      "an array that is not there", zip { _ in }, ["--data", "a.npz", "--array", "z"], naming: ["a.npz", "z", "x"]),
    Damage("terabytes", npy: header("(2, 2,)", "(2, 9999999999999), }"), naming: ["header", "9999999999999"]),
    Damage("Python code", npy: header("(2, 2,), }", "exec('1')}"), naming: ["header", "exec"]),
    Damage("objects", npy: header("<f4', ", "|O',  "), naming: ["header", "|O", "Python objects"]),
    Damage("cut short", npy: TinyTable.npy([1, 2, 3, 4], [2, 2]).dropLast(3), naming: ["header", "2 × 2", "bytes"]),
    Damage(
      "no length of a header", npy: [0x93] + Array("NUMPY".utf8) + [2, 0, 1],
      naming: ["the length of the header in 4 bytes", "1 byte"]),
    Damage("a version to come", npy: [0x93] + Array("NUMPY".utf8) + [9, 0, 0, 0], naming: ["version 9"]),
    Damage("one number", npy: TinyTable.npy([1], []), naming: ["rows × columns"]),
    Damage("no rows", npy: TinyTable.npy([], [0, 3]), naming: ["rows × columns"]),
    Damage(
      "an infinity", npy: TinyTable.npy((0..<40).map { $0 == 31 ? .infinity : Float($0 % 7) }, [20, 2]),
      naming: ["row 16", "\"column 2\"", "finite", "inf"]),
    Damage("constant columns", npy: TinyTable.npy(Array(repeating: 3, count: 40), [20, 2]), naming: ["differs"]),
    Damage(
      "a picture of five colours", npy: TinyTable.npy(Array(repeating: 0, count: 40), [2, 2, 2, 5]),
      naming: ["channels"]),
    Damage("no format", ["a": [1, 2, 3, 0, 255]], ["--data", "a"], naming: ["a known format", "bytes 01 02 03 00"]),
  ]

  @Test(arguments: tables + arrays) func isRefused(damage: Damage) throws {
    let folder = try TemporaryFolder()
    for (name, bytes) in damage.files { try folder.write(bytes, to: name) }
    try expectRefusal(
      damage.options + ["--output", "run"] + TinyTable.options, in: folder,
      naming: damage.naming + ["expected", "found"])
  }

  @Test(arguments: options) func aColumnThatIsNotThereIsToldWithTheNearest(options: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    try expectRefusal(
      ["--data", "t.csv", "--output", "run"] + options + TinyTable.options, in: folder,
      naming: ["t.csv", options[1], "found none", "nearest", "\"city\""])
  }

  /// Each of `inspect` and `convert` says the same in one line, and leaves nothing behind.
  @Test(arguments: [tables[0], tables[1], tables[2], tables[3], arrays[0], arrays[3], arrays[6]])
  func isRefusedByOthersToo(damage: Damage) throws {
    let folder = try TemporaryFolder()
    for (name, bytes) in damage.files { try folder.write(bytes, to: name) }
    let path = damage.options[1]
    for command in [["inspect", path], ["inspect", path, "--json"], ["convert", path, "--output", "b.npy"]] {
      try expectRefusal(command, in: folder, naming: damage.naming)
    }
  }

  // MARK: Test data

  @Test func testDataWithOtherColumnsAreRefused() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    let command = ["--data", "t.csv", "--test-data", "u.csv", "--output", "run"] + TinyTable.options
    try folder.write(TinyTable.text(rows: 20, header: "age,incme,smoker,city,grade").utf8, to: "u.csv")
    try expectRefusal(command, in: folder, naming: ["u.csv", "\"income\"", "nearest", "\"incme\""])
    try folder.write("age,income\n1,2\n".utf8, to: "u.csv")
    try expectRefusal(command, in: folder, naming: ["u.csv", "\"smoker\", \"city\", \"grade\""])
    try folder.write(TinyTable.npy([1, 2, 3, 4], [2, 2]), to: "u.npy")
    try expectRefusal(
      ["--data", "t.csv", "--test-data", "u.npy", "--output", "run"] + TinyTable.options, in: folder,
      naming: ["u.npy", "5 columns", "found 2"])
  }

  /// A text that the training rows do not have. (Of numbers the rows to test with decide too what a column is.)
  @Test(arguments: [["a,1.5", "b,2.5", "Bern"]])
  func anUnseenCategoryIsAnErrorOrOther(cells: [String]) throws {
    let folder = try TemporaryFolder()
    let two = "\(cells[0])\n\(cells[1])\n"
    try folder.write("city,n\n\(String(repeating: two, count: 20))\(cells[0].prefix(1)),3.5\n".utf8, to: "t.csv")
    try folder.write("city,n\n\(two)\(cells[2]),3.5\n".utf8, to: "u.csv")
    let command = ["--data", "t.csv", "--test-data", "u.csv", "--output", "run"] + TinyTable.options
    for options in [[], ["--unseen", "error"]] {
      try expectRefusal(command + options, in: folder, naming: ["u.csv", "\"city\"", cells[2]])
    }
    try TinyTable.train(Array(command.dropLast(TinyTable.options.count)) + ["--unseen", "other"], in: folder)
  }

  // MARK: Pictures

  @Test func aTruncatedPictureIsLeftOutOrAnError() throws {
    let folder = try TemporaryFolder()
    let jpeg = try TinyTable.picture("JPEG grey")
    for name in ["a", "b", "c"] { try folder.write(jpeg, to: "p/\(name).jpg") }
    try folder.write(jpeg.prefix(jpeg.count / 2), to: "p/cut.jpg")
    let command = ["--data", "p", "--image-size", "8", "--output", "run"]
    try expectRefusal(
      command + TinyTable.options + ["--unreadable", "fail"], in: folder, naming: ["p/cut.jpg", "expected", "found"])
    let result = try TinyTable.train(command + ["--unreadable", "skip"], in: folder)
    #expect(result.errors.contains("warning: unreadable and left out: 1 of 4 pictures"), "\(result.errors)")
    #expect(result.errors.contains("p/cut.jpg") && result.output.contains("2 training, 1 test"))
  }

  @Test func foldersThatAreNotOfPicturesAreRefused() throws {
    let folder = try TemporaryFolder()
    func refuse(_ naming: [String]) throws {
      try expectRefusal(["--data", "p", "--output", "run"] + TinyTable.options, in: folder, naming: ["p"] + naming)
    }
    try folder.write("no picture".utf8, to: "p/a.txt")
    try refuse(["PNG or JPEG", "a.txt (text)"])
    try folder.write(TinyTable.picture("PNG of 60,000 × 60,000"), to: "p/large.png")
    try refuse(["large.png", "megapixels", "60000 × 60000"])
    for name in ["PNG type 0, 8 bits", "JPEG grey"] {
      try folder.write(TinyTable.picture(name), to: "p/\(name.prefix(3)).png")
    }
    try refuse(["one size", "--image-size", "11 × 5", "26 × 19"])
  }

  @Test func circlesOfLinksEnd() throws {
    let folder = try TemporaryFolder()
    try Folder.create(at: folder.path(of: "p/x"))
    try FileManager.default.createSymbolicLink(atPath: folder.path(of: "p/x/up"), withDestinationPath: "..")
    try FileManager.default.createSymbolicLink(atPath: folder.path(of: "self"), withDestinationPath: "self")
    try expectRefusal(
      ["--data", "p", "--output", "run"] + TinyTable.options, in: folder, naming: ["p", "PNG or JPEG", "none"])
    try expectRefusal(["--data", "self", "--output", "run"] + TinyTable.options, in: folder, naming: ["self"])
    let picture = try TinyTable.picture("PNG type 0, 8 bits")
    for name in ["a", "b", "c"] { try folder.write(picture, to: "p/x/\(name).png") }
    let result = try TinyTable.train(["--data", "p", "--output", "run"], in: folder)
    #expect(result.errors.contains("not entered: x/up"), "\(result.errors)")
  }

  /// To the system a name is bytes, of whatever encoding.
  @Test func namesThatAreNoUTF8Work() throws {
    let folder = try TemporaryFolder()
    try folder.write(TinyTable.text().utf8, to: "t.csv")
    let line = """
      set -e; mv t.csv $'t\\xff.csv'; "$VAE_TRAIN" inspect $'t\\xff.csv'; \
      "$VAE_TRAIN" --data $'t\\xff.csv' --output $'r\\xff' \(TinyTable.options.joined(separator: " ")); ls $'r\\xff'
      """
    let result = try Executable.shell(line, in: folder)
    #expect(result.status == 0 && result.errors == "", "\(result.errors)")
    #expect(result.output.contains("model.safetensors"))
  }
}
