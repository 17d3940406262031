namespace Lb.Hocon.Tests;

public sealed class PropertiesFileTests
{
    [Theory]
    [InlineData("a=1\nb = x y \nc:z\nd w", """{"a":"1","b":"x y ","c":"z","d":"w"}""")]
    [InlineData("# c\n! c\n\n  a=1", """{"a":"1"}""")]
    [InlineData("a.b.c=1\na.b.d=2", """{"a":{"b":{"c":"1","d":"2"}}}""")]
    [InlineData("a=hello\na.b=world", """{"a":{"b":"world"}}""")]
    [InlineData("a.b=world\na=hello", """{"a":{"b":"world"}}""")]
    [InlineData(".=x", """{"":{"":"x"}}""")]
    [InlineData("a.=x", """{"a":{"":"x"}}""")]
    [InlineData("a=b\\\n   c", """{"a":"bc"}""")]
    [InlineData("a=b\\\\\nc=d", """{"a":"b\\","c":"d"}""")]
    [InlineData("a\\=b=\\u0041\\t\\q", """{"a=b":"A\tq"}""")]
    [InlineData("a", """{"a":""}""")]
    [InlineData("a=${b}", """{"a":"${b}"}""")]
    [InlineData("a=1\r\nb=2\r\n", """{"a":"1","b":"2"}""")]
    [InlineData("a=1\na=2", """{"a":"2"}""")]
    public void Properties_become_objects_of_strings(string properties, string json) =>
        Hocon.Same(json, "include \"x.properties\"", Hocon.WithFiles(("/etc/lb/x.properties", properties)));

    [Fact]
    public void Malformed_escape_is_refused() => Assert.Equal(
        "/etc/lb/x.properties:2:1",
        Hocon.Errors("include \"x.properties\"", Hocon.WithFiles(("/etc/lb/x.properties", "a=1\nb=\\u12")))[0].Origin.ToString());
}
