import Synchronization
import VAEData
import VAEKernels

/// Reads all pictures of a folder once, several at a time, each into a row of its own.
///
/// What is thrown and what is left out do not depend on who came first: a failure stops those behind it in the folder's
/// order, and of several the first in that order counts.
struct PicturePass: Sendable {
  let listing: PictureListing
  let decoder: PictureDecoder
  let scaler: PictureScaler
  /// Of the rows: 1 or 3.
  let channels: Int
  /// The picture whose size all must have; nil where they are scaled.
  let first: String?
  let onUnreadable: PictureReading.Unreadable
  /// Whether to end the pass at a picture with a colour in it, which one channel cannot hold.
  let stopsAtColour: Bool

  /// What a pass found out.
  struct Findings: Sendable {
    /// The pictures that were left out, in order.
    var unreadable: [(index: Int, error: any Error)] = []
    /// Why the folder is not read.
    var failure: (index: Int, error: any Error)?
    /// Whether it ended at a colour.
    var hasColor = false
  }

  private final class Progress: Sendable {
    let next = Atomic<Int>(0)
    let findings = Mutex(Findings())

    /// Whether picture `index` is still of interest.
    func wants(_ index: Int) -> Bool {
      findings.withLock { !$0.hasColor && $0.failure.map { index < $0.index } ?? true }
    }

    func fail(_ index: Int, _ error: any Error) {
      findings.withLock {
        if $0.failure.map({ index < $0.index }) ?? true { $0.failure = (index, error) }
      }
    }
  }

  /// Numbers in a row.
  var featureCount: Int { scaler.width * scaler.height * channels }

  /// Writes every picture that can be read to its row of `rows`, one for each file of the listing.
  func run(on team: ThreadTeam, into rows: UnsafeMutableBufferPointer<UInt8>) -> Findings {
    precondition(rows.count == listing.files.count * featureCount, "\(rows.count) bytes of rows")
    // Each row is written by one thread, and looked at when all have finished.
    nonisolated(unsafe) let rows = rows
    let progress = Progress()
    team.run { _ in
      while true {
        let index = progress.next.add(1, ordering: .relaxed).oldValue
        guard index < listing.files.count, progress.wants(index) else { return }
        read(index, into: .init(rebasing: rows[index * featureCount..<(index + 1) * featureCount]), progress)
      }
    }
    return progress.findings.withLock {
      $0.unreadable.sort { $0.index < $1.index }
      return $0
    }
  }

  private func read(_ index: Int, into row: UnsafeMutableBufferPointer<UInt8>, _ progress: Progress) {
    let name = listing.files[index].name
    do {
      let picture = try decoder.read(path: Folder.path(of: name, in: listing.path))
      if stopsAtColour, picture.hasColor { return progress.findings.withLock { $0.hasColor = true } }
      if let first, picture.width != scaler.width || picture.height != scaler.height {
        let error = DataError(
          path: listing.path, expected: "pictures of one size, or --image-size with one to scale them to",
          found: "\(scaler.width) × \(scaler.height) in \(first), \(picture.size) in \(name)")
        return progress.fail(index, error)
      }
      scaler.write(channels == 1 ? picture.grey() : picture.colored(), into: row)
    } catch {
      switch onUnreadable {
      case .fail: progress.fail(index, error)
      case .skip: progress.findings.withLock { $0.unreadable.append((index, error)) }
      }
    }
  }
}
