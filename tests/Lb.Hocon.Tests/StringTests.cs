namespace Lb.Hocon.Tests;

/// <summary>Unquoted, triple-quoted and concatenated strings.</summary>
public sealed class StringTests
{
    private const string Triple = "\"\"\"";

    [Theory]
    [InlineData("a=foo", "foo")]
    [InlineData("a=foo-bar_baz.qux/quux", "foo-bar_baz.qux/quux")]
    [InlineData("a=truefoo", "truefoo")]
    [InlineData("a=footrue", "footrue")]
    [InlineData("a=nullify", "nullify")]
    [InlineData("a=10.0bar", "10.0bar")]
    [InlineData("a=bar10.0", "bar10.0")]
    [InlineData("a=5s", "5s")]
    [InlineData("a=a;b|c(d)<e>~f'g%", "a;b|c(d)<e>~f'g%")]
    [InlineData("a=é ü 漢", "é ü 漢")]
    [InlineData("a=x\u0001y", "x\u0001y")]
    [InlineData("a=c/d", "c/d")]
    [InlineData("a=include", "include")]
    public void Unquoted_text_is_taken_literally(string text, string value) =>
        Assert.Equal(new HoconString(value), Hocon.At(text, "a"));

    [Theory]
    [InlineData("$")]
    [InlineData("+")]
    [InlineData("`")]
    [InlineData("^")]
    [InlineData("?")]
    [InlineData("!")]
    [InlineData("@")]
    [InlineData("*")]
    [InlineData("&")]
    [InlineData("\\")]
    [InlineData(":")]
    [InlineData("=")]
    public void Forbidden_character_needs_quotes(string c)
    {
        Hocon.Refused($"ok = 1\na = x{c}y", "2:6", $"'{c}'");
        Assert.Equal(new HoconString($"x{c}y"), Hocon.At($"a = x\"{c.Replace("\\", "\\\\")}\"y", "a"));
    }

    [Theory]
    [InlineData("a=" + Triple + Triple, "")]
    [InlineData("a=" + Triple + "x" + Triple, "x")]
    [InlineData("a=" + Triple + "x\n  y\n" + Triple, "x\n  y\n")]
    [InlineData("a=" + Triple + "\\n ${x} \"q\" #" + Triple, "\\n ${x} \"q\" #")]
    [InlineData("a=" + Triple + "x\"" + Triple, "x\"")]
    [InlineData("a=" + Triple + "\"\"x\"\"" + Triple, "\"\"x\"\"")]
    [InlineData("a=" + Triple + "x" + Triple + " " + Triple + "y" + Triple, "x y")]
    public void Triple_quoted_text_is_taken_as_it_is(string text, string value) =>
        Assert.Equal(new HoconString(value), Hocon.At(text, "a"));

    [Fact]
    public void Lines_inside_triple_quotes_are_counted() =>
        Hocon.Refused($"a={Triple}1\n2\n3{Triple} x\nb=@", "4:3", "'@'");

    [Theory]
    [InlineData("a= foo bar  baz ", "foo bar  baz")]
    [InlineData("a=foo\tbar # c", "foo\tbar")]
    [InlineData("a=1 2", "1 2")]
    [InlineData("a=true false null", "true false null")]
    [InlineData("a=1.50 x", "1.50 x")]
    [InlineData("a=\"x \" y", "x  y")]
    [InlineData("a=\"x\"\"y\"z", "xyz")]
    [InlineData("a=\" x \"", " x ")]
    [InlineData("a=\"\" b", " b")]
    [InlineData("b=1.0,a=x${b}y", "x1.0y")]
    [InlineData("b=true,a=${b} ${b}", "true true")]
    [InlineData("b=null,a=x${b}", "xnull")]
    [InlineData("a=x ${?no} y", "x  y")]
    [InlineData("a=${?no}y", "y")]
    public void Simple_values_side_by_side_become_one_string(string text, string value) =>
        Assert.Equal(new HoconString(value), Hocon.At(text, "a"));

    [Theory]
    [InlineData("a=true", typeof(HoconBoolean))]
    [InlineData("a= null ", typeof(HoconNull))]
    [InlineData("a=3", typeof(HoconNumber))]
    [InlineData("a=\"3\"", typeof(HoconString))]
    [InlineData("b=3,a=${b}", typeof(HoconNumber))]
    public void Single_value_keeps_its_type(string text, Type type) => Assert.IsType(type, Hocon.At(text, "a"));
}
