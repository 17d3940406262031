namespace Lb.Hocon.Tests;

/// <summary>Comments, root braces, separators, commas and whitespace.</summary>
public sealed class LayoutTests
{
    [Theory]
    [InlineData("a=1 # one", """{"a":1}""")]
    [InlineData("a=1 // one", """{"a":1}""")]
    [InlineData("a=1// one", """{"a":1}""")]
    [InlineData("# x\n// y\na=1#z", """{"a":1}""")]
    [InlineData("a=\"# no // comment\"", """{"a":"# no // comment"}""")]
    [InlineData("a=[1 # one\n2 // two\n]", """{"a":[1,2]}""")]
    [InlineData("a = b/c", """{"a":"b/c"}""")]
    public void Comment_ends_with_its_line(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("", "{}")]
    [InlineData(" \n # nothing", "{}")]
    [InlineData("a=1", """{"a":1}""")]
    [InlineData("{a=1}", """{"a":1}""")]
    [InlineData("\n{a=1}\n# end", """{"a":1}""")]
    [InlineData("[1,2]", "[1,2]")]
    public void Root_braces_may_be_left_out(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("a=1}", "1:4", "'}'")]
    [InlineData("{a=1", "1:5", "close the '{' of line 1, column 1")]
    [InlineData("{a=1}}", "1:6", "end of the document")]
    [InlineData("{a=1} b=2", "1:7", "end of the document")]
    [InlineData("a={b=1\nc=[1,2\nd=3", "3:2", "a comma or a new line after the value")]
    [InlineData("a=[1,2", "1:7", "close the '['")]
    [InlineData("a=[1,2}", "1:7", "'}'")]
    [InlineData("a={b=1]", "1:7", "']'")]
    [InlineData("{]", "1:2", "']'")]
    [InlineData("[1]]", "1:4", "end of the document")]
    public void Unbalanced_bracket_is_refused(string text, string at, string says) => Hocon.Refused(text, at, says);

    [Theory]
    [InlineData("a:1", """{"a":1}""")]
    [InlineData("a =1", """{"a":1}""")]
    [InlineData("a{b:1}", """{"a":{"b":1}}""")]
    [InlineData("a {}", """{"a":{}}""")]
    [InlineData("a={}", """{"a":{}}""")]
    [InlineData("a\n{\nb\n=\n1}", """{"a":{"b":1}}""")]
    public void Key_and_value_are_separated(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("a", "1:2", "after the key a")]
    [InlineData("a\nb=1", "1:2", "end of the line")]
    [InlineData("a [1]", "1:3", "'['")]
    [InlineData("a=", "1:3", "a value")]
    [InlineData("{a=}", "1:4", "a value")]
    [InlineData("x=1\na=,", "2:3", "a value")]
    [InlineData("a==1", "1:3", "'='")]
    [InlineData("a=\nb=1", "2:2", "'='")]
    [InlineData("=1", "1:1", "a key")]
    [InlineData("{[1]:2}", "1:2", "a key")]
    [InlineData("{{a:1}:2}", "1:2", "a key")]
    public void Incomplete_field_is_refused(string text, string at, string says) => Hocon.Refused(text, at, says);

    [Theory]
    [InlineData("[1,2,3,]", "[1,2,3]")]
    [InlineData("[1\n2\n3]", "[1,2,3]")]
    [InlineData("[1,\n2\n,\n\n3\n,\n]", "[1,2,3]")]
    [InlineData("a=1,b=2,", """{"a":1,"b":2}""")]
    [InlineData("{a=1\nb=2\n}", """{"a":1,"b":2}""")]
    [InlineData("{a={b=1}\n,c=2}", """{"a":{"b":1},"c":2}""")]
    public void Comma_may_be_a_new_line_or_trail(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("[1,2,3,,]", "1:8")]
    [InlineData("[,1]", "1:2")]
    [InlineData("[1,,2]", "1:4")]
    [InlineData("[,]", "1:2")]
    [InlineData("[1\n,\n,2]", "3:1")]
    [InlineData("{,a=1}", "1:2")]
    [InlineData("{a=1,,b=2}", "1:6")]
    [InlineData("a=1,,", "1:5")]
    [InlineData(",", "1:1")]
    public void Leading_or_double_comma_is_refused(string text, string at) => Hocon.Refused(text, at, "remove the comma");

    [Theory]
    [InlineData("{a={b=1} c=2}", "1:11")]
    [InlineData("{a=1 b=2}", "1:7")]
    [InlineData("[[1] [2], {} {} x]", "1:17")]
    public void Blank_does_not_separate(string text, string at) => Hocon.Refused(text, at, "");

    public static TheoryData<string> Blanks => new(
        " ", "\t", "\v", "\f", "\r", "\u001C", "\u001D", "\u001E", "\u001F", "\u00A0", "\u1680", "\u2000", "\u2007",
        "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", "\uFEFF");

    [Theory]
    [MemberData(nameof(Blanks))]
    public void Unicode_whitespace_is_whitespace(string blank) =>
        Hocon.Same("""{"a":[1,2]}""", $"{blank}a{blank}={blank}[{blank}1{blank},{blank}2{blank}]{blank}");

    [Fact]
    public void Only_line_feed_ends_a_line() => Hocon.Refused("a=[1\r2]\nb=[1\r\n2] c", "3:4", "one kind");

    [Fact]
    public void Windows_line_ends_leave_nothing_behind() => Hocon.Same("""{"a":"x y","b":2}""", "\uFEFFa = x y\r\nb = 2\r\n");
}
