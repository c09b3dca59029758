/// The divergence of a posterior that is not drawn: there is none, and none is added.
struct NoDivergence: Divergence {
  let head: Slot

  func forward(_ pass: Pass, into divergences: Matrix) { divergences.columns(pass.ownExamples).fill(0) }
  func backward(_ pass: Pass, scale: Float) { pass.d(head).rows(pass.ownExamples).fill(0) }
  func sums(_ pass: Pass, dimensions: Range<Int>, into sums: Matrix) { sums.fill(0) }
  func scaleGradient(_ pass: Pass, dimension: Int, by slope: Float) {}
}
