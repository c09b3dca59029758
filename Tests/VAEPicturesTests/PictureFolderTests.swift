import CStandardLibrary
import Foundation
import TestSupport
import Testing
import VAEData
import VAEKernels

@testable import VAEPictures

@Suite struct PictureFolderTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// Writes a picture; names are paths as `Path` has them.
  private func put(_ picture: Picture, _ name: String) throws { try put(picture.png, name) }

  private func put(_ bytes: [UInt8], _ name: String) throws {
    let path = folder.path(of: name)
    try Folder.create(at: Path.folder(of: path))
    try AtomicFile.write(bytes, to: path)
  }

  private func link(_ name: String, to target: String) throws {
    try #require(symlink(target, folder.path(of: name)) == 0)
  }

  private func read(_ change: (inout PictureOptions) -> Void = { _ in }) throws -> Pictures {
    var options = PictureOptions()
    change(&options)
    return try PictureFolder.read(path: folder.path, options: options)
  }

  private func words(_ change: (inout PictureOptions) -> Void = { _ in }) -> String {
    do {
      _ = try read(change)
      return ""
    } catch {
      return "\(error)"
    }
  }

  // MARK: What is a picture, and in which order

  @Test func picturesComeInTheOrderOfTheirBytes() throws {
    let names = ["b.png", "B.PNG", "é.png", "a/z.jpg", "a-b/y.png", "10.png", "9.png", "a/b/c.png"]
    for (seed, name) in names.enumerated() { try put(.test(3, 2, seed: seed), name) }
    let pictures = try read()
    #expect(pictures.ids == ["10.png", "9.png", "B.PNG", "a/b/c.png", "a/z.jpg", "a-b/y.png", "b.png", "é.png"])
    #expect(pictures.imageShape == ImageShape(width: 3, height: 2))
    #expect(pictures.count == 8)
    for (place, id) in pictures.ids.enumerated() {
      let seed = try #require(names.firstIndex(of: id))
      #expect(Array(pictures.bytes[place * 6..<place * 6 + 6]) == Picture.test(3, 2, seed: seed).bytes)
    }
    #expect(pictures.remarks == ["no classes: 5 pictures lie beside the folders and not in one of them"])
    let data = pictures.dataset()
    #expect(data.count == 8 && data.featureCount == 6 && data.imageShape == pictures.imageShape)
  }

  @Test func filesAreToldByTheirFirstBytes() throws {
    try put(.test(2, 2), "no ending")
    try put(.test(2, 2), "wrong.gif")
    try put(PictureFixture["JPEG one pixel"].bytes, "photograph.png")
    try put(Array("a,b".utf8), "labels.csv")
    try put(PictureFixture.refused.first { $0.name == "GIF" }!.file.map { $0 }, "animation.gif")
    try put(.test(2, 2), ".hidden.png")
    try put(.test(2, 2), ".cache/a.png")
    let pictures = try read { $0.imageSize = (1, 1) }
    #expect(pictures.ids == ["no ending", "photograph.png", "wrong.gif"])
    #expect(
      pictures.remarks == ["passed over 2 files that are no picture: animation.gif (a GIF picture), labels.csv (text)"])
  }

  #if os(Linux)
    @Test func namesThatAreNotUTF8AreKept() throws {
      let name = Path.text(of: [0x64, 0xE9] + Array(".PNG".utf8))
      try put(.test(2, 2), name)
      try put(.test(2, 2), Path.text(of: [0xFF]) + "/a.png")
      #expect(try read().ids == [name, Path.text(of: [0xFF]) + "/a.png"])
    }
  #endif

  @Test func linksInCirclesEnd() throws {
    try put(.test(2, 2), "a/1.png")
    try put(.test(2, 2), "b/2.png")
    try link("a/again", to: "..")
    try link("a/self", to: "self")
    try link("b/other", to: "../a")
    try link("b/3.png", to: "../a/1.png")
    try link("c", to: "b")
    let pictures = try read()
    #expect(pictures.ids == ["a/1.png", "b/2.png", "b/3.png"])
    #expect(pictures.labels == [0, 1, 1] && pictures.classNames == ["a", "b"])
    #expect(
      pictures.remarks == [
        "passed over 1 file that is no picture: a/self (a link that leads nowhere)",
        "not entered: a/again and 2 more, a second way to a folder that was read",
      ])
  }

  @Test func whatIsNoFolderOfPicturesSaysWhatItIs() throws {
    #expect(words() == "\(folder.path): expected a folder with PNG or JPEG pictures, found none")
    for name in ["a.csv", "b.csv", "c.csv", "x/d.csv"] { try put(Array("1,2".utf8), name) }
    try #require(mkfifo(folder.path(of: "a.png"), 0o600) == 0)
    #expect(
      words() == "\(folder.path): expected a folder with PNG or JPEG pictures, found only a.csv (text), "
        + "a.png (no regular file), b.csv (text) and 2 more")
    let file = folder.path(of: "a.csv")
    #expect(throws: DataError(path: file, expected: "a folder of pictures", found: "a file")) {
      try PictureFolder.read(path: file)
    }
    let nothing = folder.path(of: "nothing")
    #expect(throws: DataError(path: nothing, expected: "a folder of pictures", found: "nothing")) {
      try PictureFolder.read(path: nothing)
    }
  }

  // MARK: Unreadable pictures

  @Test(arguments: [1, 4]) func unreadablePicturesAreLeftOutByName(threads: Int) throws {
    for seed in 0..<20 { try put(.test(2, 2, seed: seed), "\(seed + 10).png") }
    try put([], "10.png")
    try put(Array(Picture.test(2, 2).png.dropLast(5)), "15.png")
    try put(Array("<?xml?>".utf8), "16.png")
    try link("29 nowhere.jpg", to: "nowhere")
    let pictures = try read { $0.threads = threads }
    #expect(pictures.ids == (10..<30).filter { ![10, 15, 16].contains($0) }.map { "\($0).png" })
    #expect(pictures.bytes == pictures.ids.flatMap { Picture.test(2, 2, seed: Int($0.prefix(2))! - 10).bytes })
    #expect(pictures.remarks.count == 5)
    #expect(pictures.remarks[0] == "unreadable and left out: 4 of 21 pictures")
    #expect(pictures.remarks[1] == "\(folder.path)/10.png: expected a PNG or JPEG picture, found an empty file")
    #expect(pictures.remarks[2].contains("/15.png: expected a whole PNG, found one that is cut off"))
    #expect(
      pictures.remarks[3].contains("/16.png") && pictures.remarks[4].contains("29 nowhere.jpg: cannot open the file"))
    let first = words {
      $0.threads = threads
      $0.onUnreadable = .fail
    }
    #expect(first == pictures.remarks[1])
  }

  @Test func onlyTheFirstUnreadablePicturesAreNamed() throws {
    for index in 10..<30 { try put([0], "\(index).png") }
    #expect(
      words().hasPrefix(
        "\(folder.path): expected pictures that can be read, found none among 20 files, of which the first is \(folder.path)/10.png: "
      ))
    try put(.test(1, 1), "40.png")
    let remarks = try read().remarks
    #expect(remarks.count == 12 && remarks.last == "and 10 more")
  }

  // MARK: Sizes and channels

  @Test(arguments: [1, 4]) func differentSizesNeedASize(threads: Int) throws {
    for index in 10..<40 { try put(.test(index == 25 || index == 31 ? 5 : 4, 4), "\(index).png") }
    #expect(
      words { $0.threads = threads }
        == "\(folder.path): expected pictures of one size, or --image-size with one to scale them to, "
        + "found 4 × 4 in 10.png, 5 × 4 in 25.png")
    let pictures = try read {
      $0.threads = threads
      $0.imageSize = (2, 3)
    }
    #expect(pictures.imageShape == ImageShape(width: 2, height: 3) && pictures.bytes.count == 30 * 6)
    let scaler = PictureScaler(width: 2, height: 3)
    #expect(Array(pictures.bytes[15 * 6..<16 * 6]) == scaler.scale(.test(5, 4)).bytes)
    #expect(Array(pictures.bytes[16 * 6..<17 * 6]) == scaler.scale(.test(4, 4)).bytes)
  }

  @Test(arguments: [1, 4]) func oneColourMakesAllOfThemColoured(threads: Int) throws {
    let grey = Picture(width: 2, height: 1, channels: 1, bytes: [1, 2])
    // In three channels, and yet grey.
    let plain = Picture(width: 2, height: 1, channels: 3, bytes: [3, 3, 3, 4, 4, 4])
    let red = Picture(width: 2, height: 1, channels: 3, bytes: [5, 5, 5, 255, 0, 0])
    try put(grey, "1.png")
    try put(plain, "2.png")
    let first = try read { $0.threads = threads }
    #expect(first.imageShape.channels == 1 && first.bytes == [1, 2, 3, 4])
    #expect(try read { $0.channels = .color }.bytes == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4])
    try put(red, "3.png")
    let second = try read { $0.threads = threads }
    #expect(second.imageShape.channels == 3)
    #expect(second.bytes == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 255, 0, 0])
    #expect(try read { $0.channels = .grey }.bytes == [1, 2, 3, 4, 5, 76])
  }

  @Test func aBackgroundOfAColourMakesThemColoured() throws {
    try put(Picture(width: 1, height: 2, channels: 1, bytes: [1, 2]), "1.png")
    let pictures = try read {
      $0.imageSize = (2, 2)
      $0.fit = .whole
      $0.background = PictureColor(red: 9, green: 0, blue: 0)
    }
    #expect(pictures.imageShape.channels == 3)
    #expect(pictures.bytes == [1, 1, 1, 9, 0, 0, 2, 2, 2, 9, 0, 0])
  }

  @Test func whatDoesNotFitIntoMemoryIsRefusedBeforehand() throws {
    try put(.test(1, 1), "a.png")
    let error = words {
      $0.imageSize = (1_000_000, 1_000_000)
      $0.channels = .color
    }
    #expect(error.contains("found 1 of 1000000 × 1000000 × 3, which are 3000.0 GB"), "\(error)")
  }

  // MARK: Classes

  @Test func foldersAreClasses() throws {
    for name in ["dogs/1.png", "cats/2.png", "cats/old/3.png"] { try put(.test(1, 1), name) }
    try put(Array("x".utf8), "birds/none.txt")
    try put([], "apes/4.png")
    let pictures = try read()
    #expect(pictures.ids == ["cats/2.png", "cats/old/3.png", "dogs/1.png"])
    #expect(pictures.labels == [0, 0, 1] && pictures.classNames == ["cats", "dogs"])
    #expect(pictures.dataset().labels == [0, 0, 1])
  }

  @Test(arguments: [256, 257]) func aLabelIsAByte(count: Int) throws {
    for index in 0..<count { try put(.test(1, 1), "\(index + 1000)/a.png") }
    let pictures = try read()
    #expect(pictures.labels == (count == 256 ? (0...255).map { $0 } : nil))
    #expect(pictures.classNames?.count == (count == 256 ? 256 : nil))
    #expect(pictures.remarks == (count == 256 ? [] : ["no classes: there are 257 folders, and at most 256 classes"]))
  }

  @Test func classesFromATable() throws {
    for name in ["1.png", "2.png", "x/3.png"] { try put(.test(1, 1), name) }
    let pictures = try read()
    #expect(pictures.labels == nil)
    let labelled = try pictures.labelled(from: ["1.png": "b", "x/3.png": "a", "3.png": "c", "2.png": "b", "9.png": "d"])
    #expect(labelled.labels == [1, 1, 0] && labelled.classNames == ["a", "b"] && labelled.bytes == pictures.bytes)
    #expect(try pictures.labels(from: ["1.png": "b", "3.png": "é", "2.png": "z"]).classNames == ["b", "z", "é"])

    func words(_ table: [String: String]) -> String {
      do {
        _ = try pictures.labels(from: table)
        return ""
      } catch {
        return "\(error)"
      }
    }
    let start = "\(folder.path): expected a class for every picture in the table, found "
    #expect(words(["1.png": "a", "2.png": "a"]) == start + "none for x/3.png")
    #expect(words(["1.png": "a"]) == start + "none for 2 of 3, the first 2.png")
  }

  @Test func classesOfATableStandForThoseOfFolders() throws {
    for name in ["x/1.png", "y/2.png", "3.b.png"] { try put(.test(1, 1), name) }
    let pictures = try read()
    #expect(pictures.labels == nil && pictures.remarks.count { $0.hasPrefix("no classes") } == 1)
    // Names may lack their endings, and 3 is none of them.
    let labelled = try pictures.labelled(from: ["1": "b", "2.png": "a", "3.b": "b"])
    #expect(pictures.ids == ["3.b.png", "x/1.png", "y/2.png"])
    #expect(labelled.labels == [1, 1, 0] && labelled.remarks == [])
    #expect(throws: DataError.self) { try pictures.labels(from: ["1": "b", "2": "a", "3": "b"]) }
  }

  @Test func aBareNameIsOfOnePicture() throws {
    for name in ["x/1.png", "y/1.png"] { try put(.test(1, 1), name) }
    let pictures = try read()
    #expect(try pictures.labels(from: ["x/1.png": "a", "1.png": "b"]).labels == [0, 1])
    let error = #expect(throws: DataError.self) { try pictures.labels(from: ["1.png": "b"]) }
    #expect(error?.found == "only 1.png, of x/1.png and of y/1.png")
  }

  @Test func theResultDoesNotDependOnThreads() throws {
    for index in 0..<60 {
      try put(.test(4 + index % 7, 5, channels: index % 3 == 0 ? 3 : 1, seed: index), "\(index).png")
    }
    let results = try [1, 2, 5].map { threads in
      try read {
        $0.threads = threads
        $0.imageSize = (4, 4)
      }
    }
    #expect(results[0].bytes == results[1].bytes && results[0].bytes == results[2].bytes)
  }
}
