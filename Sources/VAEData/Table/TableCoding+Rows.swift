import CStandardLibrary
import VAEKernels

/// One row at a time, from raw numbers to features and back.
extension TableCoding {
  /// Writes a raw row, a number for each of `columns`, to row `row` of a minibatch. Allocates nothing.
  ///
  /// What is missing, and a value that is none of a column's levels, is 0 in x, 0 in the mask, and not known. Where the
  /// minibatch has a target of its own the input is within `encoderBound`.
  func write(_ raw: UnsafePointer<Float>, row: Int, of minibatch: Minibatch) {
    let input = minibatch.input.base + row * minibatch.input.stride
    let target = minibatch.target.base + row * minibatch.target.stride
    let mask = minibatch.mask.map { $0.base + row * $0.stride }
    let indicators = minibatch.indicators.map { $0.base + row * $0.stride }
    let conditions = minibatch.numericCovariates.map { $0.base + row * $0.stride }
    var offset: Float = 0
    places.withUnsafeBufferPointer { places in
      knots.withUnsafeBufferPointer { knots in
        for column in 0..<places.count {
          let place = places[column]
          guard place.width > 0 else { continue }
          let value = raw[column]
          let out = place.isCondition ? conditions.map { $0 + place.first } : input + place.first
          guard let out else { continue }
          let isKnown: Bool
          switch place.kind {
          case .number:
            isKnown = !value.isNaN
            let result = NumberTransform.forward(
              value, place.center, place.scale, UnsafeBufferPointer(rebasing: knots[place.knots]))
            out[0] = isKnown ? place.isCondition ? bounded(result.value, place) : result.value : 0
            if isKnown && !place.isCondition { offset += result.offset }
          case .inflated:
            // A part of its own: its two features are not known alike.
            isKnown = !value.isNaN
            let isUsual = value == levels[place.levels.lowerBound]
            let result = NumberTransform.forward(
              value, place.center, place.scale, UnsafeBufferPointer(rebasing: knots[place.knots]))
            out[0] = isKnown && isUsual ? 1 : 0
            out[1] = isKnown && !isUsual ? result.value : 0
            if isKnown && !isUsual { offset += result.offset }
          case .count:
            isKnown = !value.isNaN
            out[0] = isKnown ? bounded((log1p(value) - place.center) / place.scale, place) : 0
          case .yesNo, .category:
            isKnown = writeLevel(value, place, to: out)
          case .constant: continue
          }
          if place.isCondition { continue }
          if target != input {
            for feature in place.first..<place.first + place.width { target[feature] = input[feature] }
            switch place.kind {
            case .count: target[place.first] = isKnown ? value : 0
            case .number: input[place.first] = bounded(input[place.first], place)
            case .inflated: input[place.first + 1] = bounded(input[place.first + 1], place)
            case .yesNo, .category, .constant: break
            }
          }
          if let mask {
            for feature in place.first..<place.first + place.width { mask[feature] = isKnown ? 1 : 0 }
            if place.kind == .inflated, input[place.first] == 1 { mask[place.first + 1] = 0 }
          }
          if place.indicator >= 0, let indicators { indicators[place.indicator] = isKnown ? 1 : 0 }
        }
      }
    }
    if let offsets = minibatch.offset { offsets.base[row * offsets.stride] = offset }
  }

  @inline(__always)
  private func bounded(_ value: Float, _ place: Place) -> Float { Self.shown(value, isAsItIs: place.isAsItIs) }

  /// What an encoder, or a model that is told it, is shown of a number: within `encoderBound`, where a transform has made it.
  @inline(__always)
  fileprivate static func shown(_ value: Float, isAsItIs: Bool) -> Float {
    isAsItIs ? value : min(max(value, -encoderBound), encoderBound)
  }

  /// Whether some number that `statistics` are of would be shown as a bound.
  func isFar(_ statistics: ColumnStatistics, column: Int) -> Bool {
    let (coded, place) = (columns[column], places[column])
    guard coded.role == .feature, [.number, .inflated].contains(coded.kind), statistics.count > 0, !place.isAsItIs
    else {
      return false
    }
    return [statistics.lowest, statistics.highest].contains {
      abs(coded.transform.forward($0).value) > Self.encoderBound
    }
  }

  /// Writes which level a value is; false where it is none.
  @inline(__always)
  private func writeLevel(_ value: Float, _ place: Place, to out: UnsafeMutablePointer<Float>) -> Bool {
    for feature in 0..<place.width { out[feature] = 0 }
    guard let level = level(of: value, place) else { return false }
    if place.kind == .category { out[level] = 1 } else { out[0] = Float(level) }
    return true
  }

  /// Which level of a column a raw value is; nil where it is none.
  func level(of value: Float, column: Int) -> Int? { level(of: value, places[column]) }

  @inline(__always)
  private func level(of value: Float, _ place: Place) -> Int? {
    guard value.isFinite else { return nil }
    if place.levelsCount {
      let level = value >= 0 && value < Float(place.levels.count) ? Int(value) : -1
      return level >= 0 && Float(level) == value ? level : nil
    }
    return levels.withUnsafeBufferPointer { all in
      var (low, high) = (place.levels.lowerBound, place.levels.upperBound)
      while low < high {
        let middle = (low + high) / 2
        if all[middle] < value { low = middle + 1 } else { high = middle }
      }
      return low < place.levels.upperBound && all[low] == value ? low - place.levels.lowerBound : nil
    }
  }

  /// Whether a raw value is one that a column may have, or missing.
  func knows(_ value: Float, column: Int) -> Bool {
    if value.isNaN { return true }
    switch places[column].kind {
    case .number, .inflated, .constant: return value.isFinite
    case .count: return value >= 0 && value.isFinite && value == value.rounded()
    case .yesNo, .category: return level(of: value, places[column]) != nil
    }
  }

  /// The conditions of a row given by raw values, which must be known.
  public func conditions(ofRaw raw: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: conditionCount)
    for (column, place) in places.enumerated() where place.isCondition && place.width > 0 {
      let value = raw[column]
      // As `write` has it, a missing one is 0.
      if value.isNaN { continue }
      result.withUnsafeMutableBufferPointer { result in
        let out = result.baseAddress! + place.first
        switch place.kind {
        case .number, .inflated: out[0] = bounded(columns[column].transform.forward(value).value, place)
        case .count: out[0] = bounded((log1p(value) - place.center) / place.scale, place)
        case .yesNo, .category: _ = writeLevel(value, place, to: out)
        case .constant: break
        }
      }
    }
    return result
  }

  /// Features, as a likelihood's mean or draw has them, as a raw row: the likeliest level, a number or a count within
  /// the range that the data had, a number with as many decimals, a count whole where `isDraw`. Conditions are NaN.
  public func raw(ofFeatures features: UnsafePointer<Float>, isDraw: Bool) -> [Float] {
    columns.indices.map { index in
      let (column, place) = (columns[index], places[index])
      if place.kind == .constant { return column.levels.first ?? .nan }
      if place.isCondition { return .nan }
      let value = features[place.first]
      switch place.kind {
      case .number:
        return min(max(column.transform.inverse(value), column.lowest), column.highest)
      case .inflated:
        if value >= 0.5 { return column.levels[0] }
        return min(max(column.transform.inverse(features[place.first + 1]), column.lowest), column.highest)
      case .count: return min(max(isDraw ? value.rounded() : value, column.lowest), column.highest)
      case .yesNo: return column.levels[value >= 0.5 ? 1 : 0]
      case .category:
        var best = 0
        for level in 1..<place.width where features[place.first + level] > features[place.first + best] { best = level }
        return column.levels[best]
      case .constant: return .nan
      }
    }
  }
}

extension CodedColumn {
  /// What an encoder is shown of one of its numbers behind the transform.
  package func shown(_ value: Float) -> Float { TableCoding.shown(value, isAsItIs: transform.isIdentity) }
}
