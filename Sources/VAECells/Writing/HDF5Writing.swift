import VAEData

/// What is written into an HDF5 file that nobody else has open.
final class HDF5Writing {
  private let worker: HDF5Worker

  /// Opens the file at `path`, which messages call `name`.
  init(path: String, name: String) throws { worker = try HDF5Worker(path: path, access: .writing, name: name) }

  /// Creates a dataset in the place of what is at `path`, and writes it in pieces.
  func create(_ path: String, shape: [Int], _ values: [Float]) throws {
    precondition(values.count == shape.reduce(1, *), "\(values.count) numbers for \(shape)")
    var request = HDF5Request()
    request.append(path)
    request.append(Float.hdf5Value)
    request.append(UInt32(shape.count))
    for size in shape { request.append(UInt64(size)) }
    _ = try worker.ask(.create, request, about: path)
    let width = shape.dropFirst().reduce(1, *)
    let step = max(HDF5Dataset.largestPiece / 4 / max(width, 1), 1)
    precondition(width <= HDF5Dataset.largestPiece / 4, "\(width) numbers in a row")
    for first in stride(from: 0, to: shape[0], by: step) {
      let rows = first..<min(first + step, shape[0])
      var request = HDF5Request()
      request.append(path)
      request.append(Float.hdf5Value)
      request.append(UInt32(shape.count))
      request.append(UInt64(first))
      for _ in shape.dropFirst() { request.append(UInt64(0)) }
      request.append(UInt64(rows.count))
      for size in shape.dropFirst() { request.append(UInt64(size)) }
      values.withUnsafeBufferPointer {
        request.append(UnsafeBufferPointer(rebasing: $0[rows.lowerBound * width..<rows.upperBound * width]))
      }
      _ = try worker.ask(.write, request, about: path)
    }
  }

  /// Creates a group.
  func createGroup(_ path: String) throws {
    var request = HDF5Request()
    request.append(path)
    _ = try worker.ask(.createGroup, request, about: path)
  }

  /// Sets an attribute to one text.
  func set(_ name: String, of path: String, to text: String) throws {
    var request = HDF5Request()
    for part in [path, name, text] { request.append(part) }
    _ = try worker.ask(.setText, request, about: "attribute \(name) of \(path)")
  }

  /// Sets an attribute to texts.
  func set(_ name: String, of path: String, to texts: [String]) throws {
    var request = HDF5Request()
    for part in [path, name] { request.append(part) }
    request.append(UInt32(texts.count))
    for text in texts { request.append(text) }
    _ = try worker.ask(.setTexts, request, about: "attribute \(name) of \(path)")
  }

  /// Writes everything out. What is not finished is worth nothing.
  func finish() throws {
    _ = try worker.ask(.finish, HDF5Request(), about: nil)
    worker.end()
  }
}
