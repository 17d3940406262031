namespace Lb.Hocon.Tests;

public sealed class SelfReferenceTests
{
    [Theory]
    [InlineData("a=[1]\na=${a}[2]", """{"a":[1,2]}""")]
    [InlineData("path=\"a:b\"\npath=${path}\":c\"", """{"path":"a:b:c"}""")]
    [InlineData("foo={a:1}\nfoo=${foo}", """{"foo":{"a":1}}""")]
    [InlineData("foo={a:{c:1}}\nfoo=${foo.a}\nfoo={a:2}", """{"foo":{"a":2,"c":1}}""")]
    [InlineData("a=${?a}foo", """{"a":"foo"}""")]
    [InlineData("a=${?a}", "{}")]
    [InlineData("bar={foo:42,baz:${bar.foo}}\nbar={foo:43}", """{"bar":{"foo":43,"baz":43}}""")]
    [InlineData("bar={a:${foo.d},b:1}\nbar.b=3\nfoo={c:${bar.b},d:2}\nfoo.d=4", """{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""")]
    [InlineData("a={b:${?a}}", """{"a":{}}""")]
    public void Self_reference_looks_back(string text, string json) => Hocon.Same(json, text);
}
