import VAEKernels

/// The k nearest neighbours of every point of a set, exactly, by Euclidean distance.
///
/// All distances are computed, a block at a time, and compared with the largest that is still wanted: n² d operations, which
/// is fast for latents (50,000 points in 10 dimensions take a second or two) and needs no index that would fail as dimensions
/// grow. Of two neighbours at the same distance the one with the smaller index comes first. The result does not depend on
/// the number of threads.
public struct NearestNeighbors: Sendable {
  /// n.
  public let count: Int
  /// k.
  public let neighborCount: Int
  /// [n, k], row after row: the neighbours of each point, the nearest first. A point is not its own neighbour, but one that
  /// is equal to it is.
  public let indices: [UInt32]
  /// [n, k]: the squares of their distances, in the points' units.
  public let squaredDistances: [Float]

  /// Of `points` [n, dimension], row after row, all finite. There are n − 1 neighbours where that is less than
  /// `neighborCount`.
  public init(of points: [Float], dimension: Int, neighborCount: Int, team: ThreadTeam) {
    self.init(of: points, dimension: dimension, neighborCount: neighborCount, team: team) { _ in }
  }

  /// The same; `progress` is told from time to time how many points are done, on the calling thread, and what it throws ends
  /// the search.
  public init(
    of points: [Float], dimension: Int, neighborCount: Int, team: ThreadTeam, progress: (_ done: Int) throws -> Void
  ) rethrows {
    precondition(neighborCount >= 0, "\(neighborCount) neighbours")
    let columns = PointColumns(points, dimension: dimension)
    count = columns.count
    self.neighborCount = max(0, min(neighborCount, count - 1))
    guard self.neighborCount > 0 else {
      (indices, squaredDistances) = ([], [])
      return
    }
    let search = NeighborSearch(points, columns, neighborCount: self.neighborCount)
    let searchers = (0..<team.count).map { _ in NeighborSearcher(search) }
    let queries = Pieces(total: count, size: NeighborSearch.queriesAtATime)
    for slice in stride(from: 0, to: queries.count, by: 64) {
      let end = min(slice + 64, queries.count)
      let queue = WorkQueue()
      team.run { worker in
        while let piece = queue.next(of: end - slice) { searchers[worker.index].find(queries[slice + piece]) }
      }
      try progress(queries[end - 1].upperBound)
    }
    indices = search.indices.array
    squaredDistances = search.squaredDistances.array
  }

  /// The neighbours of one point, the nearest first.
  public func neighbors(of point: Int) -> ArraySlice<UInt32> {
    indices[point * neighborCount..<(point + 1) * neighborCount]
  }
}

/// What is searched, and where the results go.
private final class NeighborSearch: Sendable {
  static let queriesAtATime = 32

  let columns: PointColumns
  let rows: SharedNumbers<Float>
  let neighborCount: Int
  let indices: SharedNumbers<UInt32>
  let squaredDistances: SharedNumbers<Float>

  init(_ points: [Float], _ columns: PointColumns, neighborCount: Int) {
    self.columns = columns
    self.neighborCount = neighborCount
    rows = SharedNumbers(points, empty: 0)
    indices = SharedNumbers(count: columns.count * neighborCount, repeating: 0)
    squaredDistances = SharedNumbers(count: columns.count * neighborCount, repeating: 0)
  }
}

/// One worker's search: a few queries at a time against all points.
private final class NeighborSearcher: @unchecked Sendable {
  private static let pointsAtATime = 512

  private let search: NeighborSearch
  private let distances: AlignedBuffer
  /// Of each query, room for the keys that are kept and for those of a block. A key is a distance's bits, and below them the
  /// index: whole numbers in the order of neighbours.
  private let keys: SharedNumbers<UInt64>
  private let room: Int
  private var found: [Int]
  private var bounds: [Float]
  /// The point itself is found too.
  private var kept: Int { search.neighborCount + 1 }
  /// As many keys are let come before the nearest are told from the rest.
  private var limit: Int { 2 * kept + 128 }

  init(_ search: NeighborSearch) {
    self.search = search
    distances = AlignedBuffer(count: NeighborSearch.queriesAtATime * Self.pointsAtATime)
    room = 2 * (search.neighborCount + 1) + 128 + Self.pointsAtATime
    keys = SharedNumbers(count: NeighborSearch.queriesAtATime * room, repeating: 0)
    found = Array(repeating: 0, count: NeighborSearch.queriesAtATime)
    bounds = Array(repeating: .infinity, count: NeighborSearch.queriesAtATime)
  }

  func find(_ queries: Range<Int>) {
    let dimension = search.columns.dimension
    let rows = Matrix(search.rows.base + queries.lowerBound * dimension, rows: queries.count, columns: dimension)
    for query in 0..<queries.count { (found[query], bounds[query]) = (0, .infinity) }
    let blocks = Pieces(total: search.columns.count, size: Self.pointsAtATime)
    for index in 0..<blocks.count {
      let block = blocks[index]
      let matrix = Matrix(distances.base, rows: queries.count, columns: block.count, stride: Self.pointsAtATime)
      VectorMath.active.squaredDistances(ofColumns: search.columns.columns(block), from: rows, into: matrix)
      for query in 0..<queries.count {
        let own = keys.base + query * room
        found[query] += VectorMath.active.selectWithin(
          bounds[query], matrix.base + query * matrix.stride, count: block.count, first: block.lowerBound,
          into: own + found[query])
        if found[query] > limit { keepNearest(query) }
      }
    }
    for query in 0..<queries.count { finish(query, queries.lowerBound + query) }
  }

  private func keepNearest(_ query: Int) {
    guard found[query] > kept else { return }
    let own = keys.base + query * room
    Selection.moveSmallest(kept, of: own, count: found[query])
    found[query] = kept
    var last: UInt64 = 0
    for place in 0..<kept { last = max(last, own[place]) }
    bounds[query] = Float(bitPattern: UInt32(last >> 32))
  }

  private func finish(_ query: Int, _ point: Int) {
    keepNearest(query)
    var own = UnsafeMutableBufferPointer(start: keys.base + query * room, count: found[query])
    own.sort()
    var place = point * search.neighborCount
    let end = place + search.neighborCount
    for key in own where place < end {
      let index = UInt32(truncatingIfNeeded: key)
      // Of many that are equal the point itself may not be among those kept; then the last of them is left over.
      if index == UInt32(point) { continue }
      search.indices.base[place] = index
      search.squaredDistances.base[place] = Float(bitPattern: UInt32(key >> 32))
      place += 1
    }
  }
}

/// The smallest of some numbers.
enum Selection {
  /// Brings the `wanted` smallest of `count` keys, all different, to the front, in no order (Hoare 1961, "Algorithm 65:
  /// Find").
  static func moveSmallest(_ wanted: Int, of keys: UnsafeMutablePointer<UInt64>, count: Int) {
    var (low, high) = (0, count - 1)
    while low < high {
      let pivot = median(keys[low], keys[(low + high) / 2], keys[high])
      var (left, right) = (low, high)
      while left <= right {
        while keys[left] < pivot { left += 1 }
        while keys[right] > pivot { right -= 1 }
        if left <= right {
          (keys[left], keys[right]) = (keys[right], keys[left])
          left += 1
          right -= 1
        }
      }
      // Everything up to `right` is at most the pivot, everything from `left` on at least.
      if wanted <= right {
        high = right
      } else if wanted > left {
        low = left
      } else {
        return
      }
    }
  }

  private static func median(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 { max(min(a, b), min(max(a, b), c)) }
}
