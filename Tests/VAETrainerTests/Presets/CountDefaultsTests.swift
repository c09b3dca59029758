import Testing
import VAETrainer

/// How long models of counts are trained.
struct CountDefaultsTests {
  @Test(arguments: [(500, 100, 50), (2500, 100, 50), (10_000, 100, 12.658), (90_000, 14, 1.42), (900_000, 5, 0.142)])
  func stepsCountMoreThanEpochs(rows: Int, epochs: Int, warmUp: Double) {
    #expect(CountDefaults.epochs(rows: rows, batchSize: 128) == epochs)
    #expect(abs(CountDefaults.warmUp(rows: rows, batchSize: 128).epochs - warmUp) < 1e-3)
  }
}
