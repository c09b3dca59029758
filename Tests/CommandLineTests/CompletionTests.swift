import Foundation
import TestSupport
import Testing

/// What bash offers after a Tab.
struct CompletionTests {
  /// The words for the last of `words`, which is not finished.
  private func offered(_ words: [String], in folder: TemporaryFolder) throws -> [String] {
    let script = """
      source <("$VAE_TRAIN" --generate-completion-script bash)
      COMP_WORDS=(\(words.map { "'\($0)'" }.joined(separator: " ")))
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE="${COMP_WORDS[*]}"; COMP_POINT=${#COMP_LINE}
      function=$(complete -p vae-train | sed 's/.*-F \\([^ ]*\\).*/\\1/')
      "$function" vae-train "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let result = try Executable.shell(script, in: folder)
    #expect(result.errors == "")
    return result.outputLines
  }

  @Test func optionsOfTrainingNeedNoSubcommand() throws {
    let folder = try TemporaryFolder()
    #expect(try offered(["vae-train", "--sched"], in: folder) == ["--schedule"])
    #expect(try offered(["vae-train", "train", "--sched"], in: folder) == ["--schedule"])
    #expect(try offered(["vae-train", "eval"], in: folder) == ["evaluate"])
    #expect(try offered(["vae-train", "evaluate", "--prob"], in: folder) == ["--probe"])
    #expect(try offered(["vae-train", "insp"], in: folder) == ["inspect"])
    #expect(try offered(["vae-train", "conv"], in: folder) == ["convert"])
    #expect(try offered(["vae-train", "inspect", "t.csv", "--label-c"], in: folder) == ["--label-column"])
  }

  @Test func choicesAreOffered() throws {
    let folder = try TemporaryFolder()
    #expect(try offered(["vae-train", "--schedule", ""], in: folder) == ["constant", "steps", "cosine"])
    #expect(try offered(["vae-train", "--optimizer", "adam"], in: folder) == ["adam", "adamw", "adamax"])
    #expect(try offered(["vae-train", "evaluate", "--products", ""], in: folder) == ["own", "openblas"])
    #expect(try offered(["vae-train", "--preset", "keras"], in: folder) == ["keras-2d"])
    #expect(try offered(["vae-train", "inspect", "--storage", ""], in: folder) == ["auto", "memory", "file"])
  }

  @Test func pathsAreOffered() throws {
    let folder = try TemporaryFolder()
    try folder.write([], to: "runs/file")
    try folder.write([], to: "images")
    #expect(try offered(["vae-train", "--data", ""], in: folder).sorted() == ["images", "runs"])
    #expect(try offered(["vae-train", "--output", ""], in: folder) == ["runs"])
    #expect(try offered(["vae-train", "--resume", ""], in: folder) == ["runs"])
    for words in [
      ["inspect"], ["convert"], ["score", "run"], ["impute", "run"], ["encode", "run", "--data"],
      ["evaluate", "run", "--data"], ["reconstruct", "run", "--data"], ["plot", "run", "--data"],
      ["traversals", "run", "--data"], ["interpolate", "run", "--data"], ["sample", "run", "--data"],
      ["train", "--data"], ["inspect", "t.csv", "--test-data"],
    ] {
      #expect(try offered(["vae-train"] + words + [""], in: folder).sorted() == ["images", "runs"], "\(words)")
    }
  }
}
