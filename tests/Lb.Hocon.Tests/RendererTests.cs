namespace Lb.Hocon.Tests;

public sealed class RendererTests
{
    [Fact]
    public void Indented_text_has_one_item_a_line() => Assert.Equal(
        """
        {
          "a": [
            1,
            "x"
          ],
          "b": {},
          "c": []
        }
        """,
        HoconRenderer.ToJson(Hocon.Resolve("a=[1,x],b={},c=[]"), indented: true));

    [Theory]
    [InlineData("\"\\\n\r\t\u0001\u2028\uFEFF", """
        "\"\\\n\r\t\u0001\u2028\uFEFF"
        """)]
    [InlineData("\uD83D\uDE00é", "\"\uD83D\uDE00é\"")]
    public void Text_is_escaped_where_it_must_be(string text, string json)
    {
        Assert.Equal(json, HoconRenderer.ToJson(new HoconString(text)));
        Assert.Equal(new HoconArray([new HoconString(text)]), Hocon.Parse($"[{json}]").ResolveValue());
    }

    [Fact]
    public void Lone_surrogate_is_escaped()
    {
        var lone = new HoconString("\uD83Dx\uDE00");
        Assert.Equal("\"\\uD83Dx\\uDE00\"", HoconRenderer.ToJson(lone));
        Assert.Equal(new HoconArray([lone]), Hocon.Parse($"[{lone}]").ResolveValue());
    }
}
