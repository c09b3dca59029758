import Foundation
import VAEKernels

/// A t-SNE: points of many dimensions put into the plane so that neighbours stay neighbours.
///
/// Descends the divergence of `EmbeddingForces` with momentum and a gain for each coordinate (van der Maaten and Hinton 2008,
/// section 3.4; Jacobs 1988). From there on as has been found since:
///
/// - begins with the first two principal components, the first with a deviation of 1e-4, which makes where clusters lie mean
///   something (Kobak and Berens 2019, "The art of using t-SNE for single-cell transcriptomics");
/// - a learning rate of n / `exaggeration`, for a gradient without its factor of 4, without which many points do not finish
///   (Belkina and others 2019, "Automated optimized parameters for t-distributed stochastic neighbor embedding"), and at
///   least 200, or n of fewer points;
/// - the affinities are multiplied by `exaggeration` at first, so that clusters find together.
///
/// The embedding depends on the seed, by noise of a hundredth of the beginning's deviation that parts equal points, and not on
/// the number of threads. Its units are arbitrary; its mean is 0.
public struct TSNE: Sendable {
  /// The number of neighbours that count, in effect: 2 to the entropy, in bits, of a point's affinities. With fewer than
  /// 3 · perplexity + 1 points it is (n − 1)/3, and at least 1.
  public var perplexity = 30.0
  /// Steps in all.
  public var iterations = 1000
  /// Steps with exaggerated affinities, the first ones, with a momentum of 0.5; the rest have 0.8.
  public var exaggeratedIterations = 250
  /// The factor that they have.
  public var exaggeration = 12.0
  /// The step for a quarter of the gradient, or nil for the rule above.
  public var learningRate: Double?
  /// Of the noise at the beginning.
  public var seed: UInt64 = 0

  /// The settings above, to be changed.
  public init() {}

  /// How far it is.
  public struct Progress: Sendable, Hashable {
    /// What is being done.
    public enum Stage: Sendable, Hashable {
      /// Points have found their neighbours.
      case neighbors
      /// Steps have been made.
      case descent
    }

    /// What is being done.
    public var stage: Stage
    /// How much of it is.
    public var completed: Int
    /// Of how much.
    public var total: Int
  }

  /// Where the points have come to.
  public struct Embedding: Sendable {
    /// [n, 2], row after row.
    public let points: [Float]
    /// KL(P‖Q) in nats, by affinities that are not exaggerated; 0 of fewer than two points.
    public let divergence: Double
    /// The perplexity that there was, which is smaller than asked for where there are few points.
    public let perplexity: Double
  }

  /// The embedding of `points` [n, dimension], row after row, all finite.
  ///
  /// `progress` is told after every step, on the calling thread, and after every few thousand searched points; what it
  /// throws ends the work and is thrown here. Else throws `LAPACKError` where the points' covariance has no eigenvectors, as
  /// where it is beyond the range of numbers.
  public func embed(
    _ points: [Float], dimension: Int, team: ThreadTeam, progress: (Progress) throws -> Void = { _ in }
  ) throws -> Embedding {
    PointColumns.check(points, dimension)
    precondition(
      perplexity >= 1 && iterations >= 0 && exaggeration > 0,
      "perplexity \(perplexity), \(iterations) iterations, exaggeration \(exaggeration)")
    let count = points.count / dimension
    let perplexity = min(self.perplexity, max(1, Double(count - 1) / 3))
    guard count > 1 else {
      return Embedding(points: Array(repeating: 0, count: 2 * count), divergence: 0, perplexity: perplexity)
    }
    let neighbors = try NearestNeighbors(
      of: points, dimension: dimension, neighborCount: Int((3 * perplexity).rounded(.up)), team: team
    ) { try progress(Progress(stage: .neighbors, completed: $0, total: count)) }
    let affinities = NeighborAffinities(neighbors, perplexity: perplexity, team: team)
    let forces = EmbeddingForces(affinities, workers: team.count)
    try begin(forces, points, dimension)
    let descent = EmbeddingDescent(
      forces, learningRate: learningRate ?? max(Double(count) / exaggeration, min(200, Double(count))))
    let step: @Sendable (Worker) -> Void = { descent.step($0) }
    for iteration in 0..<iterations {
      let isEarly = iteration < exaggeratedIterations
      descent.begin(exaggeration: isEarly ? exaggeration : 1, momentum: isEarly ? 0.5 : 0.8)
      team.run(step)
      try progress(Progress(stage: .descent, completed: iteration + 1, total: iterations))
    }
    return Embedding(points: forces.points.array, divergence: descent.divergence(team), perplexity: perplexity)
  }

  /// Principal components, and noise that parts equal points.
  private func begin(_ forces: EmbeddingForces, _ points: [Float], _ dimension: Int) throws {
    let sample = SampleCovariance(rows: points, dimension: dimension)
    let (values, vectors) = try LAPACK.eigen(ofSymmetric: sample.covariance, order: dimension)
    let scale = values[0] > 0 ? Self.deviation / values[0].squareRoot() : 0
    let start = Matrix(forces.points.base, rows: sample.count, columns: 2)
    let examples = (0..<sample.count).map { UInt32($0) }
    examples.withUnsafeBufferPointer {
      VectorMath.active.fillNormal(start, RandomStream(seed: seed, purpose: .embedding), examples: $0)
    }
    for place in 0..<2 * sample.count { forces.points[place] *= Float(0.01 * Self.deviation) }
    for component in 0..<min(2, dimension) {
      var direction = Array(vectors[component * dimension..<(component + 1) * dimension])
      // An eigenvector's sign is any: here that of its largest part is positive.
      let largest = direction.indices.max { abs(direction[$0]) < abs(direction[$1]) } ?? 0
      if direction[largest] < 0 { for index in direction.indices { direction[index].negate() } }
      for point in 0..<sample.count {
        var along = 0.0
        for index in 0..<dimension {
          along += direction[index] * (Double(points[point * dimension + index]) - sample.mean[index])
        }
        forces.points[2 * point + component] += Float(scale * along)
      }
    }
  }

  /// Of the first coordinate at the beginning.
  private static let deviation = 1e-4
}

/// The descent: a step of every point, by all workers together.
private final class EmbeddingDescent: @unchecked Sendable {
  private let forces: EmbeddingForces
  private let learningRate: Float
  private let count: Int
  private let velocity: SharedNumbers<Float>
  private let gains: SharedNumbers<Float>
  private let pieces: Pieces
  private let xSums: PieceSums
  private let ySums: PieceSums
  private let queues = (WorkQueue(), WorkQueue())
  private var exaggeration: Float = 1
  private var momentum: Float = 0

  init(_ forces: EmbeddingForces, learningRate: Double) {
    self.forces = forces
    self.learningRate = Float(learningRate)
    count = forces.affinities.count
    velocity = SharedNumbers(count: 2 * count, repeating: 0)
    gains = SharedNumbers(count: 2 * count, repeating: 1)
    pieces = Pieces(total: count, size: 1024)
    xSums = PieceSums(count: pieces.count)
    ySums = PieceSums(count: pieces.count)
  }

  func begin(exaggeration: Double, momentum: Double) {
    self.exaggeration = Float(exaggeration)
    self.momentum = Float(momentum)
    forces.begin()
    queues.0.reset()
    queues.1.reset()
  }

  func step(_ worker: Worker) {
    forces.compute(worker)
    let inverse = Float(1 / forces.normalizer)
    while let piece = queues.0.next(of: pieces.count) { move(piece, inverse) }
    worker.barrier()
    let mean = SIMD2(Float(xSums.total / Double(count)), Float(ySums.total / Double(count)))
    while let piece = queues.1.next(of: pieces.count) {
      for point in pieces[piece] {
        forces.points.base[2 * point] -= mean.x
        forces.points.base[2 * point + 1] -= mean.y
      }
    }
  }

  /// A gain grows by 0.2 while the gradient and the velocity agree, and shrinks to four fifths where they do not.
  private func move(_ piece: Int, _ inverse: Float) {
    let (y, attraction, repulsion) = (forces.points.base, forces.attraction.base, forces.repulsion.base)
    let (velocity, gains) = (velocity.base, gains.base)
    var sum = SIMD2<Double>()
    for point in pieces[piece] {
      for place in 2 * point..<2 * point + 2 {
        let gradient = exaggeration * attraction[place] - inverse * repulsion[place]
        let gain = max(0.01, gradient * velocity[place] < 0 ? gains[place] + 0.2 : gains[place] * 0.8)
        gains[place] = gain
        velocity[place] = momentum * velocity[place] - learningRate * gain * gradient
        y[place] += velocity[place]
      }
      sum += SIMD2(Double(y[2 * point]), Double(y[2 * point + 1]))
    }
    xSums[piece] = sum.x
    ySums[piece] = sum.y
  }

  func divergence(_ team: ThreadTeam) -> Double {
    begin(exaggeration: 1, momentum: 0)
    let sums = PieceSums(count: pieces.count)
    team.run { [forces, pieces, queues] worker in
      forces.compute(worker)
      while let piece = queues.0.next(of: pieces.count) { sums[piece] = forces.divergence(ofRows: pieces[piece]) }
    }
    return sums.total + log(forces.normalizer)
  }
}
