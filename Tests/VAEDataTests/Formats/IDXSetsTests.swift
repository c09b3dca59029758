import TestSupport
import Testing

@testable import VAEData

/// Sets as MNIST's relatives come, by the names of their files.
struct IDXSetsTests {
  /// A set's four files: 12 images of 2 × 3 to train on and 5 to test with. `name` makes a name of "train", "images", "3".
  private func write(
    to folder: TemporaryFolder, compressed: Bool = false, _ name: (String, String, String) -> String
  ) throws {
    for (part, count) in [("train", 12), ("test", 5)] {
      let files = [
        ("images", "3", IDX.encode(smallImages(count), shape: [count, 2, 3])),
        ("labels", "1", IDX.encode([UInt8](0..<UInt8(count)), shape: [count])),
      ]
      for (content, rank, bytes) in files {
        try folder.write(compressed ? Gzip.compress(bytes) : bytes, to: name(part, content, rank))
      }
    }
  }

  private func emnist(_ sets: [String]) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for set in sets {
      try write(to: folder, compressed: true) { "emnist-\(set)-\($0)-\($1)-idx\($2)-ubyte.gz" }
      try folder.write(Array("1 65 97\n".utf8), to: "emnist-\(set)-mapping.txt")
    }
    return folder
  }

  /// Names in use, by how one of them is made.
  private static let names: [@Sendable (String, String, String) -> String] = [
    { part, content, rank in "\(part == "test" ? "t10k" : part)-\(content)-idx\(rank)-ubyte" },
    { part, content, rank in "\(part)-\(content)-idx\(rank)-ubyte.gz" },
    { part, content, rank in "\(part).\(content).idx\(rank).ubyte" },
    { part, content, rank in "\(part)-\(content).idx\(rank)-ubyte" },
    { part, content, rank in "\(part == "test" ? "t10k" : part)-\(content).idx\(rank)-ubyte.gz" },
    { part, content, rank in "emnist-letters-\(part)-\(content)-idx\(rank)-ubyte.gz" },
    { part, content, rank in "EMNIST-ByClass-\(part)-\(content)-IDX\(rank)-UBYTE" },
    { part, content, rank in "qmnist-\(part)-\(content)-idx\(rank)-ubyte" },
    { part, content, rank in
      let name = "\(part)-\(content)-idx\(rank)-ubyte"
      return "\(name)/\(name)"
    },
  ]

  @Test(arguments: names.indices) func namesInUse(index: Int) throws {
    let folder = try TemporaryFolder()
    let name = Self.names[index]
    try write(to: folder, compressed: name("train", "images", "3").hasSuffix(".gz"), name)
    let data = try IDXFolder(path: folder.path).read()
    #expect(data.train.count == 12 && data.train.labels == [UInt8](0..<12))
    #expect(data.test?.count == 5 && data.test?.labels == [0, 1, 2, 3, 4])
    #expect(data.source == folder.path)
  }

  @Test(arguments: [
    "", "train", "train-images", "train-images-idx3", "train-images-idx3-ubyte.zip", "train-pictures-idx3-ubyte",
    "trains-images-idx3-ubyte", "train-images-idx9-ubyte", "xtrain-images-idx3-ubyte", "images-idx3-ubyte", ".gz",
  ]) func otherNamesAreOfNoSet(name: String) {
    #expect(IDXFileName(name) == nil)
  }

  @Test func qmnistHasItsClassesInIntegers() throws {
    let folder = try TemporaryFolder()
    for (part, classes) in [("train", [5.0, 7]), ("test", [2, 3])] {
      try folder.write(IDX.encode(smallImages(2), shape: [2, 2, 3]), to: "qmnist-\(part)-images-idx3-ubyte")
      let rows = classes.flatMap { (label: Double) -> [Double] in [label, 0, 2423, 112, 53, 33_660, 0, 0] }
      try folder.write(
        Gzip.compress(encodeIDX(rows, as: .int, shape: [2, 8])), to: "qmnist-\(part)-labels-idx2-int.gz")
    }
    let data = try IDXFolder(path: folder.path).read()
    let remarks = data.remarks
    #expect(data.train.labels == [5, 7] && data.test?.labels == [2, 3] && remarks.isEmpty)
  }

  @Test func plainFilesWithDashesComeFirst() throws {
    let folder = try TemporaryFolder()
    try write(to: folder) { "\($0)-\($1)-idx\($2)-ubyte" }
    for name in ["train-images-idx3-ubyte.gz", "train-images.idx3-ubyte", "train-images.idx3-ubyte.gz"] {
      try folder.write([1, 2, 3], to: name)
    }
    #expect(try IDXFolder(path: folder.path).read().train.count == 12)
    #expect(try IDXSets(in: folder.path).names == [""])
  }

  @Test func t10kComesBeforeTest() throws {
    let folder = try TemporaryFolder()
    try write(to: folder) { "\($0)-\($1)-idx\($2)-ubyte" }
    try folder.write(IDX.encode(smallImages(7), shape: [7, 2, 3]), to: "t10k-images-idx3-ubyte")
    let data = try IDXFolder(path: folder.path).read()
    // Nor are labels taken from one and images from the other.
    #expect(data.test?.count == 7 && data.test?.labels == nil)
  }

  @Test func floatsAreReadAndMayNotBeMixedWithBytes() throws {
    let folder = try TemporaryFolder()
    let test = try folder.write(
      encodeIDX([-1.5, 0.25], as: .double, shape: [2, 1]), to: "test-images-idx2-double")
    let train = try folder.write(
      encodeIDX([0.5, -0.5], as: .float, shape: [2, 1]), to: "train-images-idx2-float")
    let data = try IDXFolder(path: folder.path).read()
    #expect(data.train.fingerprint == Dataset([0.5, -0.5], featureCount: 1).fingerprint)
    #expect(data.test?.fingerprint == Dataset([-1.5, 0.25], featureCount: 1).fingerprint)
    try folder.write(IDX.encode([1, 2], shape: [2, 1]), to: "train-images-idx2-float")
    #expect(
      errorDescription { _ = try IDXFolder(path: folder.path).read() }
        == "\(test): header: expected unsigned bytes, as in \(train), found 64-bit floats")
  }

  @Test func remarksOfAllFilesAreCollected() throws {
    let folder = try TemporaryFolder()
    try write(to: folder) { "\($0)-\($1)-idx\($2)-ubyte" }
    let images = try folder.write(
      IDX.encode(smallImages(5), shape: [5, 2, 3]) + [0], to: "test-images-idx3-ubyte")
    let labels = try folder.write(IDX.encode([1, 2, 3, 4, 5], shape: [5]) + [0, 0], to: "test-labels-idx1-ubyte")
    #expect(
      try IDXFolder(path: folder.path).read().remarks == [
        "\(images): 1 byte behind the last number passed over", "\(labels): 2 bytes behind the last number passed over",
      ])
  }

  // MARK: Several sets

  @Test func ofSeveralSetsOneHasToBeNamed() throws {
    let folder = try emnist(["letters", "balanced", "mnist"])
    let message = errorDescription { _ = try IDXFolder(path: folder.path).read() }
    #expect(
      message == "\(folder.path): expected one set, or the name of one, as in --data \(folder.path)/emnist-balanced, "
        + "found emnist-balanced, emnist-letters and emnist-mnist")
  }

  @Test func veryManySetsAreNotAllNamed() throws {
    let folder = try TemporaryFolder()
    for index in 10..<30 {
      try folder.write(IDX.encode([1], shape: [1, 1]), to: "set\(index)-train-images-idx3-ubyte")
    }
    let message = errorDescription { _ = try IDXFolder(path: folder.path).read() }
    #expect(message.hasSuffix("found set10, set11, set12, set13, set14, set15, set16, set17 and 12 others"))
  }

  @Test(arguments: ["emnist-letters", "EMNIST-Letters"]) func aSetIsNamedBehindItsFolder(name: String) throws {
    let folder = try emnist(["letters", "mnist"])
    let set = try #require(try IDXFolder.resolve(folder.path(of: name)))
    #expect(set.path == folder.path && set.setName == "emnist-letters")
    let data = try set.read()
    #expect(data.source == folder.path(of: "emnist-letters"))
    #expect(data.train.name == folder.path(of: "emnist-letters-train-images-idx3-ubyte.gz"))
    #expect(data.test?.labels?.count == 5)
  }

  @Test func theBeginningOfANameWillDoWhereItIsTheOnlyOne() throws {
    let one = try emnist(["letters"])
    #expect(try IDXFolder.resolve(one.path(of: "emnist"))?.setName == "emnist-letters")
    // A name that stops within a word is a slip of the hand.
    #expect(try IDXFolder.resolve(one.path(of: "emnist-let")) == nil)
    let two = try emnist(["letters", "mnist"])
    let path = two.path(of: "emnist")
    #expect(
      errorDescription { _ = try IDXFolder.resolve(path) }
        == "\(path): expected one set, such as \(path)-letters, found emnist-letters and emnist-mnist")
  }

  @Test func otherPathsAreNoSets() throws {
    let folder = try emnist(["letters"])
    try folder.write([], to: "emnist")
    for name in [
      "kmnist", "emnist", "nowhere/emnist-letters", "", "emnist-letters-train-images-idx3-ubyte.gz", "train",
    ] {
      #expect(try IDXFolder.resolve(folder.path(of: name)) == nil, "\(name)")
    }
    #expect(try IDXFolder.resolve("") == nil && IDXFolder.resolve("emnist-letters") == nil)
  }

  @Test func aSetWithoutANameIsTheFoldersOwn() throws {
    let folder = try emnist(["letters", "mnist"])
    try write(to: folder) { "\($0)-\($1)-idx\($2)-ubyte" }
    try folder.write(IDX.encode(smallImages(8), shape: [8, 2, 3]), to: "train-images-idx3-ubyte")
    try folder.write(IDX.encode([UInt8](0..<8), shape: [8]), to: "train-labels-idx1-ubyte")
    let data = try IDXFolder(path: folder.path).read()
    let remarks = data.remarks
    #expect(data.train.count == 8)
    #expect(
      remarks == [
        "\(folder.path): the files without a set's name are taken; beside them lie emnist-letters and emnist-mnist, "
          + "chosen as in --data \(folder.path)/emnist-letters"
      ])
  }

  @Test func aMissingFileOfANamedSetIsCalledAsTheSetIs() throws {
    let folder = try TemporaryFolder()
    try folder.write(IDX.encode([1], shape: [1, 1]), to: "emnist-digits-train-images-idx3-ubyte")
    // Without anything to test with there is nothing amiss.
    #expect(try IDXFolder(path: folder.path).read().test == nil && IDXFolder(path: folder.path).isWithoutTest())
    try folder.write(IDX.encode([1], shape: [1]), to: "emnist-digits-test-labels-idx1-ubyte")
    let expected =
      "\(folder.path): expected a file emnist-digits-test-images-idx3-ubyte or "
      + "emnist-digits-test-images-idx3-ubyte.gz, found none"
    #expect(errorDescription { _ = try IDXFolder(path: folder.path).read() } == expected)
  }

  // MARK: EMNIST's posture

  @Test func emnistIsSetUprightOnlyWhereThatIsAskedFor() throws {
    let folder = try emnist(["letters"])
    let asItIs = try IDXFolder(path: folder.path).read()
    #expect(asItIs.train.imageShape == ImageShape(width: 3, height: 2))
    #expect(asItIs.train.fingerprint == Dataset(bytes: smallImages(12), featureCount: 6).fingerprint)
    #expect(
      asItIs.remarks == ["\(folder.path): EMNIST's pictures lie on their sides; --transpose-images sets them upright"])
    let named = try #require(try IDXFolder.resolve(folder.path(of: "emnist-letters"), transposed: true))
    for upright in [try IDXFolder(path: folder.path, transposed: true).read(), try named.read()] {
      #expect(upright.remarks.isEmpty)
      #expect(upright.train.imageShape == ImageShape(width: 2, height: 3))
      #expect(upright.test?.imageShape == ImageShape(width: 2, height: 3))
      guard case .bytes(let bytes) = upright.train.storage else { return #expect(Bool(false), "floats") }
      let first = smallImages(1)
      #expect(Array(bytes[..<6]) == [first[0], first[3], first[1], first[4], first[2], first[5]])
    }
  }
}
