/// Random numbers one after another from one example's row of a `RandomStream`.
///
/// For the places that draw a few numbers of several kinds: a shuffle, a drawn digit. The sequence is fixed by this
/// source, not by the standard library's algorithms, which may change between versions of Swift.
public struct RandomSequence: Sendable {
  private let stream: RandomStream
  private let example: UInt32
  private var block: UInt32 = 0
  private var words = SIMD4<UInt32>()
  private var used = 4

  /// The numbers of `example` in `stream`, from the first.
  public init(_ stream: RandomStream, example: UInt32 = 0) {
    self.stream = stream
    self.example = example
  }

  /// The next 32 random bits.
  public mutating func next() -> UInt32 {
    if used == 4 {
      words = stream.words(example: example, block: block)
      block &+= 1
      used = 0
    }
    defer { used += 1 }
    return words[used]
  }

  /// The next number in [0, 1), a multiple of 2⁻²⁴.
  public mutating func uniform() -> Float {
    Float(next() >> 8) * 0x1p-24
  }

  /// The next number in [low, high).
  public mutating func uniform(_ low: Float, _ high: Float) -> Float {
    low + (high - low) * uniform()
  }

  /// The next whole number below `bound`, every one equally likely (Lemire 2019, "Fast random integer generation in
  /// an interval").
  public mutating func integer(below bound: UInt32) -> UInt32 {
    precondition(bound > 0, "there is no whole number below 0")
    var product = bound.multipliedFullWidth(by: next())
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold {
        product = bound.multipliedFullWidth(by: next())
      }
    }
    return product.high
  }

  /// Puts `elements` in random order (Fisher and Yates).
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    guard elements.count > 1 else { return }
    precondition(elements.count <= Int(UInt32.max), "too many elements to shuffle: \(elements.count)")
    elements.withUnsafeMutableBufferPointer { elements in
      for last in stride(from: elements.count - 1, to: 0, by: -1) {
        let other = Int(integer(below: UInt32(last + 1)))
        // Not `swapAt`: in a debug build each call of it allocates.
        let element = elements[last]
        elements[last] = elements[other]
        elements[other] = element
      }
    }
  }
}
