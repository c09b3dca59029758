extension SparseMatrix {
  /// The matrix whose row c is this one's column c.
  public var transposed: SparseMatrix {
    let sorted = Self.sorted(by: columns, below: columnCount, rowOfEach, values)
    return SparseMatrix(asIs: columnCount, rowCount, sorted.starts, sorted.places, sorted.values)
  }

  /// With the columns of each row rising, and elements of one place added up.
  var inOrder: SparseMatrix {
    var repeats = false
    var rises = true
    columns.withUnsafeBufferPointer { columns in
      forEachRow { _, range in
        for index in range.dropFirst() where columns[index] <= columns[index - 1] { rises = false }
      }
    }
    if rises { return self }
    // Sorting the other way goes over this way's rows in their order.
    let sorted = transposed.transposed
    sorted.columns.withUnsafeBufferPointer { columns in
      sorted.forEachRow { _, range in
        for index in range.dropFirst() where columns[index] == columns[index - 1] { repeats = true }
      }
    }
    return repeats ? sorted.addingUp : sorted
  }

  /// Of sorted rows, with elements of one place added up.
  private var addingUp: SparseMatrix {
    var (starts, sums, places) = ([0], [Float](), [UInt32]())
    starts.reserveCapacity(rowCount + 1)
    columns.withUnsafeBufferPointer { columns in
      values.withUnsafeBufferPointer { values in
        forEachRow { _, range in
          for index in range {
            if index > range.lowerBound, columns[index] == columns[index - 1] {
              sums[sums.count - 1] += values[index]
            } else {
              places.append(columns[index])
              sums.append(values[index])
            }
          }
          starts.append(sums.count)
        }
      }
    }
    return SparseMatrix(asIs: rowCount, columnCount, starts, places, sums)
  }

  /// Calls `body` with every row and where its elements are.
  func forEachRow(_ body: (_ row: Int, _ elements: Range<Int>) throws -> Void) rethrows {
    try rowStarts.withUnsafeBufferPointer { starts in
      for row in 0..<rowCount { try body(row, starts[row]..<starts[row + 1]) }
    }
  }

  /// The row of each element.
  private var rowOfEach: [UInt32] {
    [UInt32](unsafeUninitializedCapacity: stored) { rows, count in
      forEachRow { row, elements in rows[elements].initialize(repeating: UInt32(row)) }
      count = stored
    }
  }

  /// `places` and `values` sorted by `keys`, those of one key in their order (a counting sort), and where those of each key
  /// begin. The keys lie below `keyCount`.
  static func sorted(
    by keys: [UInt32], below keyCount: Int, _ places: [UInt32], _ values: [Float]
  ) -> (starts: [Int], places: [UInt32], values: [Float]) {
    let count = keys.count
    var starts = [Int](repeating: 0, count: keyCount + 1)
    let indices = keys.withUnsafeBufferPointer { keys in
      starts.withUnsafeMutableBufferPointer { starts in
        for key in keys { starts[Int(key) + 1] += 1 }
        for key in 0..<keyCount { starts[key + 1] += starts[key] }
      }
      var next = starts
      return next.withUnsafeMutableBufferPointer { next in
        [Int](unsafeUninitializedCapacity: count) { indices, indexCount in
          for index in 0..<count {
            let key = Int(keys[index])
            indices.initializeElement(at: index, to: next[key])
            next[key] += 1
          }
          indexCount = count
        }
      }
    }
    return (starts, moved(places, to: indices), moved(values, to: indices))
  }

  private static func moved<Number: BitwiseCopyable>(_ numbers: [Number], to indices: [Int]) -> [Number] {
    [Number](unsafeUninitializedCapacity: numbers.count) { moved, count in
      numbers.withUnsafeBufferPointer { numbers in
        indices.withUnsafeBufferPointer { indices in
          for index in 0..<numbers.count { moved.initializeElement(at: indices[index], to: numbers[index]) }
        }
      }
      count = numbers.count
    }
  }
}
