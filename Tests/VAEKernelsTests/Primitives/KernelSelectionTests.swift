import Testing

@testable import VAEKernels

/// Which kernels are in use is of the whole process, where other tests run at the same time: what changes it is tried in
/// processes of its own, by `KernelOptionTests`.
@Suite struct KernelSelectionTests {
  @Test func whatIsNotThereIsNotSelected() {
    let active = VectorMath.active.instructionSet
    #expect(VectorMath.supported.contains { $0.instructionSet == active })
    for name in ["", "sse9", active.uppercased(), active + " "] { #expect(!VectorMath.select(name)) }
    #expect(VectorMath.active.instructionSet == active)
  }

  @Test func whatIsInUseCanBeSelected() {
    let (active, engine) = (VectorMath.active.instructionSet, MatrixProduct.engine)
    #expect(VectorMath.select(active))
    MatrixProduct.select(engine)
    #expect(VectorMath.active.instructionSet == active && MatrixProduct.engine == engine)
  }
}
