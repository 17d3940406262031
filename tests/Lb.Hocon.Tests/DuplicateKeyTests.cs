namespace Lb.Hocon.Tests;

public sealed class DuplicateKeyTests
{
    [Theory]
    [InlineData("a=1\na=2", """{"a":2}""")]
    [InlineData("a={x:1}\na={y:2}", """{"a":{"x":1,"y":2}}""")]
    [InlineData("a={x:1,z:{p:1}}\na={x:2,z:{q:2}}", """{"a":{"x":2,"z":{"p":1,"q":2}}}""")]
    [InlineData("a={x:1}\na=null\na={y:2}", """{"a":{"y":2}}""")]
    [InlineData("a={x:1}\na=5\na={y:2}", """{"a":{"y":2}}""")]
    [InlineData("a={x:1}\na=[1]\na={y:2}", """{"a":{"y":2}}""")]
    [InlineData("a=[1]\na=[2]", """{"a":[2]}""")]
    [InlineData("a={x:1}\nb=7\na=${b}\na={y:2}", """{"a":{"y":2},"b":7}""")]
    [InlineData("a={x:1}\nb={z:3}\na=${b}\na={y:2}", """{"a":{"x":1,"z":3,"y":2},"b":{"z":3}}""")]
    [InlineData("a.x=1\na.y=2", """{"a":{"x":1,"y":2}}""")]
    [InlineData("a=1\na.y=2", """{"a":{"y":2}}""")]
    [InlineData("a.y=2\na=1", """{"a":1}""")]
    [InlineData("a=1\nA=2", """{"a":1,"A":2}""")]
    public void Later_wins_and_objects_merge(string text, string json) => Hocon.Same(json, text);

    [Fact]
    public void Keys_keep_the_order_of_first_mention() =>
        Assert.Equal("""{"c":4,"a":2,"b":{"y":1,"x":3}}""", Hocon.Json("c=1,a=2,b.y=1,b.x=3,c=4"));
}
