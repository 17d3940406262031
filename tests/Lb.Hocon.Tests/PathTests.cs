namespace Lb.Hocon.Tests;

public sealed class PathTests
{
    [Theory]
    [InlineData("a.b.c=1", """{"a":{"b":{"c":1}}}""")]
    [InlineData("10.0foo=1", """{"10":{"0foo":1}}""")]
    [InlineData("foo10.0=1", """{"foo10":{"0":1}}""")]
    [InlineData("foo\"10.0\"=1", """{"foo10.0":1}""")]
    [InlineData("1.2.3=1", """{"1":{"2":{"3":1}}}""")]
    [InlineData("3.14=1", """{"3":{"14":1}}""")]
    [InlineData("3=1", """{"3":1}""")]
    [InlineData("true=1,null=2", """{"true":1,"null":2}""")]
    [InlineData("a b c=1", """{"a b c":1}""")]
    [InlineData(" a = 1", """{"a":1}""")]
    [InlineData("a.\"\".b=1", """{"a":{"":{"b":1}}}""")]
    [InlineData("\"\"=1", """{"":1}""")]
    [InlineData("a.\"b.c\".d=1", """{"a":{"b.c":{"d":1}}}""")]
    [InlineData("\"a.b\"=1", """{"a.b":1}""")]
    [InlineData("-a-=1", """{"-a-":1}""")]
    [InlineData("foo include=1", """{"foo include":1}""")]
    [InlineData("\"include\"=1", """{"include":1}""")]
    [InlineData("includes=1,include.x=2", """{"includes":1,"include":{"x":2}}""")]
    public void Key_is_a_path(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("x=1\na..b=1", "2:3")]
    [InlineData(".a=1", "1:1")]
    [InlineData("a.=1", "1:3")]
    [InlineData(".=1", "1:1")]
    [InlineData("a=${x..y}", "1:7")]
    [InlineData("a=${.x}", "1:5")]
    [InlineData("a=${x.}", "1:7")]
    public void Empty_element_is_refused(string text, string at) => Hocon.Refused(text, at, "empty path element");

    [Theory]
    [InlineData("a${b}=1\nb=2", "1:2", "substitutions stand in values only")]
    [InlineData("a*=1", "1:2", "'*'")]
    [InlineData("a?=1", "1:2", "'?'")]
    public void Key_refuses_what_no_path_has(string text, string at, string says) => Hocon.Refused(text, at, says);

    [Theory]
    [InlineData("a.b", "a.b")]
    [InlineData("a.\"b.c\".\"\"", "a.\"b.c\".\"\"")]
    [InlineData("\"a\".\"1 2\"", "a.\"1 2\"")]
    public void Path_renders_so_that_it_parses_to_itself(string text, string rendered)
    {
        HoconPath path = HoconPath.Parse(text);
        Assert.Equal(rendered, path.ToString());
        Assert.Equal(path.Elements, HoconPath.Parse(rendered).Elements);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a=b")]
    [InlineData("${a}")]
    [InlineData("\"a")]
    public void Malformed_path_is_refused(string text) => Assert.Throws<HoconException>(() => HoconPath.Parse(text));

    [Fact]
    public void Lookup_follows_a_path_of_any_elements()
    {
        HoconObject root = Hocon.Resolve("a { \"b.c\" { d = 1 } }");
        Assert.True(root.TryGet("a.\"b.c\".d", out HoconValue? value));
        Assert.Equal(new HoconNumber("1"), value);
        Assert.False(root.TryGet("a.b.c.d", out _));
        Assert.False(root.TryGet("A", out _));
        Assert.False(root.TryGet("a.\"b.c\".d.e", out _));
    }
}
