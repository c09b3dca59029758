import CVectorMath

/// Random numbers.
extension VectorMath {
  /// out = 1 with probability byte / 255, else 0, from the numbers of `example` in `stream`.
  public func drawBernoulli(
    _ bytes: UnsafePointer<UInt8>, count: Int, _ stream: RandomStream, example: UInt32,
    into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.bernoulli_bytes(bytes, out, count, stream.code, example)
  }

  /// out = 1 with probability x, else 0, from the numbers of `example` in `stream`.
  public func drawBernoulli(
    _ x: UnsafePointer<Float>, count: Int, _ stream: RandomStream, example: UInt32,
    into out: UnsafeMutablePointer<Float>
  ) {
    table.pointee.bernoulli_floats(x, out, count, stream.code, example)
  }

  /// Uniform numbers in [0, 1); row i is that of `examples[i]` in `stream`.
  public func fillUniform(_ out: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>) {
    precondition(examples.count == out.rows, "\(examples.count) examples for \(out.rows) rows")
    guard let indices = examples.baseAddress else { return }
    table.pointee.uniform(out.base, out.stride, out.rows, out.columns, stream.code, indices)
  }

  /// Standard normal numbers; row i is that of `examples[i]` in `stream`.
  public func fillNormal(_ out: Matrix, _ stream: RandomStream, examples: UnsafeBufferPointer<UInt32>) {
    precondition(examples.count == out.rows, "\(examples.count) examples for \(out.rows) rows")
    guard let indices = examples.baseAddress else { return }
    table.pointee.normal(out.base, out.stride, out.rows, out.columns, stream.code, indices)
  }
}

extension RandomStream {
  var code: vm_random_stream {
    vm_random_stream(seed: seed, epoch: epoch, purpose_and_sample: purposeAndSample)
  }
}
