import Foundation
import Testing

@testable import vae_bench

@Suite struct PowerLawTests {
  @Test(arguments: [-1.0, 0, 0.5, 2]) func anExactLawIsFound(exponent: Double) throws {
    let law = PowerLaw([1, 2, 5, 40].map { (x: $0, y: 3 * pow($0, exponent)) })
    #expect(abs(law.exponent - exponent) < 1e-12)
    #expect(try #require(law.standardError) < 1e-12)
  }

  @Test func noiseShowsInTheStandardError() throws {
    // The logarithms are 0, 1, 2 and 0, 1.5, 2: the slope is 1 and the residuals −1/6, 1/3, −1/6.
    let law = PowerLaw([(0.0, 0.0), (1, 1.5), (2, 2)].map { (x: exp($0.0), y: exp($0.1)) })
    #expect(abs(law.exponent - 1) < 1e-12)
    #expect(abs(try #require(law.standardError) - (1.0 / 12).squareRoot()) < 1e-12)
  }

  @Test func twoPointsHaveNoError() {
    #expect(PowerLaw([(x: 1, y: 2), (x: 2, y: 1)]).standardError == nil)
  }
}

@Suite struct WorkloadTests {
  /// Each layer once forwards and once for its weights' gradient; for the gradient of its input but in the first.
  @Test func theProductsOfAStep() throws {
    let workload = try #require(Workload.named.first { $0.name == "keras-2d" })
    #expect(workload.products.count == 11)
    let multiplications = 128 * (2 * 784 * 512 + 3 * 512 * 4 + 3 * 2 * 512 + 3 * 512 * 784)
    #expect(workload.products.operations == Double(2 * multiplications))
    let forward = workload.products(batchSize: 10, forwardOnly: true)
    #expect(forward.map(\.inputs) == [784, 512, 2, 512])
    #expect(forward.allSatisfy { $0.form == .forward && $0.batchSize == 10 })
  }

  @Test func theMedian() {
    #expect([3.0, 1, 2].median == 2)
    #expect([4.0, 1, 2, 3].median == 2.5)
  }
}
