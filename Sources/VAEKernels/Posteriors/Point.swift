/// No distribution: z is the encoder's output, the code. With it the model is an autoencoder.
///
///     z = f(A),   dA = dz ⊙ f′(A)          A, z [B, L]
///
/// f is part of the encoder's last layer; see `Dense`.
public struct Point: Posterior {
  /// "point".
  public static let name = "point"

  /// f.
  public let activation: Activation

  /// A code that passes through `activation`.
  public init(_ activation: Activation = .identity) {
    self.activation = activation
  }

  /// "point", or "point relu".
  public init(_ settings: inout Settings) throws {
    guard !settings.isAtEnd else {
      self.init()
      return
    }
    let names = Activation.allCases.filter { !$0.gradientIsOfInput }.map(\.rawValue)
    self.init(Activation(rawValue: try settings.word(names)) ?? .identity)
  }

  /// The activation, where there is one.
  public var settings: [String] { activation == .identity ? [] : [activation.rawValue] }
  /// The code, under the name of a posterior's mean.
  public func outputs(latentCount: Int) -> [(name: String, count: Int)] { [("mean", latentCount)] }
  /// f.
  public var outputActivation: Activation { activation }
  /// It is not.
  public var isRandom: Bool { false }

  /// It learns nothing.
  public func lay(_ blueprint: inout Blueprint, head: Slot, noise: Slot, latent: Slot) -> any PosteriorStage {
    Placed(head: head, noise: noise, latent: latent)
  }

  private struct Placed: PosteriorStage {
    let head: Slot
    let noise: Slot
    let latent: Slot

    func forward(_ pass: Pass) {
      let (head, latent) = (pass[head], pass[latent])
      pass.forEachGroup { latent.rows($0.samples).copy($0.repeating(head)) }
    }

    func backward(_ pass: Pass) {
      let (dHead, dLatent) = (pass.d(head), pass.d(latent))
      let own = pass.ownExamples
      for k in 0..<pass.workspace.samples {
        let sample = Matrix(
          dLatent.base + k * dLatent.stride, rows: pass.examples.count, columns: dLatent.columns,
          stride: pass.workspace.samples * dLatent.stride)
        VectorMath.active.addScaled(dHead.rows(own), scale: 1, to: sample.rows(own))
      }
    }

    // Nothing is drawn, so there is no density.
    func logDensity(_ pass: Pass, _ group: Pass.Group, into density: Matrix) { density.fill(0) }
    func logDensityGradient(_ pass: Pass, _ group: Pass.Group, weights: Matrix, onlyOfLatent: Bool) {}
  }
}

extension Posterior where Self == Point {
  /// The encoder's output itself, through an activation.
  public static func point(_ activation: Activation = .identity) -> Point { Point(activation) }
}
