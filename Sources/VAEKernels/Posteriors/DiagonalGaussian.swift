import CStandardLibrary

/// The approximate posterior q(z|x) = N(μ, diag exp s), s = log σ²; with a floor f, exp s = exp a + f of what the encoder puts
/// out, a: see `VarianceFloor`.
///
///     z = μ + exp(s/2) ⊙ ε            μ, s [B, L];  ε, z [B·K, L];  ε ~ N(0, I) is an input
///
/// With ε held fixed z is a smooth function of μ and s, so that with dz = ∂loss/∂z
///
///     dμ += dz
///     ds += ½ dz ⊙ ε ⊙ exp(s/2)
///
/// Source: Kingma and Welling 2014, section 2.4. Its density at a sample,
///
///     log q(z|x) = −½ Σ over l of (ε² + s + log 2π),   ε = (z − μ) exp(−s/2)           nats a sample
///
/// has, with z held fixed, the gradients
///
///     dz = −ε exp(−s/2),   dμ = ε exp(−s/2),   ds = ½ (ε² − 1)
public struct DiagonalGaussian: Posterior {
  /// "gaussian".
  public static let name = "gaussian"

  /// f, the least variance; 0 for none.
  public let varianceFloor: Float

  /// The posterior; a floor is above 0.
  public init(varianceFloor: Float = 0) {
    precondition(varianceFloor >= 0 && varianceFloor.isFinite, "a variance of \(varianceFloor)")
    self.varianceFloor = varianceFloor
  }

  /// "gaussian", or "gaussian floor 0.0001".
  public init(_ settings: inout Settings) throws {
    varianceFloor = settings.take("floor") ? try settings.number("a variance above 0") { $0 > 0 && $0 < 1e6 } : 0
  }

  /// f, where there is one.
  public var settings: [String] { varianceFloor == 0 ? [] : ["floor", "\(varianceFloor)"] }

  /// μ and s, side by side.
  public func outputs(latentCount: Int) -> [(name: String, count: Int)] {
    [("mean", latentCount), ("log_variance", latentCount)]
  }
  /// Nothing.
  public var outputActivation: Activation { .identity }
  /// It is.
  public var isRandom: Bool { true }

  /// The floor, where there is one.
  public func layHead(_ blueprint: inout Blueprint, output: Slot) -> (any Stage)? {
    varianceFloor == 0 ? nil : VarianceFloor(&blueprint, head: output, floor: varianceFloor)
  }

  /// It learns nothing.
  public func lay(_ blueprint: inout Blueprint, head: Slot, noise: Slot, latent: Slot) -> any PosteriorStage {
    DiagonalGaussianStage(head: head, noise: noise, latent: latent)
  }
}

extension Posterior where Self == DiagonalGaussian {
  /// N(μ, diag exp s).
  public static var gaussian: DiagonalGaussian { DiagonalGaussian() }
}

/// The posterior in its place.
public struct DiagonalGaussianStage: PosteriorStage {
  /// What the encoder puts out.
  public let head: Slot
  /// ε.
  public let noise: Slot
  /// z.
  public let latent: Slot

  /// s.
  public var logVariance: Slot? { s }
  /// s.
  var s: Slot { head.columns(latent.columns..<2 * latent.columns) }

  /// z ← μ + exp(s/2) ⊙ ε.
  public func forward(_ pass: Pass) {
    let (mean, s, noise, latent) = (pass[mean], pass[s], pass[noise], pass[latent])
    pass.forEachGroup { group in
      VectorMath.active.reparameterize(
        mean: group.repeating(mean), logVariance: group.repeating(s), noise: noise.rows(group.samples),
        into: latent.rows(group.samples))
    }
  }

  /// dμ += dz;  ds += ½ dz ⊙ ε ⊙ exp(s/2).
  public func backward(_ pass: Pass) {
    let (s, noise, dLatent) = (pass[s], pass[noise], pass.d(latent))
    let (dMean, dS) = (pass.d(mean), pass.d(self.s))
    pass.forEachGroup { group in
      VectorMath.active.reparameterizeGradient(
        dLatent: dLatent.rows(group.samples), logVariance: group.repeating(s), noise: noise.rows(group.samples),
        accumulatingInto: group.repeating(dMean), group.repeating(dS))
    }
  }

  /// −½ Σ (ε² + s + log 2π).
  public func logDensity(_ pass: Pass, _ group: Pass.Group, into density: Matrix) {
    let (s, noise) = (group.repeating(pass[s]), pass[noise].rows(group.samples))
    for k in 0..<noise.rows {
      var sum: Float = 0
      for l in 0..<noise.columns {
        let epsilon = noise.base[k * noise.stride + l]
        sum += epsilon * epsilon + s.base[k * s.stride + l] + logTwoPi
      }
      density.base[k] = -0.5 * sum
    }
  }

  /// w (−ε exp(−s/2)) to dz and, unless only that is wanted, its other two to dμ and ds.
  public func logDensityGradient(_ pass: Pass, _ group: Pass.Group, weights: Matrix, onlyOfLatent: Bool) {
    let (s, noise) = (group.repeating(pass[s]), pass[noise].rows(group.samples))
    let dLatent = pass.d(latent).rows(group.samples)
    let (dMean, dS) = (group.repeating(pass.d(mean)), group.repeating(pass.d(self.s)))
    for k in 0..<noise.rows {
      let weight = weights.base[k]
      for l in 0..<noise.columns {
        let epsilon = noise.base[k * noise.stride + l]
        let slope = weight * epsilon * exp(-0.5 * s.base[k * s.stride + l])
        dLatent.base[k * dLatent.stride + l] -= slope
        if onlyOfLatent { continue }
        dMean.base[k * dMean.stride + l] += slope
        dS.base[k * dS.stride + l] += weight * 0.5 * (epsilon * epsilon - 1)
      }
    }
  }
}

/// log 2π.
let logTwoPi: Float = 1.8378770664
