/// Columns of a table with gaps, and −log p of each by scipy.stats in float64, from `Scripts/make-by-column-fixtures.py`.
public struct ByColumnFixture: Decodable, Sendable {
  /// The likelihood's words.
  public let likelihood: String
  /// b of each Gaussian column.
  public let parameters: [Float]
  /// What a decoder puts out [B][D].
  public let outputs: [[Float]]
  /// x [B][D], 0 where it is missing.
  public let x: [[Float]]
  /// 1, or 0 where it is missing [B][D].
  public let mask: [[Float]]
  /// −log p in nats [B][columns].
  public let columnLosses: [[Double]]

  /// The one there is.
  public static let table: ByColumnFixture = {
    let all: [ByColumnFixture] = decodeFixtures(in: "Fixtures/ByColumn")
    return all[0]
  }()
}
