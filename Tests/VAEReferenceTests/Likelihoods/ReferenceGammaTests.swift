import Testing
import VAEReference

/// The reference for counts against mpmath's values with 60 digits.
@Suite struct ReferenceGammaTests {
  static let tolerance = 1e-13
  /// Of a loss made of functions that are themselves larger.
  static let lossTolerance = 1e-11

  static func isNear(_ y: Double, _ exact: Double, _ tolerance: Double) -> Bool {
    abs(y - exact) <= tolerance * abs(exact)
  }

  @Test(arguments: [
    (1e-08, 18.42068073818021, -100000000.57721564), (0.3, 1.0957979948180756, -3.502524222200133),
    (0.9990234375, 0.0005644719118551234, -0.5788231932059208), (1.5, -0.12078223763524522, 0.03648997397857652),
    (2.0009765625, 0.00041318279306425424, 0.42341396090328054), (7.25, 7.0521854507385395, 1.910453526883736),
    (123.5, 469.8172754919306, 4.812187109433143), (1e7, 151180949.3694739, 16.11809560095832),
  ])
  func gammaAndDigamma(_ x: Double, _ logGamma: Double, _ digamma: Double) {
    #expect(Self.isNear(ReferenceGamma.logGamma(x), logGamma, x > 0.99 && x < 2.01 ? 1e-11 : Self.tolerance))
    #expect(Self.isNear(ReferenceGamma.digamma(x), digamma, Self.tolerance))
  }

  @Test(arguments: [
    (1e-08, 1.0, -18.420680743952367, 100000000.0), (0.25, 3.5, 0.1987930538953396, 5.4099909219880615),
    (1.5, 0.0009765625, 3.6080360045445295e-05, 0.0009124977915209867),
    (3.0, 1000.0, 5925.253539368563, 5.987467865541362),
    (12345.5, 2.0, 18.84217480426752, 0.00016199578837520893), (1e8, 1.0, 18.420680743952367, 1e-08),
    (1e8, 1e7, 184690927.1703443, 0.09531018025887032),
  ])
  func differences(_ a: Double, _ x: Double, _ rising: Double, _ difference: Double) {
    #expect(Self.isNear(ReferenceGamma.logRising(a, x), rising, 1e-12))
    #expect(Self.isNear(ReferenceGamma.digammaDifference(a, x), difference, 1e-12))
    #expect(ReferenceGamma.logRising(a, 0) == 0)
    #expect(ReferenceGamma.digammaDifference(a, 0) == 0)
  }

  @Test(arguments: [
    [1, 0, 0, 1.3862943611198906, 0, -0.3068528194400547],
    [3, -2, 1.5, 7.4439484350722385, -2.78069500356035, 0.4050141977408683],
    [100, 4.5, -8, 12.607999410017975, -3.720255066435182e-05, -0.9975061460815328],
    [1e6, 13.8125, 2.5, 13.491349328067237, -0.03673091860735785, -0.5067744691632803],
    [1e7, 16.125, 18.25, 222.49765985031723, 61890.61074520654, 22.674806577480222],
    [2, -17.5, 18, 35.69314719043996, -1.9999999748900077, 1.522997874791103e-08],
    [40, 3.75, -18.25, 21.938879675764667, 7.032477796719618e-10, -0.9999997902103893],
    [0, 1, -2, 0.4125814326967873, 0.128916889257383, 0.28366454343940434],
    [0.5, 1, -2, 1.9061329432203944, 0.10520395266859962, -0.5513616995219397],
  ])
  func negativeBinomial(_ numbers: [Double]) {
    let term = ReferenceGamma.negativeBinomial(numbers[0], logMean: numbers[1], logTheta: numbers[2])
    #expect(Self.isNear(term.loss, numbers[3], Self.lossTolerance))
    #expect(Self.isNear(term.slopeByLogMean, numbers[4], Self.lossTolerance))
    // A difference of two terms.
    #expect(abs(term.slopeByLogTheta - numbers[5]) <= Self.lossTolerance * term.largerOfLogTheta)
  }

  @Test(arguments: [
    (1.0, 0.0, 1.0), (3, -2, 7.927094752464668), (100, 4.5, 3.756506856085304), (1e6, 13.8125, 12.353879266108349),
    (1e7, 16.125, 247.87766391158812), (2, -17.5, 35.69314720566994), (0, 1, 2.718281828459045),
    (0.5, 1, 2.0974995908238),
  ])
  func poisson(_ x: Double, _ logMean: Double, _ loss: Double) {
    #expect(Self.isNear(ReferenceGamma.poisson(x, logMean: logMean), loss, Self.lossTolerance))
  }
}
