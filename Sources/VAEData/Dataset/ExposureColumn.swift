import VAEKernels

/// The exposure of each example, such as a cell's library size, where it is not the sum of the example's own numbers.
public struct ExposureColumn: Sendable, Hashable {
  /// What the column is called.
  public let name: String
  /// One positive number an example.
  public let values: [Float]

  /// A column. Throws `DataError` for the first number that is not positive and finite, with what `place` calls its example.
  public init(name: String, values: [Float], path: String, place: (Int) -> String) throws {
    if let example = values.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw DataError(
        path: path, place: "\(place(example)), column \"\(name.onOneLine)\"",
        expected: "a positive number, as an exposure is",
        found: values[example].isNaN ? "none" : "\(values[example])")
    }
    (self.name, self.values) = (name, values)
  }

  private init(name: String, values: [Float]) { (self.name, self.values) = (name, values) }

  func subset(places: [UInt32]) -> ExposureColumn {
    ExposureColumn(name: name, values: places.map { values[Int($0)] })
  }

  func joined(with other: ExposureColumn) -> ExposureColumn {
    ExposureColumn(name: name, values: values + other.values)
  }
}

extension Dataset {
  /// The same with an exposure of each example.
  public func exposed(_ exposure: ExposureColumn?) -> Dataset {
    if let exposure {
      precondition(exposure.values.count == count, "\(exposure.values.count) exposures of \(count) examples")
    }
    var result = self
    result.exposure = exposure
    return result
  }

  /// How much was counted in all of each example, [B, 1]: the sum of its numbers, or what its column says.
  func gatherExposure(_ examples: UnsafeBufferPointer<UInt32>, into exposures: Matrix) {
    for index in 0..<examples.count {
      let example = Int(examples[index])
      exposures.base[index * exposures.stride] = exposure?.values[example] ?? total(of: example)
    }
  }
}
