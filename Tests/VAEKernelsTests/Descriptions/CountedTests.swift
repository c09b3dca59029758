import Testing
import VAEKernels

@Suite struct CountedTests {
  @Test func aNounAgreesWithItsNumber() {
    #expect([0, 1, 2].map { $0.counted("step") } == ["0 steps", "1 step", "2 steps"])
    #expect([1, 26].map { $0.counted("class", plural: "classes") } == ["1 class", "26 classes"])
  }

  @Test func classesThatWereSeen() throws {
    var architecture = Architecture(inputCount: 4, encoderHidden: [], labelCount: 4)
    #expect(architecture.labels == [0, 1, 2, 3] && architecture.labelsInWords == "a class from 0 to 3")
    architecture.knownLabels = [1, 3]
    #expect(architecture.labelsInWords == "one of the classes 1, 3" && architecture.kind == "told 2 classes, ")
    try architecture.validate()
    for wrong: [UInt8] in [[], [4], [3, 1], [1, 1]] {
      architecture.knownLabels = wrong
      #expect(throws: ArchitectureError.knownLabels(wrong, labelCount: 4)) { try architecture.validate() }
    }
  }
}
