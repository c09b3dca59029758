import VAEKernels

extension Dataset {
  /// Writes some of the examples to a minibatch, all that it has room for: row i is example `examples[i]`.
  ///
  /// It allocates nothing where the numbers are in memory, and several threads may call it at once, each for rows of its
  /// own: a row depends on its example and on `stream` alone. What is to be reconstructed goes to `target`; where that is not
  /// what the encoder sees, and the data have no coding, `input` is left as it is.
  ///
  /// - Parameters:
  ///   - examples: The indices, one for each row of `minibatch`.
  ///   - binarization: What becomes of grey; nothing of a coded table.
  ///   - stream: Where the draws come from, made by `Binarization.stream`; not used where nothing is drawn.
  ///   - minibatch: As many rows as `examples`.
  public func gather(
    _ examples: UnsafeBufferPointer<UInt32>, _ binarization: Binarization, _ stream: RandomStream,
    into minibatch: Minibatch
  ) {
    if minibatch.classCount > 0, minibatch.covariates != nil { gatherLabels(examples, into: minibatch) }
    if let coding { return gather(examples, coding, into: minibatch) }
    gatherTold(examples, into: minibatch)
    if case .compressed(let stored) = storage, let entries = minibatch.entries {
      gather(examples, stored, into: entries)
      // Of whole numbers up to 2^53 exact, whatever the order.
      if let exposure = minibatch.exposure {
        for index in 0..<examples.count {
          exposure.base[index * exposure.stride] =
            self.exposure?.values[Int(examples[index])] ?? entries.total(ofRow: index)
        }
      }
      if minibatch.hasZeros { entries.write(into: minibatch.target) }
    } else {
      if let exposure = minibatch.exposure { gatherExposure(examples, into: exposure) }
      gather(examples, binarization, stream, into: minibatch.target)
    }
  }

  /// What is not zero in rows that are stored so.
  private func gather(
    _ examples: UnsafeBufferPointer<UInt32>, _ stored: CompressedRows, into entries: SparseRows
  ) {
    let distance = 4
    for index in 0..<examples.count {
      precondition(Int(examples[index]) < count, "example \(examples[index]) of a data set that has \(count)")
      if index + distance < examples.count, Int(examples[index + distance]) < count {
        stored.prefetch(row: row(of: Int(examples[index + distance])))
      }
      let row = row(of: Int(examples[index]))
      let start = Int(entries.starts[index])
      stored.copy(row: row, columnsInto: entries.places + start, valuesInto: entries.values + start)
      entries.ends[index] = UInt32(start + stored.entries(of: row).count)
    }
  }

  /// `gather` into a matrix of features alone [B, D]; of a coded table t(x), without the bound of what an encoder sees.
  public func gather(
    _ examples: UnsafeBufferPointer<UInt32>, _ binarization: Binarization, _ stream: RandomStream,
    into batch: Matrix
  ) {
    precondition(
      batch.rows == examples.count && batch.columns == featureCount,
      "a batch of \(batch.shapeDescription) for \(examples.count) examples of \(featureCount) features")
    if let coding { return gather(examples, coding, into: Minibatch(input: batch)) }
    let binarizer = RowBinarizer(binarization, stream, featureCount: featureCount)
    switch storage {
    case .bytes(let bytes):
      forEachRow(examples, of: bytes, batch) { source, example, out in
        binarizer.write(source, example: example, into: out)
      }
    case .floats(let values):
      forEachRow(examples, of: values, batch) { source, example, out in
        binarizer.write(source, example: example, into: out)
      }
    case .compressed(let stored):
      for index in 0..<examples.count {
        let out = batch.base + index * batch.stride
        stored.writeDense(row: row(of: Int(examples[index])), into: out)
        if binarizer.changesNumbers { binarizer.write(UnsafePointer(out), example: examples[index], into: out) }
      }
    case .file(let file):
      gather(examples, file, binarizer, into: batch)
    }
  }

  /// Rows that lie in a file.
  private func gather(
    _ examples: UnsafeBufferPointer<UInt32>, _ file: FileRows, _ binarizer: RowBinarizer, into batch: Matrix
  ) {
    file.forEachRun(of: examples.count, row: { row(of: Int(examples[$0])) }) { places, first in
      let rows = first..<first + places.count
      let out = batch.base + places.lowerBound * batch.stride
      if file.isPixels {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: places.count * featureCount) { bytes in
          file.readBytes(rows, into: UnsafeMutableRawBufferPointer(bytes))
          for (index, place) in places.enumerated() {
            binarizer.write(
              UnsafePointer(bytes.baseAddress! + index * featureCount), example: examples[place],
              into: out + index * batch.stride)
          }
        }
      } else {
        if batch.stride == featureCount {
          file.read(rows, into: out)
        } else {
          for (index, row) in rows.enumerated() { file.read(row..<row + 1, into: out + index * batch.stride) }
        }
        if binarizer.changesNumbers {
          for (index, place) in places.enumerated() {
            let values = out + index * batch.stride
            binarizer.write(UnsafePointer(values), example: examples[place], into: values)
          }
        }
      }
    }
  }

  /// Writes the classes of some of the examples to a minibatch's covariates, for a model that is told them: row i is that of
  /// `examples[i]`. Allocates nothing.
  private func gatherLabels(_ examples: UnsafeBufferPointer<UInt32>, into minibatch: Minibatch) {
    guard let labels else { preconditionFailure("a data set without labels for a model that is told them") }
    labels.withUnsafeBufferPointer { labels in
      for row in 0..<examples.count {
        minibatch.setLabel(labels[Int(examples[row])], row: row)
      }
    }
  }

  /// A table's rows.
  func gather(_ examples: UnsafeBufferPointer<UInt32>, _ coding: TableCoding, into minibatch: Minibatch) {
    // Without a target of its own an input is not what the rows have been kept for.
    if let rows = found.codedRows, minibatch.target.base != minibatch.input.base || !sideInputs.contains(.target) {
      for index in 0..<examples.count {
        precondition(Int(examples[index]) < count, "example \(examples[index]) of a data set that has \(count)")
        rows.write(Int(examples[index]), row: index, of: minibatch)
      }
      return
    }
    switch storage {
    case .floats(let values):
      values.withUnsafeBufferPointer { values in
        withRowPlaces { places in
          for index in 0..<examples.count {
            let raw = values.baseAddress! + places[Int(examples[index])] * rawWidth
            coding.write(raw, row: index, of: minibatch)
          }
        }
      }
    case .file(let file):
      file.forEachRun(of: examples.count, row: { row(of: Int(examples[$0])) }) { places, first in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: places.count * rawWidth) { raw in
          file.read(first..<first + places.count, into: raw.baseAddress!)
          for (index, place) in places.enumerated() {
            coding.write(raw.baseAddress! + index * rawWidth, row: place, of: minibatch)
          }
        }
      }
    case .bytes, .compressed:
      withUnsafeTemporaryAllocation(of: Float.self, capacity: rawWidth) { raw in
        for index in 0..<examples.count {
          let example = Int(examples[index])
          copyRaw(example..<example + 1, into: raw.baseAddress!)
          coding.write(raw.baseAddress!, row: index, of: minibatch)
        }
      }
    }
  }

  /// Calls `body` with where each example lies in memory and where its row of `batch` is. A shuffled minibatch's rows lie
  /// anywhere: those that come a little later are asked for now.
  @inline(__always)
  private func forEachRow<Number>(
    _ examples: UnsafeBufferPointer<UInt32>, of numbers: [Number], _ batch: Matrix,
    _ body: (UnsafePointer<Number>, UInt32, UnsafeMutablePointer<Float>) -> Void
  ) {
    let (distance, math) = (8, VectorMath.active)
    numbers.withUnsafeBufferPointer { numbers in
      withRowPlaces { places in
        func source(_ example: UInt32) -> UnsafePointer<Number> {
          precondition(Int(example) < count, "example \(example) of a data set that has \(count)")
          return numbers.baseAddress! + places[Int(example)] * featureCount
        }
        for index in 0..<examples.count {
          if index + distance < examples.count {
            math.prefetch(source(examples[index + distance]), count: featureCount)
          }
          body(source(examples[index]), examples[index], batch.base + index * batch.stride)
        }
      }
    }
  }
}

extension SparseRows {
  /// The sum of a row's entries.
  fileprivate func total(ofRow row: Int) -> Float {
    var total = 0.0
    for entry in Int(starts[row])..<Int(ends[row]) { total += Double(values[entry]) }
    return Float(total)
  }
}
