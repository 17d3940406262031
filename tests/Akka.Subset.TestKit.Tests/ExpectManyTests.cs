using Akka.TestKit.Tests.Support;
using Xunit;

namespace Akka.TestKit.Tests;

public sealed class ExpectManyTests : KitTest
{
    [Fact]
    public async Task Any_of_several_messages_passes()
    {
        Come("b", "c");

        Assert.Equal("b", ExpectMsgAnyOf(["a", "b"]));
        Assert.Equal("c", await ExpectMsgAnyOfAsync(["a", "c"]));
    }

    [Fact]
    public async Task None_of_them_fails_with_them_and_with_what_came()
    {
        Come("x", "y");

        Fails(() => ExpectMsgAnyOf(["a", "b"]), "[<a>, <b>]", "<x>");
        await FailsAsync(async () => await ExpectMsgAnyOfAsync(["a", "b"]), "[<a>, <b>]", "<y>");
    }

    [Fact]
    public async Task All_of_several_messages_pass_in_any_order()
    {
        Come("c", "a", "b", "d");

        Assert.Equal(["c", "a", "b"], ExpectMsgAllOf(["a", "b", "c"]));
        await foreach (var message in ExpectMsgAllOfAsync(["d"]))
        {
            Assert.Equal("d", message);
        }
    }

    [Fact]
    public void The_messages_can_be_listed_as_arguments()
    {
        Come(2, 1, "b", "a");

        Assert.Equal([2, 1], ExpectMsgAllOf(1, 2));
        Assert.Equal(["b", "a"], ExpectMsgAllOf(TimeSpan.FromSeconds(30), "a", "b"));
    }

    [Fact]
    public void A_missing_message_fails_with_it_and_with_what_came_instead()
    {
        Come("a", "x");

        Fails(() => ExpectMsgAllOf(["a", "b"]), "[<b>]", "[<x>]");
    }

    [Fact]
    public void An_equal_message_counts_once_for_each_time_it_came()
    {
        Come("a", "a");
        ExpectMsgAllOf(["a", "a"]);
        Come("a");

        Fails(() => ExpectMsgAllOf(Short, ["a", "a"]), "there did not come [<a>]");
    }
}
