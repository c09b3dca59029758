import TestSupport
import Testing

@testable import VAEData

/// Classes by labels of every kind, in every format that has some.
struct DataClassesTests {
  /// The data in a file of these bytes.
  private func contents(
    _ bytes: [UInt8], _ change: (inout DataReading) -> Void = { _ in }
  ) throws -> DataContents {
    let folder = try TemporaryFolder()
    var reading = DataReading()
    change(&reading)
    return try DataSource(path: folder.write(bytes, to: "file"), reading: reading, seed: 1).contents()
  }

  private func message(_ bytes: [UInt8], _ change: (inout DataReading) -> Void = { _ in }) -> String {
    errorDescription { _ = try contents(bytes, change) }
  }

  /// An archive of six rows and these labels.
  private func archive(_ labels: [Double], as type: String = "<f8", shape: [Int]? = nil, name: String = "y") -> [UInt8]
  {
    archive(file: TestArrays.npy(labels, as: type, shape: shape ?? [labels.count]), name: name)
  }

  private func archive(file labels: [UInt8], name: String = "y") -> [UInt8] {
    let rows = TestArrays.npy((0..<12).map { Double($0 * $0 % 7) }, as: "<f4", shape: [6, 2])
    return TestArchive(entries: [
      .init("x.npy", rows, deflated: false), .init("\(name).npy", labels, deflated: false),
    ]).bytes
  }

  /// Texts of three characters, as NumPy has them.
  private func texts(_ texts: [String], type: String = "<U3") -> [UInt8] {
    let header = Array(NPY.header(type: type, shape: [texts.count], count: texts.count))
    return header
      + texts.flatMap { text in
        (text.unicodeScalars.map(\.value) + [0, 0, 0]).prefix(3).flatMap {
          [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8), 0, 0]
        }
      }
  }

  // MARK: Archives

  @Test(
    arguments: [
      ([1.0, -1, -1, 1, 1, -1], [1, 0, 0, 1, 1, 0], ["-1", "1"]), ([0, 1, 2, 2, 1, 0], [0, 1, 2, 2, 1, 0], nil),
      ([3, 1, 255, 3, 1, 3], [3, 1, 255, 3, 1, 3], nil),
      ([300, 7, 1000, 7, 7, 300], [1, 0, 2, 0, 0, 1], ["7", "300", "1000"]),
      (
        [20_240_002, 20_240_001, 20_240_003, 20_240_001, 20_240_002, 20_240_003], [1, 0, 2, 0, 1, 2],
        ["20240001", "20240002", "20240003"]
      ),
    ] as [([Double], [UInt8], [String]?)])
  func wholeNumbersAreClassesBySize(numbers: [Double], labels: [UInt8], names: [String]?) throws {
    for type in ["<f8", "<i4", ">i4"] where type != "<f8" || numbers[0] < 1e6 {
      let read = try contents(archive(numbers, as: type))
      #expect(read.examples.labels == labels && read.examples.classNames == names, "\(type)")
      #expect(read.remarks == [] && read.examples.columns.count == 2)
    }
  }

  @Test func textsAreClassesByName() throws {
    let read = try contents(archive(file: texts(["cat", "dog", "ox", "cat", "é", "ox"])))
    #expect(read.examples.labels == [0, 1, 2, 0, 3, 2] && read.examples.classNames == ["cat", "dog", "ox", "é"])
    let numbers = try contents(archive(file: texts(["10", "9", "-1", "10", "9", "300"])))
    #expect(numbers.examples.classNames == ["-1", "9", "10", "300"] && numbers.examples.labels == [2, 1, 0, 2, 1, 3])
  }

  @Test func whatIsNoClassIsSaid() throws {
    let fractions = try contents(archive([0.5, 1, 2, 3, 4, 5]))
    #expect(fractions.examples.labels == nil)
    #expect(
      fractions.remarks == [
        "y: left out, as they are no classes (whole numbers or texts, at most 256 different ones): numbers that are not whole, such as 0.5 in row 1"
      ])
    let withGap = try contents(archive([.nan, 0.25, 2, 3, 4, 5], as: "<f8"))
    #expect(withGap.examples.labels == nil && withGap.remarks.first?.contains("such as 0.25 in row 2") == true)
    let objects = archive(file: Array(NPY.header(type: "|O", shape: [6], count: 6)) + [1, 2, 3])
    let unread = try contents(objects)
    #expect(unread.examples.labels == nil && unread.remarks.count == 1)
    #expect(unread.remarks[0].contains("\"|O\"") && unread.remarks[0].contains("astype(str)"))
    #expect(
      message(objects) { $0.labelArray = "y" }.contains(
        "y: expected labels in numbers or texts, as NumPy's astype(str)"))
    let several = try contents(archive([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], shape: [6, 2]))
    #expect(
      several.remarks.first?.contains("y: a shape of [6, 2] is not one label for each of the 6 rows of x") == true)
  }

  /// A header that claims a quadrillion texts of no characters, which take no byte in the file.
  @Test func emptyTextsAreNotBelievedInAnyNumber() throws {
    let folder = try TemporaryFolder()
    let texts = Array(NPY.header(type: "<U0", shape: [1_000_000_000_000_000], count: 1_000_000_000_000_000))
    let path = try folder.write(
      TestArchive(entries: [
        .init("x.npy", Array(NPY.header(type: "<f4", shape: [1_000_000_000_000_000, 0], count: 0)), deflated: false),
        .init("y.npy", texts, deflated: false),
      ]).bytes, to: "hostile.npz")
    // Of no numbers no labels are read.
    #expect(errorDescription { _ = try DataSource(path: path, seed: 1).contents() }.contains("none of them 0, found"))
    let refusal = errorDescription {
      _ = try texts.withUnsafeBytes { try NPY.readTexts(MemoryBytes($0, path: "y.npy")) }
    }
    #expect(refusal.contains("1000000000000000 texts"), "\(refusal)")
  }

  @Test func moreThan256AreNone() throws {
    let count = 257
    let rows = TestArrays.npy((0..<2 * count).map { Double($0 % 7) }, as: "<f4", shape: [count, 2])
    func archive(_ labels: [Double]) -> [UInt8] {
      TestArchive(entries: [
        .init("x.npy", rows, deflated: false),
        .init("z.npy", TestArrays.npy(labels, as: "<i4", shape: [count]), deflated: false),
        .init("y.npy", TestArrays.npy(labels, as: "<i4", shape: [count]), deflated: false),
      ]).bytes
    }
    let many = archive((0..<count).map { Double($0) })
    let read = try contents(many)
    #expect(read.examples.labels == nil && read.remarks.first?.contains("257 different numbers") == true)
    #expect(
      message(many) { $0.labelArray = "z" }.hasSuffix(
        "z: expected at most 256 classes, for --label-array, found 257 different numbers"))
    #expect(try contents(archive((0..<count).map { Double($0 % 256 + 1) })).examples.classNames?.count == 256)
  }

  @Test func anotherLengthIsAnError() {
    #expect(
      message(archive([1, 2, 3])).hasSuffix(
        "y: expected a label for each of the 6 rows of x (--label-array names another array), found a shape of [3]"))
    #expect(message(archive([1, 2, 3], name: "z")) == "")
    #expect(
      message(archive([1, 2, 3], name: "z")) { $0.labelArray = "z" }.contains(
        "z: expected a label for each of the 6 rows"))
    #expect(message(archive([1, 2, 3])) { $0.labelArray = "t" }.contains("or --label-array with one of x, y"))
    // The usual names need not belong to an array that somebody chose.
    #expect(message(archive([1, 2, 3], name: "label")) { $0.array = "x" } == "")
  }

  @Test func rowsWithoutAClassAreCounted() throws {
    func expected(_ example: String, _ row: Int) -> String {
      "expected a class in every row (fill one in, such as \(example)), found none in 2 rows, the first of which is row \(row)"
    }
    let unknown = "\"unknown\"; an empty cell, NA and the like are none"
    #expect(message(archive([1, .nan, 0, 1, .nan, 1])).hasSuffix("y: \(expected("-1", 2))"))
    #expect(message(archive(file: texts(["a", "b", "", "a", "", "b"]))).hasSuffix("y: \(expected(unknown, 3))"))
    let table = Array("n,c\n1,x\n2,\n3,y\n4,NA\n5,x\n".utf8)
    let labelled: (inout DataReading) -> Void = { $0.labelColumn = "c" }
    #expect(message(table, labelled).hasSuffix("column \"c\": \(expected(unknown, 2))"))
    // New rows need none.
    let new = try contents(table) {
      labelled(&$0)
      $0.maybeWithoutLabels = true
    }
    #expect(new.examples.labels == nil && new.examples.count == 5 && new.remarks.count == 1)
  }

  // MARK: Other formats

  @Test func ofSVMLightToo() throws {
    let signs = try contents(Array("+1 1:2 3:1\n-1 2:1\n-1 1:1\n".utf8))
    #expect(signs.examples.labels == [1, 0, 0] && signs.examples.classNames == ["-1", "1"] && signs.remarks == [])
    let figures = try contents(Array("1.5 1:2 3:1\n-1 2:1\n".utf8))
    #expect(figures.examples.labels == nil && figures.remarks.first?.contains("such as 1.5 in row 1") == true)
  }

  @Test func ofColumnsOfArraysAndTables() throws {
    let bytes = TestArrays.npy([1, -1, 2, 1, 4, 300, 7, -1], as: "<f8", shape: [4, 2])
    let read = try contents(bytes) { $0.labelColumn = "column 2" }
    #expect(read.examples.labels == [0, 1, 2, 0] && read.examples.classNames == ["-1", "1", "300"])
    let table = try contents(Array("n,c\n1,10\n2,9\n3,-1.5\n".utf8)) { $0.labelColumn = "c" }
    #expect(table.examples.labels == [2, 1, 0] && table.examples.classNames == ["-1.5", "9", "10"])
  }

  // MARK: Of others

  @Test func classesOfAnotherPartAreNumberedAlike() throws {
    let train = try contents(Array("+1 1:2\n-1 1:1\n".utf8)).examples
    let test = try contents(Array("+1 1:2\n".utf8)).examples
    #expect(test.labels == [1] && test.classNames == nil)
    let same = try test.withClasses(of: train)
    #expect(same.labels == [1] && same.classNames == ["-1", "1"])
    #expect(
      errorDescription { _ = try train.withClasses(["no", "yes"], column: "c") }.contains("one of the classes no, yes"))
    #expect(
      errorDescription { _ = try train.withClasses(of: test) }.contains("expected a class from 0 to 255, found \"-1\""))
    var pictures = Dataset(
      bytes: [1, 2, 3, 4], featureCount: 2, imageShape: ImageShape(width: 2, height: 1), name: "p")
    (pictures.labels, pictures.classNames) = ([0, 1], ["cat", "eel"])
    #expect(
      errorDescription { _ = try pictures.withClasses(["cat", "dog"], column: "label") }
        == "p: picture 2: expected one of the classes cat, dog, found \"eel\"")
    pictures.ids = ["cat/1.png", "eel/7.png"]
    #expect(
      errorDescription { _ = try pictures.withClasses(["cat", "dog"], column: "label") }
        .hasPrefix("p: eel/7.png: expected one of the classes"))
    let folders = try contents(Array("n,c\n1,x\n2,2\n".utf8)) { $0.labelColumn = "c" }.examples
    #expect(try folders.subset([1]).withClasses(nil, column: "c").labels == [2])
  }

  /// Those of a folder's test set are those of its training set.
  @Test func ofAFolderOfIDX() throws {
    let folder = try TemporaryFolder()
    for (part, labels) in [("train", [5.0, -1, 400]), ("test", [400, 5, 5])] {
      try folder.write(IDX.encode(smallImages(3), shape: [3, 2, 3]), to: "\(part)-images-idx3-ubyte")
      try folder.write(encodeIDX(labels, as: .short, shape: [3]), to: "\(part)-labels-idx1-short")
    }
    let data = try DataSource.load(path: folder.path, seed: 1)
    #expect(data.train.labels == [1, 0, 2] && data.test.labels == [2, 1, 1])
    #expect(data.train.classNames == ["-1", "5", "400"] && data.test.classNames == ["-1", "5", "400"])
  }

  // MARK: Ways of writing a number

  @Test func aClassIsFoundByItsNumber() throws {
    #expect(DataClasses.place(of: "1.0", in: ["-1", "1"]) == 1)
    #expect(DataClasses.place(of: "1", in: ["1.0", "1"]) == 1)
    #expect(DataClasses.place(of: "1e0", in: ["1.0", "1"]) == nil)
    #expect(DataClasses.place(of: "nan", in: ["nan ", "1"]) == nil)
    #expect(DataClasses.place(of: "0x1E", in: ["30", "a"]) == nil)
    #expect(DataClasses.place(of: "7.0", in: nil) == 7 && DataClasses.place(of: "7.5", in: nil) == nil)
    #expect(DataClasses.place(of: "256", in: nil) == nil && DataClasses.place(of: "-1", in: nil) == nil)
    // Of other data, numbered as those of a model are.
    let floats = try contents(Array("x,y\n1,2.0\n2,1.0\n3,2.0\n".utf8)) { $0.labelColumn = "y" }.examples
    #expect(floats.classNames == ["1.0", "2.0"])
    #expect(try floats.withClasses(nil, column: "y").labels == [2, 1, 2])
    #expect(try floats.withClasses(["2", "1"], column: "y").labels == [0, 1, 0])
  }

  /// Of eight bytes, which a double does not tell apart: they are classes by their digits, or too many to be some.
  @Test func hugeIntegersAreToldApart() throws {
    let large = [9_007_199_254_740_993, 9_007_199_254_740_992, 9_007_199_254_740_993, 5, 5, 5]
    let read = try contents(archive(file: Array(NPY.encode(large, shape: [6])))).examples
    #expect(read.labels == [2, 1, 2, 0, 0, 0] && read.classNames == ["5", "9007199254740992", "9007199254740993"])
    let stamps = (0..<300).map { 1_000_000_000_000_000_000 + $0 * 1_000_000 }
    let rows = TestArrays.npy((0..<600).map { Double($0 * $0 % 7) }, as: "<f4", shape: [300, 2])
    let many = TestArchive(entries: [
      .init("x.npy", rows, deflated: false),
      .init("y.npy", Array(NPY.encode(stamps, shape: [300])), deflated: false),
    ]).bytes
    #expect(try contents(many).examples.labels == nil && contents(many).remarks.contains { $0.contains("left out") })
    // Beside an array they are read in the same way.
    let folder = try TemporaryFolder()
    let path = try folder.write(TestArrays.npy((0..<12).map { Double($0) }, as: "<f4", shape: [6, 2]), to: "a.npy")
    try folder.write(Array(NPY.encode(large, shape: [6])), to: "a.labels.npy")
    #expect(try DataSource(path: path, seed: 1).contents().examples.labels == [2, 1, 2, 0, 0, 0])
  }
}
