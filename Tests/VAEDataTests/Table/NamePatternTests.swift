import Testing

@testable import VAEData

struct NamePatternTests {
  @Test(arguments: [
    ("age", "age", true), ("age", "Age", false), ("age", "ages", false), ("*", "", true), ("*", "any thing", true),
    ("a*", "age", true), ("*e", "age", true), ("a*e*", "age", true), ("a?e", "age", true), ("a?e", "ae", false),
    ("?", "", false), ("*a*b*c*", "xaxbxcx", true), ("*a*b*c*", "xcxbxa", false), ("a**b", "ab", true),
    ("what?", "what?", true), ("[a]", "a", false), ("ε?", "ε日", true), ("*.x", "a.b.x", true), ("*ab", "aab", true),
    ("[12]", "[12]", true), ("[12]", "1", false), ("x[1]*", "x[1].y", true), ("x[1]*", "x1.y", false),
    ("?[12]", "a[12]", true), ("?[12]", "a1", false), ("*", "[12]", true), ("{a,b}", "{a,b}", true),
  ]) func starsAndQuestionMarksStandForText(pattern: String, name: String, expected: Bool) {
    #expect(NamePattern(pattern).matches(name) == expected)
  }

  /// The usual trap of patterns: many stars on what almost fits.
  @Test func manyStarsTakeNoTime() {
    let pattern = String(repeating: "*a", count: 200) + "b"
    #expect(!NamePattern(pattern).matches(String(repeating: "a", count: 2000)))
  }

  @Test(arguments: [
    ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("flaw", "lawn", 2), ("same", "same", 0),
    ("ctiy", "city", 1), ("ba", "ab", 1), ("abcd", "badc", 2),
  ]) func editDistanceIsTheFewestChanges(a: String, b: String, expected: Int) {
    #expect(NearestNames.editDistance(Array(a), Array(b)) == expected)
  }

  @Test func theNearestComeFirst() {
    #expect(NearestNames.among(["income", "wage", "Age", "city", "ages"], to: "age") == ["Age", "wage", "ages"])
    #expect(NearestNames.words(to: "x", among: []) == nil)
  }

  /// A slip changes a letter or two, not the word.
  @Test(arguments: [
    ("ctiy", ["city"]), ("agee", ["age"]), ("x", []), ("income", ["incme"]), ("date", ["data"]),
    ("price", []), ("AGE", ["age", "wage"]), ("distritc", ["district"]),
  ]) func whatIsFarAwayIsNotMeant(name: String, expected: [String]) {
    let names = ["city", "age", "wage", "incme", "outcome", "y", "data", "postcode", "district"]
    #expect(NearestNames.among(names, to: name) == expected)
  }
}
