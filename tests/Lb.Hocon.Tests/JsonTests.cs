namespace Lb.Hocon.Tests;

public sealed class JsonTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"a":1,"b":[true,false,null],"c":{"d":"x"}}""")]
    [InlineData("""[-0,0.5,1e5,-1.25E-3,1E+2,123456789012345678901234567890]""")]
    [InlineData("""{"":1,"a.b":2,"${x}":"${y}","//":"#"}""")]
    [InlineData("""["\" \\ \/ \b \f \n \r \t \u00e9 \ud83d\ude00"]""")]
    [InlineData("{\"a\"\n:\n1\r\n,\t\"b\"\n:{\n}}")]
    public void Json_keeps_its_meaning(string json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);
        JsonModel.AssertSame(document.RootElement, Hocon.Parse(json).ResolveValue());
    }

    [Theory]
    [InlineData("a=\"x\ny\"", "1:3", "closing quote")]
    [InlineData("b=1\na=\"x", "2:3", "closing quote")]
    [InlineData("a=\"x\\qy\"", "1:5", "\\q")]
    [InlineData("a=\"\\u12G4\"", "1:4", "\\u")]
    [InlineData("a=\"tab\there\"", "1:7", "U+0009")]
    [InlineData("a=\"\"\"x\n\n", "1:3", "\"\"\"")]
    public void Malformed_quoted_string_is_refused(string text, string at, string says) => Hocon.Refused(text, at, says);

    [Theory]
    [InlineData("a=1.5", "1.5")]
    [InlineData("a=-7", "-7")]
    [InlineData("a=1E+2", "1E+2")]
    public void Number_is_kept_as_written(string text, string written) =>
        Assert.Equal(written, Assert.IsType<HoconNumber>(Hocon.At(text, "a")).Text);

    [Theory]
    [InlineData("a=007", "007")]
    [InlineData("a=1.2.3", "1.2.3")]
    [InlineData("a=10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("a=-", "-")]
    [InlineData("a=-x", "-x")]
    [InlineData("a=1e", "1e")]
    [InlineData("a=2001-db8", "2001-db8")]
    public void Text_that_only_starts_like_a_number_is_a_string(string text, string value) =>
        Assert.Equal(value, Assert.IsType<HoconString>(Hocon.At(text, "a")).Value);
}
