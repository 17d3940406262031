using Lb.Pbm.CommandLine;

namespace Lb.Pbm.Tests.CommandLine;

public sealed class LineWordsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("  \t ")]
    [InlineData("service list", "service", "list")]
    [InlineData("  service\t list  ", "service", "list")]
    [InlineData("a \"two words\" b", "a", "two words", "b")]
    [InlineData("a 'two \"words\"'", "a", "two \"words\"")]
    [InlineData("--why=\"a b\"c", "--why=a bc")]
    [InlineData("a \"\" b", "a", "", "b")]
    [InlineData("\"say \\\"x\\\" and \\\\\"", "say \"x\" and \\")]
    [InlineData("a\\b 'c\\d' \"e\\f\"", "a\\b", "c\\d", "e\\f")]
    public void Line_is_split_at_white_space_outside_of_quotes(string line, params string[] expected) =>
        Assert.Equal(expected, LineWords.Split(line));

    [Theory]
    [InlineData("a \"b c", "\"b c")]
    [InlineData("a b'", "b'")]
    [InlineData("\"x\\\"", "\"x\\\"")]
    public void Quote_that_is_not_closed_is_wrong_usage(string line, string shown)
    {
        PbmException exception = Assert.Throws<PbmException>(() => LineWords.Split(line));
        Assert.Equal(ExitCode.Usage, exception.ExitCode);
        Assert.Equal($"A quote in {shown} is not closed.", exception.Message);
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("two words", "\"two words\"")]
    [InlineData("it's", "\"it's\"")]
    [InlineData("a \"b\" \\c", "\"a \\\"b\\\" \\\\c\"")]
    public void Quoted_word_is_split_into_itself(string word, string quoted)
    {
        Assert.Equal(quoted, LineWords.Quote(word));
        Assert.Equal([word], LineWords.Split(quoted));
    }
}
