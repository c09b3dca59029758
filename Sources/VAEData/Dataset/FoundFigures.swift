import Synchronization

/// What passes over the rows of a data set have found.
///
/// Training asks for some of it several times before its first step, and a pass over a file of 40 GB takes the better part
/// of a minute.
final class FoundFigures: Sendable {
  private struct Figures {
    var survey: RawSurvey?
    var mean: [Float]?
    var codedRows: CodedRows?
    var density: Double?
    var fingerprint: String?
  }

  /// Those of the rows that these are some of.
  private let whole: FoundFigures?
  private let figures: Mutex<Figures>

  /// Of rows of `whole`.
  init(partOf whole: FoundFigures? = nil) {
    self.whole = whole
    figures = Mutex(Figures())
  }

  /// Of the same rows as `other` with another coding, which does not change their raw numbers.
  init(ofRawRowsOf other: FoundFigures) {
    whole = other.whole
    figures = Mutex(Figures(survey: other.survey))
  }

  /// Of these very rows.
  var survey: RawSurvey? {
    get { figures.withLock { $0.survey } }
    set { figures.withLock { $0.survey = newValue } }
  }

  /// The mean of each feature, of all rows.
  var mean: [Float]? {
    get { figures.withLock { $0.mean } }
    set { figures.withLock { $0.mean = newValue } }
  }

  /// The features of all rows, where they are kept.
  var codedRows: CodedRows? {
    get { figures.withLock { $0.codedRows } }
    set { figures.withLock { $0.codedRows = newValue } }
  }

  /// The share of what an encoder is shown that is not zero.
  var density: Double? {
    get { figures.withLock { $0.density } }
    set { figures.withLock { $0.density = newValue } }
  }

  /// What tells the rows from others, where it was asked for.
  var fingerprint: String? {
    get { figures.withLock { $0.fingerprint } }
    set { figures.withLock { $0.fingerprint = newValue } }
  }

  /// Those surveys that are there of these rows, and of more rows which these are among: what holds for all of them holds for
  /// these.
  var surveys: [RawSurvey] { (survey.map { [$0] } ?? []) + (whole?.surveys ?? []) }
}
