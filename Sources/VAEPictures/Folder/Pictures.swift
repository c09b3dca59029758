import VAEData
import VAEKernels

/// The pictures of a folder, all of one size.
public struct Pictures: Sendable {
  /// The folder.
  public let path: String
  /// [pictures, height, width, channels], channels innermost.
  public let bytes: [UInt8]
  /// The shape of each.
  public let imageShape: ImageShape
  /// The class of each, a place in `classNames`; nil where they have none.
  public private(set) var labels: [UInt8]?
  /// The classes, in the order of their names' bytes.
  public private(set) var classNames: [String]?
  /// The path of each from the folder on: "cats/1.png".
  public let ids: [String]
  /// What a person should know of how they were read, a line each: which could not be, and what was passed over.
  public var remarks: [String] { remarksOfFiles + (remarkOfClasses.map { [$0] } ?? []) }
  private let remarksOfFiles: [String]
  /// Why the folders are no classes.
  private var remarkOfClasses: String?

  /// The number of pictures.
  public var count: Int { ids.count }

  /// The largest number of classes: a label is a byte.
  static let largestClassCount = 256

  /// Those of `listing` but the `unreadable`, whose bytes follow each other in `bytes`.
  init(
    _ listing: PictureListing, unreadable: [(index: Int, error: any Error)], bytes: [UInt8], imageShape: ImageShape
  ) {
    path = listing.path
    self.bytes = bytes
    self.imageShape = imageShape
    let leftOut = Set(unreadable.map(\.index))
    let files = listing.files.indices.filter { !leftOut.contains($0) }.map { listing.files[$0] }
    ids = files.map(\.name)
    remarksOfFiles = PictureRemarks.of(listing, unreadable: unreadable)

    // By number and not by name, as two names of different bytes may be equal as text.
    let folders = files.compactMap(\.folder)
    // They were listed in order, so that the folders of their pictures are in order too.
    let used = folders.reduce(into: [Int]()) { used, folder in if used.last != folder { used.append(folder) } }
    let inNone = files.count - folders.count
    if !used.isEmpty && inNone > 0 {
      let lie = inNone == 1 ? "lies" : "lie"
      remarkOfClasses = "no classes: \(inNone.counted("picture")) \(lie) beside the folders and not in one of them"
    } else if used.count > Self.largestClassCount {
      remarkOfClasses = "no classes: there are \(used.count) folders, and at most \(Self.largestClassCount) classes"
    } else if !used.isEmpty {
      let codes = Dictionary(uniqueKeysWithValues: zip(used, 0...))
      labels = folders.map { UInt8(codes[$0]!) }
      classNames = used.map { listing.folders[$0] }
    }
  }

  /// The pictures as a data set: numbers from 0 to 1, as byte / 255.
  public func dataset() -> Dataset {
    var dataset = Dataset(
      bytes: bytes, featureCount: imageShape.featureCount, imageShape: imageShape, labels: labels, name: path)
    (dataset.classNames, dataset.ids) = (classNames, ids)
    return dataset
  }

  // MARK: Classes from a table

  /// The class of each picture by a table that has one for its path from the folder on ("cats/1.png"), or for its bare name
  /// ("1.png") or that without its ending ("1"), where only one picture has that name; classes in the order of their names'
  /// bytes.
  ///
  /// Throws `DataError` where the table has none for a picture, where a bare name is of two pictures, and where there are
  /// more than 256 classes. What the table has beyond the pictures does not matter.
  public func labels(from table: [String: String]) throws(DataError) -> (labels: [UInt8], classNames: [String]) {
    var classes: [String] = []
    var missing: [String] = []
    var idOfName: [String: String] = [:]
    for id in ids {
      let name = Self.bareName(id)
      if let found = table[id] {
        classes.append(found)
      } else if let name = [name, Self.withoutEnding(name)].first(where: { table[$0] != nil }), let found = table[name]
      {
        if let other = idOfName.updateValue(id, forKey: name) {
          throw DataError(
            path: path, expected: "a table with the paths of pictures where a name is of several",
            found: "only \(name), of \(other) and of \(id)")
        }
        classes.append(found)
      } else {
        missing.append(id)
      }
    }
    if let first = missing.first {
      throw DataError(
        path: path, expected: "a class for every picture in the table",
        found: missing.count == 1 ? "none for \(first)" : "none for \(missing.count) of \(count), the first \(first)")
    }
    let names = Set(classes).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard names.count <= Self.largestClassCount else {
      throw DataError(
        path: path, expected: "at most \(Self.largestClassCount) classes in the table", found: "\(names.count)")
    }
    let codes = Dictionary(uniqueKeysWithValues: zip(names, 0...))
    return (classes.map { UInt8(codes[$0]!) }, names)
  }

  /// Whether `name` is that of a picture, as a table may have it.
  func hasPicture(called name: String) -> Bool {
    ids.contains { id in
      let bare = Self.bareName(id)
      return id == name || bare == name || Self.withoutEnding(bare) == name
    }
  }

  /// "1.png" of "cats/1.png".
  private static func bareName(_ id: String) -> String {
    id.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(id[id.utf8.index(after: $0)...]) } ?? id
  }

  /// "1" of "1.png".
  private static func withoutEnding(_ name: String) -> String {
    name.utf8.lastIndex(of: UInt8(ascii: ".")).map { String(name[..<$0]) } ?? name
  }

  /// The same pictures with the classes of `labels(from:)`.
  public func labelled(from table: [String: String]) throws(DataError) -> Pictures {
    var result = self
    let (labels, classNames) = try labels(from: table)
    (result.labels, result.classNames, result.remarkOfClasses) = (labels, classNames, nil)
    return result
  }
}
