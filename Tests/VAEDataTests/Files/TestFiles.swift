import Foundation

@testable import VAEData

extension TemporaryFolder {
  /// Writes `bytes` to a new file called `name` and returns its path.
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let path = path(of: name)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }
}

/// The description of the error that `body` throws; "" where it throws none.
func errorDescription(_ body: () throws -> Void) -> String {
  do {
    try body()
    return ""
  } catch {
    return String(describing: error)
  }
}

/// `count` pictures of 2 rows of 3 pixels, each byte different from its neighbours.
func smallImages(_ count: Int) -> [UInt8] {
  (0..<count * 6).map { UInt8(truncatingIfNeeded: $0 * 37 + 11) }
}
