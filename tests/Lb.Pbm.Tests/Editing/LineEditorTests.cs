using Lb.Pbm.Editing;

namespace Lb.Pbm.Tests.Editing;

public sealed class LineEditorTests
{
    [Theory]
    [InlineData("", "|")]
    [InlineData("abc", "abc|")]
    [InlineData("abc<Left><Left>x", "ax|bc")]
    [InlineData("abc<Home>x<End>y", "xabcy|")]
    [InlineData("abc<Left><Backspace>", "a|c")]
    [InlineData("abc<Home><Delete>", "|bc")]
    [InlineData("abc<Home><DeleteOrLeave>", "|bc")]
    [InlineData("abc<Backspace><Backspace><Backspace><Backspace>", "|")]
    [InlineData("abc<Right>d", "abcd|")]
    [InlineData("ab<Home><Left>x", "x|ab")]
    [InlineData("one two<WordLeft>x<WordLeft><WordLeft>y", "y|one xtwo")]
    [InlineData("one two<Home><WordRight>x<WordRight>y", "onex twoy|")]
    [InlineData("one two<CutWord>", "one |")]
    [InlineData("one two <CutWord><Home><Paste>", "two |one ")]
    [InlineData("one two<WordLeft><CutToStart>", "|two")]
    [InlineData("one two<WordLeft><CutToEnd><Home><Paste>", "two|one ")]
    [InlineData("a<CutToEnd><CutToStart><CutToEnd><Paste>", "a|")]
    [InlineData("a😀b<Left><Left>x", "ax|😀b")]
    [InlineData("a😀<Backspace>", "a|")]
    [InlineData("e\u0301<Backspace>", "|")]
    [InlineData("abc<None>", "abc|")]
    public void Keys_edit_the_line(string keys, string shown) => Assert.Equal(shown, new Typist().Type(keys).Shown);

    [Fact]
    public void Ctrl_D_leaves_only_an_empty_line()
    {
        Assert.Equal(EditOutcome.Edited, new Typist().Type("x<DeleteOrLeave>").Last);
        Assert.Equal(EditOutcome.Left, new Typist().Type("<DeleteOrLeave>").Last);
    }

    [Theory]
    [InlineData("<Older>", "two|")]
    [InlineData("<Older><Older>", "one|")]
    [InlineData("<Older><Older><Older>", "one|")]
    [InlineData("<Older><Older><Newer>", "two|")]
    [InlineData("dra<Older><Newer>", "dra|")]
    [InlineData("dra<Older><Older><Newer><Newer><Newer>", "dra|")]
    [InlineData("<Older>x<Older><Newer>", "two|")]
    [InlineData("<Newer>", "|")]
    public void Older_lines_come_back_and_the_draft_is_kept(string keys, string shown) =>
        Assert.Equal(shown, new Typist().Type("one<Accept>two<Accept>").Type(keys).Shown);

    [Fact]
    public void Line_that_was_given_up_is_not_remembered() =>
        Assert.Equal("one|", new Typist().Type("one<Accept>two<Abandon><Older>").Shown);

    [Theory]
    [InlineData("ser<Complete>", "service |")]
    [InlineData("service sh<Complete>", "service show |")]
    [InlineData("service show w<Complete>", "service show web |")]
    [InlineData("service show t<Complete>", "service show \"two words\" |")]
    [InlineData("service show \"tw<Complete>", "service show \"two words\" |")]
    [InlineData("service show web --f<Complete>", "service show web --force |")]
    [InlineData("service show web -w<Complete>", "service show web -why |")]
    [InlineData("service show web --o<Complete>", "service show web --output |")]
    [InlineData("service show web --output j<Complete>", "service show web --output json |")]
    [InlineData("doctor --output b<Complete>", "doctor --output brief |")]
    [InlineData("doctor run --output=f<Complete>", "doctor run --output=full |")]
    [InlineData("help ser<Complete>sh<Complete>", "help service show |")]
    [InlineData("backend weight web b1 1 --reason x --re<Complete>", "backend weight web b1 1 --reason x --re|")]
    [InlineData("nothing <Complete>", "nothing |")]
    [InlineData("service show nothing<Complete>", "service show nothing|")]
    [InlineData("ser web<Home><Right><Right><Right><Complete>x", "service x|web")]
    public void Single_match_is_typed(string keys, string shown) => Assert.Equal(shown, new Typist().Type(keys).Shown);

    [Theory]
    [InlineData("<Complete>", "|", "service,backend,doctor,help,exit,quit")]
    [InlineData("service <Complete>", "service |", "list,show,remove,help")]
    [InlineData("service show <Complete>", "service show |", "web,mail,two words")]
    [InlineData("service show --depth <Complete>", "service show --depth |", "1,2,4")]
    [InlineData("service show web --force <Complete>", "service show web --force --|",
        "--why,--depth,--tag,--output,--watch,--timeout")]
    [InlineData("backend weight web <Complete>", "backend weight web b|", "b1,b2")]
    public void Several_matches_are_begun_and_listed(string keys, string shown, string candidates)
    {
        Typist typist = new Typist().Type(keys);
        Assert.Equal((EditOutcome.Listed, shown), (typist.Last, typist.Shown));
        Assert.Equal(candidates.Split(','), typist.Candidates);
    }
}
