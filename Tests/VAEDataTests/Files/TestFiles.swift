import Foundation
import TestSupport

@testable import VAEData

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
