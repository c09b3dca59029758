import VAEData

/// An HDF5 file that is open to be read: groups, datasets, attributes, by their paths.
final class HDF5File {
  /// For messages.
  let path: String
  let worker: HDF5Worker
  /// In bytes, when it was opened.
  let byteCount: Int

  /// The first bytes of a file; with a user block they come later, at a power of two, which is rare and not looked for.
  static let signature: [UInt8] = [0x89] + Array("HDF\r\n".utf8) + [0x1A, 0x0A]

  init(path: String, limits: HDF5Limits = HDF5Limits()) throws {
    self.path = path
    byteCount = try FileReader(path: path).count
    worker = try HDF5Worker(path: path, limits: limits)
  }

  /// What is at a path.
  enum Object {
    case group(HDF5Group)
    case dataset(HDF5Dataset)
    case other
  }

  var root: HDF5Group { HDF5Group(file: self, path: "/") }

  /// What is at `path`; nil where nothing is.
  func object(at path: String) throws -> Object? {
    var request = HDF5Request()
    request.append(path)
    var answer = try worker.ask(.describe, request, about: path)
    guard try answer.next(UInt8.self) != 0 else { return nil }
    return switch Child.Kind(rawValue: try answer.next(UInt8.self)) {
    case .group: .group(HDF5Group(file: self, path: path))
    case .dataset: .dataset(try HDF5Dataset(file: self, path: path, &answer))
    default: .other
    }
  }

  /// The group at `path`; nil where there is none.
  func group(at path: String) throws -> HDF5Group? {
    guard case .group(let group) = try object(at: path) else { return nil }
    return group
  }

  /// The dataset at `path`; nil where there is none.
  func dataset(at path: String) throws -> HDF5Dataset? {
    guard case .dataset(let dataset) = try object(at: path) else { return nil }
    return dataset
  }

  /// The dataset at `path`, which must be there.
  func requiredDataset(at path: String) throws -> HDF5Dataset {
    guard let dataset = try dataset(at: path) else { throw error(at: path, "a dataset", "none") }
    return dataset
  }

  /// The attribute of what is at `path`; nil where it has none of this name.
  func attribute(_ name: String, of path: String) throws -> HDF5Attribute? {
    var request = HDF5Request()
    request.append(path)
    request.append(name)
    var answer = try worker.ask(.attribute, request, about: "attribute \(name) of \(path)")
    guard try answer.next(UInt8.self) != 0 else { return nil }
    return try HDF5Attribute(&answer)
  }

  /// An error at a place in the file.
  func error(at place: String, _ expected: String, _ found: String) -> DataError {
    DataError(path: path, place: place, expected: expected, found: found)
  }

  /// A link of a group.
  struct Child: Equatable {
    enum Kind: UInt8 { case other, group, dataset }

    let name: String
    let kind: Kind
  }
}

/// A group of an HDF5 file.
struct HDF5Group {
  let file: HDF5File
  let path: String

  /// The path of a child.
  func path(of name: String) -> String { path == "/" ? name : "\(path)/\(name)" }

  /// What is in it, by name.
  func children() throws -> [HDF5File.Child] {
    var children: [HDF5File.Child] = []
    while true {
      var request = HDF5Request()
      request.append(path)
      request.append(UInt64(children.count))
      var answer = try file.worker.ask(.list, request, about: path)
      let isMore = try answer.next(UInt8.self) != 0
      let count = try answer.count(ofSize: 5)
      for _ in 0..<count {
        let kind = HDF5File.Child.Kind(rawValue: try answer.next(UInt8.self)) ?? .other
        children.append(HDF5File.Child(name: try answer.text(), kind: kind))
      }
      // A damaged group may be as long as it likes.
      if !isMore || count == 0 { return children }
      guard children.count < 1 << 20 else { throw file.error(at: path, "a group", "one of more than a million links") }
    }
  }

  func dataset(_ name: String) throws -> HDF5Dataset? { try file.dataset(at: path(of: name)) }
  func group(_ name: String) throws -> HDF5Group? { try file.group(at: path(of: name)) }
  func attribute(_ name: String) throws -> HDF5Attribute? { try file.attribute(name, of: path) }
}

/// What an attribute holds; a single value is an array of one.
enum HDF5Attribute: Equatable {
  case texts([String])
  case integers([Int])
  case numbers([Double])
  /// Another kind.
  case other

  init(_ answer: inout HDF5Answer) throws {
    _ = try HDF5Type(&answer, withFields: false)
    let rank = try answer.count(ofSize: 8)
    for _ in 0..<rank { _ = try answer.next(UInt64.self) }
    let value = try answer.next(UInt32.self)
    if value == 0 {
      self = .other
      return
    }
    let count = try answer.size()
    switch value {
    case HDF5Value.texts: self = .texts(try answer.texts(count))
    case Int64.hdf5Value: self = .integers(try answer.numbers(Int64.self, count: count).map { Int($0) })
    case Double.hdf5Value: self = .numbers(try answer.numbers(Double.self, count: count))
    default: throw answer.error
    }
  }

  /// The only text, of an attribute that is one.
  var text: String? {
    guard case .texts(let texts) = self, texts.count == 1 else { return nil }
    return texts[0]
  }

  /// All texts; none of an empty list, which is written as no numbers.
  var texts: [String]? {
    switch self {
    case .texts(let texts): texts
    case .integers(let numbers) where numbers.isEmpty: []
    case .numbers(let numbers) where numbers.isEmpty: []
    default: nil
    }
  }

  var integers: [Int]? {
    guard case .integers(let integers) = self else { return nil }
    return integers
  }
}
