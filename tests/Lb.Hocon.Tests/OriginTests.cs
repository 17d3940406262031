namespace Lb.Hocon.Tests;

/// <summary>Values and keys know where they were set; errors come all at once.</summary>
public sealed class OriginTests
{
    [Theory]
    [InlineData("a = 1", "1:1", "1:5")]
    [InlineData("\n  a : [1]", "2:3", "2:7")]
    [InlineData("a = 1\n a = 2", "2:2", "2:6")]
    [InlineData("a = 1\na = ${?no}", "1:1", "1:5")]
    [InlineData("a = ${b}\nb = 5", "1:1", "2:5")]
    [InlineData("a = x ${b}\nb = 5", "1:1", "1:5")]
    [InlineData("b = {a:1}\nb = ${c}\nc = {a:2}", "3:6", "3:8")]
    [InlineData("a += 1\na += 2", "2:1", "2:6")]
    [InlineData("\"a\" = \"\"\"x\n\"\"\"", "1:1", "1:7")]
    public void Key_and_value_have_their_own_origin(string text, string key, string value)
    {
        HoconObject root = Hocon.Resolve(text);
        if (!root.TryGetField("a", out HoconField field))
        {
            Assert.True(root.TryGet("b", out HoconValue? b));
            Assert.True(Assert.IsType<HoconObject>(b).TryGetField("a", out field));
        }

        Assert.Equal($"test.conf:{key}", field.KeyOrigin.ToString());
        Assert.Equal($"test.conf:{value}", field.Value.Origin.ToString());
    }

    [Fact]
    public void Errors_of_a_document_come_all_at_once()
    {
        IReadOnlyList<HoconError> errors = Hocon.Errors(
            """
            a = [1,,2]
            b = "x
            c { d = 1 e = 2, f = @ }
            ok = 1
            g..h = 1
            i = [ { j = }, 2 3:4, 5 ]
            """);
        Assert.Equal(["1:8", "2:5", "3:13", "3:22", "5:3", "6:13", "6:19"], errors.Select(e => $"{e.Origin.Line}:{e.Origin.Column}"));
    }

    [Fact]
    public void Errors_stop_at_the_limit()
    {
        string text = string.Concat(Enumerable.Repeat("a = @\n", 1000));
        Assert.Equal(50, Hocon.Errors(text).Count);
        Assert.Equal(50, Hocon.Errors(text.Replace("@", "${no}").Replace("a =", "a += ")).Count);
    }
}
