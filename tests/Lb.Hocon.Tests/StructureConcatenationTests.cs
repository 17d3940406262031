namespace Lb.Hocon.Tests;

/// <summary>Arrays beside arrays, objects beside objects.</summary>
public sealed class StructureConcatenationTests
{
    [Theory]
    [InlineData("a=[1,2] [3]", """{"a":[1,2,3]}""")]
    [InlineData("a=[1][2][3]", """{"a":[1,2,3]}""")]
    [InlineData("a={b:1} {c:2}", """{"a":{"b":1,"c":2}}""")]
    [InlineData("a={b:1}{b:2}", """{"a":{"b":2}}""")]
    [InlineData("a {b:1} {c:2}", """{"a":{"b":1,"c":2}}""")]
    [InlineData("[[1,2] [3,4]]", "[[1,2,3,4]]")]
    [InlineData("[[1,2]\n[3,4]]", "[[1,2],[3,4]]")]
    [InlineData("[1 2 3]", """["1 2 3"]""")]
    [InlineData("b=[1],a=${b} [2] ${b}", """{"b":[1],"a":[1,2,1]}""")]
    [InlineData("b={x:1,y:1},a=${b}{y:2}", """{"b":{"x":1,"y":1},"a":{"x":1,"y":2}}""")]
    [InlineData("b={x:1},a={y:2}${b}", """{"b":{"x":1},"a":{"y":2,"x":1}}""")]
    [InlineData("b={x:{p:1}},a=${b}{x:{q:2}}", """{"b":{"x":{"p":1}},"a":{"x":{"p":1,"q":2}}}""")]
    [InlineData("a=${?no}[1]", """{"a":[1]}""")]
    [InlineData("a=${?no} {x:1}", """{"a":{"x":1}}""")]
    [InlineData("b={\"0\":x,\"1\":y},a=${b}[z]", """{"b":{"0":"x","1":"y"},"a":["x","y","z"]}""")]
    [InlineData("b={\"1\":y,no:n,\"0\":x},a=[w]${b}", """{"b":{"1":"y","no":"n","0":"x"},"a":["w","x","y"]}""")]
    [InlineData("b={y:${a.x}},a=${b}{x:1}", """{"b":{"y":1},"a":{"y":1,"x":1}}""")]
    [InlineData("b={x:1},a=${b}{y:${a.x}}", """{"b":{"x":1},"a":{"x":1,"y":1}}""")]
    public void Values_of_one_kind_are_joined(string text, string json) => Hocon.Same(json, text);

    [Theory]
    [InlineData("a=[1] x", "1:7")]
    [InlineData("a=x [1]", "1:5")]
    [InlineData("a={b:1} 2", "1:9")]
    [InlineData("a=\"\" {}", "1:6")]
    [InlineData("a=[1] {b:1}", "1:7")]
    [InlineData("a={} [1]", "1:3")]
    [InlineData("b=[1]\na=x${b}", "2:3")]
    [InlineData("b={}\na=${b} x", "2:8")]
    [InlineData("b=5\na=${b}[1]", "2:3")]
    [InlineData("b=null\na=${b}{x:1}", "2:3")]
    [InlineData("b={x:1}\na=${b}[1]", "2:3")]
    [InlineData("b={\"-1\":1}\na=${b}[1]", "2:3")]
    public void Values_of_different_kinds_are_refused(string text, string at) =>
        Assert.NotEmpty(Hocon.Refused(text, at, "").Mend);
}
