using Lb.Pbm.Editing;

namespace Lb.Pbm.Tests.Editing;

public sealed class LineViewTests
{
    [Theory]
    [InlineData("", 0, "\r\u001b[J> \r\u001b[2C")]
    [InlineData("abc", 1, "\r\u001b[J> abc\r\u001b[3C")]
    [InlineData("日本", 1, "\r\u001b[J> 日本\r\u001b[4C")]
    // Ten columns are full: the cursor is told to the next row.
    [InlineData("12345678", 8, "\r\u001b[J> 12345678\r\n\r")]
    [InlineData("12345678", 7, "\r\u001b[J> 12345678\r\n\u001b[1A\r\u001b[9C")]
    [InlineData("123456789", 0, "\r\u001b[J> 123456789\u001b[1A\r\u001b[2C")]
    // A wide character does not fit into the last column.
    [InlineData("1234567日", 8, "\r\u001b[J> 1234567日\r\u001b[2C")]
    public void Cursor_is_put_where_the_next_character_goes(string text, int cursor, string drawn)
    {
        var view = new LineView("> ", "> ");
        Assert.Equal(drawn, view.Draw(new LineText(text, cursor), 10));
    }

    [Fact]
    public void Line_of_several_rows_is_drawn_from_its_first_row_again()
    {
        var view = new LineView("> ", "> ");
        view.Draw(LineText.Of("1234567890123456789"), 10);
        Assert.StartsWith("\u001b[2A\r\u001b[J> ", view.Draw(LineText.Of("x"), 10));
        Assert.StartsWith("\r\u001b[J> ", view.Draw(LineText.Of("y"), 10));
    }
}
