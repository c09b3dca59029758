/// Everything a forward and backward pass writes, for up to `capacity` examples, allocated once.
///
/// A matrix has the rows that its slot says for each example, one example after the other: with K samples an example, row
/// i·K + k is sample k of example i. A short minibatch uses the first rows. The passes are functions of
/// `VariationalAutoencoder` that take a range of examples.
///
/// It is `Sendable` on the terms of `AlignedBuffer`: workers write disjoint parts.
public final class Workspace: @unchecked Sendable {
  /// The largest minibatch.
  public let capacity: Int
  /// K, the number of latents drawn for each example.
  public let samples: Int
  /// Whether it has room for gradients.
  public let hasGradients: Bool
  /// The layout of the model that it is for; nil where it is for layers alone.
  let modelPlan: Plan?
  /// What it has room for beside the examples, and how their numbers are there.
  public let form: MinibatchForm

  private let buffer: AlignedBuffer
  private let values: [Matrix]
  private let gradients: [Matrix]
  /// ℓ of every sample and the slope of the bound in it, in double precision: what an objective works with.
  let logWeights: UnsafeMutableBufferPointer<Double>
  let slopes: UnsafeMutableBufferPointer<Double>

  /// Room for `capacity` examples of `model`'s shape, with `samples` latents each; without `gradients`, for forward
  /// passes only; for minibatches of this form, with a mask only where the likelihood skips what is missing, and without
  /// zeros only where nothing looks at them.
  public convenience init(
    for model: VariationalAutoencoder, capacity: Int, samples: Int = 1, gradients hasGradients: Bool = true,
    form: MinibatchForm
  ) {
    let likelihood = model.architecture.likelihood
    precondition(
      !form.side.contains(.mask) || likelihood.skipsMissing, "a mask for \(likelihood), which would pass it over")
    precondition(
      form.features == .dense || model.plan.readsEntries,
      "entries for an encoder that does not begin with a dense layer")
    precondition(form.hasZeros || likelihood.readsEntries, "no zeros for \(likelihood), which looks at them")
    self.init(
      model.plan.shapes, model.plan, capacity: capacity, samples: samples, gradients: hasGradients, form: form)
    if let input = model.plan.slots.input.sparse { layEntries(input) }
  }

  /// The same, for minibatches with all their numbers and these side inputs.
  public convenience init(
    for model: VariationalAutoencoder, capacity: Int, samples: Int = 1, gradients hasGradients: Bool = true,
    side: SideInputs = []
  ) {
    self.init(
      for: model, capacity: capacity, samples: samples, gradients: hasGradients, form: MinibatchForm(side: side))
  }

  init(
    _ shapes: [Blueprint.SlotShape], _ plan: Plan? = nil, capacity: Int, samples: Int = 1,
    gradients hasGradients: Bool = true, form: MinibatchForm = MinibatchForm()
  ) {
    precondition(capacity > 0 && samples > 0, "a workspace for \(samples) samples of \(capacity) examples")
    self.capacity = capacity
    self.samples = samples
    self.hasGradients = hasGradients
    self.form = form
    modelPlan = plan
    var measure = WorkspaceStorage()
    _ = Self.matrices(&measure, shapes, capacity, samples, hasGradients, form)
    buffer = AlignedBuffer(count: measure.count)
    var storage = WorkspaceStorage(buffer)
    (values, gradients) = Self.matrices(&storage, shapes, capacity, samples, hasGradients, form)
    logWeights = .allocate(capacity: capacity * samples)
    slopes = .allocate(capacity: capacity * samples)
    logWeights.initialize(repeating: 0)
    slopes.initialize(repeating: 0)
  }

  deinit {
    logWeights.deallocate()
    slopes.deallocate()
  }

  /// The floats that a workspace would have.
  static func floatCount(
    _ plan: Plan, capacity: Int, samples: Int, gradients: Bool, form: MinibatchForm = MinibatchForm()
  ) -> Int {
    var measure = WorkspaceStorage()
    _ = matrices(&measure, plan.shapes, capacity, samples, gradients, form)
    return measure.count
  }

  private static func matrices(
    _ storage: inout WorkspaceStorage, _ shapes: [Blueprint.SlotShape], _ capacity: Int, _ samples: Int,
    _ hasGradients: Bool, _ form: MinibatchForm
  ) -> (values: [Matrix], gradients: [Matrix]) {
    var values: [Matrix] = []
    var gradients: [Matrix] = []
    for shape in shapes {
      let isThere =
        (hasGradients || !shape.isForTraining) && form.side.isSuperset(of: shape.side)
        && (form.features != .dense || !shape.isOfEntries)
      func matrix(_ isThere: Bool) -> Matrix {
        let (rows, columns) =
          switch shape.extent {
          case .rows(let rows, let columns): (capacity * rows.perExample(samples: samples), columns)
          case .oneForEachRow(let rows): (1, capacity * rows.perExample(samples: samples))
          case .shared(let columns): (1, columns)
          case .entries(let columns): (capacity, form.mostEntries(of: columns))
          }
        return storage.matrix(rows: isThere ? rows : 0, columns: columns)
      }
      values.append(matrix(isThere))
      gradients.append(matrix(isThere && hasGradients && shape.hasGradient))
    }
    return (values, gradients)
  }

  // MARK: Slots

  /// The whole matrix of a slot, `capacity` examples of it.
  public subscript(slot: Slot) -> Matrix {
    let matrix = values[slot.index]
    return slot.columns == matrix.columns
      ? matrix : matrix.columns(slot.firstColumn..<slot.firstColumn + slot.columns)
  }

  /// The gradient of the loss with respect to it.
  public func gradient(_ slot: Slot) -> Matrix {
    let matrix = gradients[slot.index]
    return slot.columns == matrix.columns
      ? matrix : matrix.columns(slot.firstColumn..<slot.firstColumn + slot.columns)
  }

  func matrix(_ index: Int) -> Matrix { values[index] }

  /// One number for each row, [1, rows].
  public subscript(slot: RowSlot) -> Matrix { values[slot.index] }
  /// One row for the whole minibatch, [1, columns].
  public subscript(slot: SharedSlot) -> Matrix { values[slot.index] }
}
