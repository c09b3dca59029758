import VAEKernels

/// Data to train on, and data held out to test with.
public struct DataSplit: Sendable {
  /// The examples to train on.
  public let train: Dataset
  /// The examples held out.
  public let test: Dataset
  /// Where they came from, in words.
  public let source: String
  /// What decides on the best epoch, where the data themselves say which examples.
  public var validation: Dataset?
  /// What the files are: "CSV".
  public var format = "generated"
  /// What is odd about them, a sentence each.
  public var remarks: [String] = []
  /// The stored values of a sparse matrix.
  public var stored: Int?

  /// A split; both parts have the same features.
  public init(train: Dataset, test: Dataset, source: String) {
    precondition(
      train.featureCount == test.featureCount && train.imageShape == test.imageShape,
      "\(train.featureCount) features to train on, \(test.featureCount) to test with")
    self.train = train
    self.test = test
    self.source = source
  }
}

extension DataSplit {
  /// What is not trained on.
  var heldOut: [Dataset] { [test] + (validation.map { [$0] } ?? []) }

  /// The same with a table's rows as `coding` makes them.
  public func coded(by coding: TableCoding) -> DataSplit {
    var split = DataSplit(train: train.coded(by: coding), test: test.coded(by: coding), source: source)
    split.validation = validation?.coded(by: coding)
    (split.format, split.remarks, split.stored) = (format, remarks, stored)
    return split
  }
}

extension Dataset {
  /// These examples and then those of `other`, which are alike in everything but their labels; they have labels where both
  /// had. `name` is what the two are called together.
  public func appending(_ other: Dataset, name: String) -> Dataset {
    let labels = labels.flatMap { labels in other.labels.map { labels + $0 } }
    precondition(
      featureCount == other.featureCount && imageShape == other.imageShape && coding == other.coding,
      "\(other.featureCount) features after \(featureCount)")
    let ids = ids.flatMap { ids in other.ids.map { ids + $0 } }
    return joined(with: other, labels: labels, ids: ids, name: name)
  }

  /// Holds out `heldOutCount` examples, chosen by `seed` alone; both parts keep the order of the whole.
  public func split(heldOutCount: Int, seed: UInt64) -> (kept: Dataset, heldOut: Dataset) {
    precondition(
      heldOutCount >= 0 && heldOutCount <= count, "cannot hold out \(heldOutCount) of \(count) examples")
    // Of fifty million rows an order takes 200 MB: it is gone before the parts are made.
    let isHeldOut = marks(ofHeldOut: heldOutCount, seed: seed)
    let kept = subset(places: places(in: isHeldOut, marked: false, total: count - heldOutCount))
    return (kept, subset(places: places(in: isHeldOut, marked: true, total: heldOutCount)))
  }

  /// Whether each example is one of the first `heldOutCount` of an order that `seed` chooses.
  private func marks(ofHeldOut heldOutCount: Int, seed: UInt64) -> [Bool] {
    var random = RandomSequence(RandomStream(seed: seed, purpose: .split))
    var order = [UInt32](unsafeUninitializedCapacity: count) { order, initialized in
      for example in 0..<count { order.initializeElement(at: example, to: UInt32(example)) }
      initialized = count
    }
    random.shuffle(&order)
    var isHeldOut = [Bool](repeating: false, count: count)
    isHeldOut.withUnsafeMutableBufferPointer { marks in
      order.withUnsafeBufferPointer { for example in $0[..<heldOutCount] { marks[Int(example)] = true } }
    }
    return isHeldOut
  }

  /// The examples whose mark is `mark`, `total` in number.
  private func places(in marks: [Bool], marked mark: Bool, total: Int) -> [UInt32] {
    [UInt32](unsafeUninitializedCapacity: total) { examples, initialized in
      marks.withUnsafeBufferPointer { marks in
        for example in 0..<marks.count where marks[example] == mark {
          examples.initializeElement(at: initialized, to: UInt32(example))
          initialized += 1
        }
      }
    }
  }

  /// Holds out `fraction` of the examples, rounded, but at least one and not all of them.
  public func split(heldOutFraction fraction: Double, seed: UInt64) -> (kept: Dataset, heldOut: Dataset) {
    precondition(fraction > 0 && fraction < 1, "the fraction held out must lie between 0 and 1, not be \(fraction)")
    precondition(count >= 2, "cannot split \(count) examples")
    let wanted = Int((Double(count) * fraction).rounded())
    return split(heldOutCount: min(max(wanted, 1), count - 1), seed: seed)
  }
}
