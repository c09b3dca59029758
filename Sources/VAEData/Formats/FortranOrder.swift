/// Where the numbers of an array go that come with the first index the fastest, for the last one to be the fastest.
///
/// A line is what differs in the first index alone: its numbers come one after another, and go `stride` apart.
struct FortranOrder {
  /// How many lines are placed at once: as many as a cache line has floats, which in an array of two indices lie together.
  static let linesAtOnce = 16

  private let shape: [Int]
  /// How far apart neighbours along each index go.
  private let strides: [Int]
  /// The indices of the next number, the first one among them, and where the line that it is in begins.
  private var index: [Int]
  private var lineStart = 0

  /// Of a shape of at least one index, without zeros.
  init(_ shape: [Int]) {
    self.shape = shape
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * shape[axis + 1] }
    self.strides = strides
    index = [Int](repeating: 0, count: shape.count)
  }

  /// Puts the next numbers in their places in `array`.
  mutating func place(_ numbers: UnsafeBufferPointer<Float>, in array: UnsafeMutablePointer<Float>) {
    let lineCount = Self.linesAtOnce
    guard let source = numbers.baseAddress else { return }
    var done = 0
    withUnsafeTemporaryAllocation(of: Int.self, capacity: lineCount) { starts in
      while done < numbers.count {
        let source = source + done
        if index[0] == 0, numbers.count - done >= lineCount * shape[0] {
          for line in 0..<lineCount {
            starts[line] = lineStart
            beginNextLine()
          }
          let (length, stride) = (shape[0], strides[0])
          for place in 0..<length {
            let target = array + place * stride
            for line in 0..<lineCount { target[starts[line]] = source[line * length + place] }
          }
          done += lineCount * length
        } else {
          let count = min(numbers.count - done, shape[0] - index[0])
          let stride = strides[0]
          let target = array + lineStart + index[0] * stride
          for place in 0..<count { target[place * stride] = source[place] }
          done += count
          index[0] += count
          if index[0] == shape[0] {
            index[0] = 0
            beginNextLine()
          }
        }
      }
    }
  }

  private mutating func beginNextLine() {
    // The second index goes up, and those that are through start again.
    for axis in shape.indices.dropFirst() {
      index[axis] += 1
      lineStart += strides[axis]
      if index[axis] < shape[axis] { return }
      lineStart -= strides[axis] * shape[axis]
      index[axis] = 0
    }
  }
}
