namespace Lb.Kernel.Tests;

public sealed class CpuListTests
{
    [Theory]
    [InlineData("0", new[] { 0 })]
    [InlineData("0-3,6", new[] { 0, 1, 2, 3, 6 })]
    [InlineData("6, 1-2,2", new[] { 1, 2, 6 })]
    public void List_is_read(string text, int[] cpus) => Assert.Equal(cpus, CpuList.Parse(text)!);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("3-1")]
    [InlineData("1-2-3")]
    [InlineData("1,,2")]
    [InlineData("-1")]
    [InlineData("8192")]
    [InlineData("0-4294967295")]
    public void What_is_no_list_is_not_read(string text) => Assert.Null(CpuList.Parse(text));

    [Theory]
    [InlineData("0")]
    [InlineData("0-3,6")]
    [InlineData("1,3,5-6")]
    public void List_is_written_as_it_was_read(string text) => Assert.Equal(text, CpuList.Format(CpuList.Parse(text)!));

    [Fact]
    public void Wish_is_for_those_that_are_online()
    {
        Assert.Equal([1, 3], SpreadWish.Over([3, 1, 7]).Among([0, 1, 2, 3]).AsEnumerable());
        Assert.Equal([0, 1], SpreadWish.OverAll.Among([1, 0]).AsEnumerable());
        Assert.Empty(SpreadWish.None.Among([0, 1]));
    }

    [Fact]
    public void Wishes_for_the_same_are_equal_and_a_queue_of_nobody_is_no_difference()
    {
        Assert.Equal(SpreadWish.Over([1, 2]), SpreadWish.Over([2, 1]));
        Assert.NotEqual(SpreadWish.Over([1]), SpreadWish.Over([1]) with { Queue = 64 });
        Assert.Equal(SpreadWish.None, SpreadWish.None with { Queue = 64 });
        Assert.NotEqual(SpreadWish.None, SpreadWish.OverAll);
    }

    [Fact]
    public void Lost_is_what_is_missing_beyond_all_queues()
    {
        var wish = SpreadWish.Over([0, 1]) with { Queue = 100 };
        var use = new SpreadUse(wish, [new(0, true, 5, 1000, 900), new(1, true, 5, 1000, 800)]) { Sources = 2 };
        Assert.Equal(300, use.Missing);
        Assert.Equal(300 - (2 * (100 + 16)), use.Lost);
        Assert.Equal(0, (use with { Wish = wish with { Queue = 2048 } }).Lost);
    }
}
